/// How Nova reads words: numbers and truth values in text.
package enum NovaText {
    /// Hexadecimal digits in either case, `0x` in front if one likes. nil: something else.
    static func hexadecimal(_ word: some StringProtocol) -> UInt32? {
        let digits = word.lowercased().hasPrefix("0x") ? word.dropFirst(2) : word[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy(\.isHexDigit) else { return nil }
        return UInt32(digits, radix: 16)
    }

    /// Truth in one of its twelve words, any case; nil: none of them.
    package static func truth(_ value: NovaValue) -> Bool? {
        let word: String
        switch value {
        case .bool(let value): return value
        case .number(let digits): word = digits
        case .text(let text): word = text.trimmingBlanks.lowercased()
        case .null, .list, .object: return nil
        }
        switch word {
        case "1", "t", "true", "on", "y", "yes": return true
        case "0", "f", "false", "off", "n", "no": return false
        default: return nil
        }
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    package var trimmingBlanks: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
