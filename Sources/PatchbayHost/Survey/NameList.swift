import CPatchbayHost

/// The lines of `pci.ids` and `usb.ids`: tens of thousands, of which a host needs some dozens.
enum NameList {
    /// Every line that is neither empty nor a comment, of the first of `paths` that can be read, in one pass over the
    /// mapped file.
    static func forEachLine(of paths: [String], _ body: (Span<UInt8>, Range<Int>) -> Void) {
        for path in paths {
            var length = 0
            guard let memory = ReadingTrouble.looking(at: path, { pb_map_file(path, &length) }) else { continue }
            scan(UnsafeRawBufferPointer(start: memory, count: length), body)
            pb_unmap(memory, length)
            return
        }
    }

    private static func scan(_ file: UnsafeRawBufferPointer, _ body: (Span<UInt8>, Range<Int>) -> Void) {
        let bytes = file.bindMemory(to: UInt8.self).span
        var start = 0
        while start < bytes.count {
            let end = pb_find_byte(file.baseAddress, start, file.count, 0x0a)
            if end > start, bytes[start] != 0x23 { body(bytes, start..<end) }
            start = end + 1
        }
    }

    /// Four hexadecimal digits at `start` with a name behind them. nil: something else, or the line is too short.
    static func id(_ bytes: Span<UInt8>, _ start: Int, in line: Range<Int>) -> UInt16? {
        guard line.upperBound > start + 6 else { return nil }
        return KernelText.hex(bytes, start..<(start + 4)).flatMap { UInt16(exactly: $0) }
    }

    /// What follows an id and two blanks.
    /// - Parameter tabs: how many tabs are before the id.
    static func name(_ bytes: Span<UInt8>, _ line: Range<Int>, after tabs: Int) -> String {
        KernelText.string(bytes, (line.lowerBound + tabs + 6)..<line.upperBound)
    }
}
