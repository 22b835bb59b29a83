extension ReservedRegion {
    /// Reads the text of a group's `reserved_regions`: `0x00000000fee00000 0x00000000feefffff msi`, one region a line.
    /// Lines of kinds that are not known here are left out, as are lines that are no such line.
    ///
    /// Source: `Documentation/ABI/testing/sysfs-kernel-iommu_groups`.
    package static func lines(_ text: String) -> [ReservedRegion] { text.split(separator: "\n").compactMap(line) }

    private static func line(_ line: Substring) -> ReservedRegion? {
        let words = line.split(separator: " ")
        guard words.count == 3, let kind = Kind(rawValue: String(words[2])), let start = address(words[0]),
            let end = address(words[1]), start <= end
        else { return nil }
        return ReservedRegion(start: start, end: end, kind: kind)
    }

    private static func address(_ word: Substring) -> UInt64? {
        UInt64(word.hasPrefix("0x") ? word.dropFirst(2) : word, radix: 16)
    }

    /// `0xfee00000-0xfeefffff`
    package var range: String { "0x\(start.hex(8))-0x\(end.hex(8))" }
}
