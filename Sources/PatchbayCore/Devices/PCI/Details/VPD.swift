/// Vital product data: what the maker wrote into the card.
///
/// Source: PCI Local Bus Specification 3.0, appendix I.
package struct VPD: Hashable, Sendable {
    /// The identifier string: what the maker calls the card.
    package var name: String?
    /// Keyword SN.
    package var serial: String?
    /// Keyword PN.
    package var partNumber: String?
    /// It ended with the end tag; no field reached beyond its resource.
    package var isSound = false

    /// Reads as far as the tags make sense; what was read before the first mistake counts.
    package init(_ bytes: [UInt8]) {
        var at = 0
        while at < bytes.count {
            let tag = bytes[at]
            guard tag & 0x80 != 0 else {
                // Small resources: only the end tag, 0x78, is defined.
                isSound = tag & 0x78 == 0x78
                return
            }
            guard at + 3 <= bytes.count else { return }
            let start = at + 3
            let end = start + Int(bytes[at + 1]) + Int(bytes[at + 2]) << 8
            let content = bytes[start..<min(end, bytes.count)]
            switch tag {
            case 0x82: name = Self.text(content)
            case 0x90: guard readFields(content) else { return }
            case 0x91: break
            default: return
            }
            at = end
        }
    }

    /// - Returns: false when a field is longer than what holds it.
    private mutating func readFields(_ content: ArraySlice<UInt8>) -> Bool {
        var at = content.startIndex
        while at + 3 <= content.endIndex {
            let end = at + 3 + Int(content[at + 2])
            guard end <= content.endIndex else { return false }
            let value = content[(at + 3)..<end]
            switch (content[at], content[at + 1]) {
            case (0x53, 0x4e): serial = serial ?? Self.text(value)
            case (0x50, 0x4e): partNumber = partNumber ?? Self.text(value)
            default: break
            }
            at = end
        }
        return true
    }

    /// Printable ASCII without blanks and NULs around it. nil: something else, or nothing.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        let isFiller = { (byte: UInt8) in byte == 0x20 || byte == 0 }
        guard let first = bytes.firstIndex(where: { !isFiller($0) }),
            let last = bytes.lastIndex(where: { !isFiller($0) })
        else { return nil }
        let text = bytes[first...last]
        return text.allSatisfy { (0x20...0x7e).contains($0) } ? String(decoding: text, as: UTF8.self) : nil
    }
}
