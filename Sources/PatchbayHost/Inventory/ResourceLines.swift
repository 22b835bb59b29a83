import PatchbayCore

/// The base address registers in the text of `resource`: a line each, `start end flags` in hexadecimal.
///
/// Lines 0 to 5 are the BARs, 6 is the expansion ROM; what follows (SR-IOV BARs, bridge windows) is not the function's
/// own. Flags are those of `include/linux/ioport.h`: 0x100 I/O, 0x200 memory, 0x2000 prefetchable, 0x100000 64-bit.
enum ResourceLines {
    static func bars(_ bytes: Span<UInt8>) -> [BAR] {
        var bars: [BAR] = []
        var at = 0
        for index in 0...6 {
            guard at < bytes.count else { break }
            if let bar = bar(index, bytes, &at) { bars.append(bar) }
        }
        return bars
    }

    /// Moves `at` behind the line. nil: the register is not there, or the line is none of the kernel's.
    private static func bar(_ index: Int, _ bytes: Span<UInt8>, _ at: inout Int) -> BAR? {
        let start = word(bytes, &at)
        let end = word(bytes, &at)
        let flags = word(bytes, &at)
        while at < bytes.count, bytes[at] != 0x0a { at += 1 }
        at += 1
        guard let start, let end, let flags, end > 0, end >= start, flags & 0x300 != 0 else { return nil }
        let (size, isWhole) = (end - start).addingReportingOverflow(1)
        guard !isWhole else { return nil }
        let kind: BAR.Kind = flags & 0x100 != 0 ? .io : flags & 0x10_0000 != 0 ? .memory64 : .memory32
        return BAR(index: index, start: start, size: size, kind: kind, isPrefetchable: flags & 0x2000 != 0)
    }

    private static func word(_ bytes: Span<UInt8>, _ at: inout Int) -> UInt64? {
        while at < bytes.count, bytes[at] == 0x20 { at += 1 }
        let start = at
        while at < bytes.count, bytes[at] != 0x20, bytes[at] != 0x0a { at += 1 }
        return KernelText.hex(bytes, start..<at)
    }
}
