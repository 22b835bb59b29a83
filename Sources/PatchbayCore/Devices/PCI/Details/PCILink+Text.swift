extension PCILink {
    /// `16.0 GT/s PCIe`, or `2.5 GT/s` before Linux 5.7, in hundredths of GT/s. nil: `Unknown`, or no such text.
    package static func speed(_ text: String) -> Int? {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count >= 2, words[1] == "GT/s" else { return nil }
        let parts = words[0].split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = Int(parts[0]), (0...10_000).contains(whole), parts.count <= 2 else { return nil }
        guard parts.count == 2 else { return whole > 0 ? whole * 100 : nil }
        guard let tenths = Int(parts[1].prefix(2)), tenths >= 0 else { return nil }
        let speed = whole * 100 + (parts[1].count == 1 ? tenths * 10 : tenths)
        return speed > 0 ? speed : nil
    }

    /// `16`. nil: 0 (no link), 255 (what the kernel prints for a width it does not know), or no number.
    package static func width(_ text: String) -> Int? { Int(text).flatMap { (1...32).contains($0) ? $0 : nil } }
}
