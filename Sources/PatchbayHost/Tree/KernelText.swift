import PatchbayCore

/// Numbers and words in the text of kernel attributes, read from the bytes without making strings.
///
/// A function that returns nil met something the kernel does not write: nothing is guessed.
enum KernelText {
    /// The part of `bytes` before the line end.
    static func firstLine(_ bytes: Span<UInt8>) -> Range<Int> {
        var end = 0
        while end < bytes.count, bytes[end] != 0x0a { end += 1 }
        return 0..<end
    }

    /// Hexadecimal with or without `0x`, at most 16 digits, nothing else in `range`.
    static func hex(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        var at = range.lowerBound
        if range.count > 2, bytes[at] == 0x30, bytes[at + 1] | 0x20 == 0x78 { at += 2 }
        guard at < range.upperBound, range.upperBound - at <= 16 else { return nil }
        var value: UInt64 = 0
        while at < range.upperBound {
            guard let digit = digit(bytes[at]) else { return nil }
            value = value << 4 | UInt64(digit)
            at += 1
        }
        return value
    }

    static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x61 + 10
        case 0x41...0x46: byte - 0x41 + 10
        default: nil
        }
    }

    /// Decimal with an optional minus sign, at most 18 digits, nothing else in `range`.
    static func decimal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var at = range.lowerBound
        let isNegative = at < range.upperBound && bytes[at] == 0x2d
        if isNegative { at += 1 }
        guard at < range.upperBound, range.upperBound - at <= 18 else { return nil }
        var value = 0
        while at < range.upperBound {
            guard (0x30...0x39).contains(bytes[at]) else { return nil }
            value = value * 10 + Int(bytes[at] - 0x30)
            at += 1
        }
        return isNegative ? -value : value
    }

    /// Where the part behind the last slash begins.
    static func lastComponent(_ bytes: Span<UInt8>) -> Range<Int> {
        var start = bytes.count
        while start > 0, bytes[start - 1] != 0x2f { start -= 1 }
        return start..<bytes.count
    }

    static func string(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        bytes.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// `DDDD:BB:SS.F` with a domain of four to eight digits, as the kernel names directories. nil for anything else.
    static func address(_ bytes: Span<UInt8>, _ range: Range<Int>) -> PCIAddress? {
        let end = range.upperBound
        let tail = end - 7
        guard (12...16).contains(range.count), bytes[tail - 1] == 0x3a, bytes[tail + 2] == 0x3a,
            bytes[tail + 5] == 0x2e, let domain = bareHex(bytes, range.lowerBound..<(tail - 1)),
            let bus = bareHex(bytes, tail..<(tail + 2)), let slot = bareHex(bytes, (tail + 3)..<(tail + 5)),
            let function = bareHex(bytes, (tail + 6)..<(tail + 7))
        else { return nil }
        return PCIAddress(
            domain: UInt32(truncatingIfNeeded: domain), bus: UInt8(truncatingIfNeeded: bus),
            slot: UInt8(truncatingIfNeeded: slot), function: UInt8(truncatingIfNeeded: function))
    }

    private static func bareHex(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        var value: UInt64 = 0
        for at in range {
            guard !(0x41...0x46).contains(bytes[at]), let digit = digit(bytes[at]) else { return nil }
            value = value << 4 | UInt64(digit)
        }
        return range.isEmpty ? nil : value
    }

    /// A CPU list as the kernel prints it: `0-3,8,10-11`. nil when it is malformed or names a CPU above 65535.
    static func cpuList(_ text: some StringProtocol) -> Set<Int>? {
        var cpus: Set<Int> = []
        for part in text.trimmingBlanks.split(separator: ",") {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard let first = ends[0], ends.count <= 2, let last = ends.count == 2 ? ends[1] : first, first >= 0,
                first <= last, last <= 0xffff
            else { return nil }
            cpus.formUnion(first...last)
        }
        return cpus
    }
}
