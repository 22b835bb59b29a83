import PatchbayCore

/// How text is written in YAML, keys of mappings included, so that every reader reads the same text again.
package enum YAMLScalar {
    /// Plain where no reader could take it for something else, as `no` for false; else in double quotes.
    package static func text(_ text: String) -> String {
        isPlain(text) ? text : "\"" + text.unicodeScalars.map(escaped).joined() + "\""
    }

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x41...0x5a).contains(first) || (0x61...0x7a).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && !text.contains(": ") && !text.contains(" #")
            && text.utf8.last != 0x20 && text.utf8.last != 0x3a && !notText.contains(text.lowercased())
    }

    /// Words that YAML 1.1 or 1.2 reads as something other than text.
    private static let notText: Set<String> = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x22, 0x5c: "\\" + String(scalar)
        case 0..<0x20, 0x7f..<0xa0: "\\x" + scalar.value.hex(2)
        case 0x2028...0x202e, 0x2066...0x2069, 0xfeff, 0xfffe, 0xffff: "\\u" + scalar.value.hex(4)
        default: String(scalar)
        }
    }
}
