import PatchbayAPI
import PatchbayCore

/// What somebody types to find devices: conditions (`state=free`) and plain words (`A100`), all of which must hold.
///
/// A plain word, or several in quotes, asks for devices in whose name, address, ids, driver, serial number, pool or VM it
/// occurs, whatever its case.
struct DeviceSearch: Sendable, Hashable {
    /// The text with its plain words blanked out, so that a problem still names the right column.
    let conditions: String
    let words: [String]
    private let tokens: [Token]

    private struct Token: Sendable, Hashable {
        let text: String
        /// What a condition asks for; nil: a plain word.
        let field: String?
    }

    init(_ text: String) {
        var conditions = String.UnicodeScalarView()
        var tokens: [Token] = []
        var rest = text.unicodeScalars[...]
        while let first = rest.first {
            guard !first.properties.isWhitespace else {
                conditions.append(rest.removeFirst())
                continue
            }
            let scalars = Self.token(rest)
            rest = rest[scalars.endIndex...]
            let field = Self.field(of: scalars)
            tokens.append(Token(text: String(String.UnicodeScalarView(scalars)), field: field))
            for scalar in scalars { conditions.append(field == nil ? " " : scalar) }
        }
        self.conditions = String(conditions)
        self.tokens = tokens
        self.words = tokens.filter { $0.field == nil }.map { $0.text.filter { !"\"'".contains($0) }.lowercased() }
    }

    var hasConditions: Bool { tokens.contains { $0.field != nil } }

    /// Every plain word occurs in one of the texts.
    func matches(_ texts: [String]) -> Bool {
        guard !words.isEmpty else { return true }
        let texts = texts.map { $0.lowercased() }
        return words.allSatisfy { word in texts.contains { $0.contains(word) } }
    }

    /// As much of it as makes sense for devices of another kind.
    func kept(for kind: DeviceKind) -> String {
        tokens.filter { token in token.field.map { DeviceField(rawValue: $0)?.isKnown(of: kind) ?? true } ?? true }
            .map(\.text).joined(separator: " ")
    }

    /// Up to white space that is not in quotes; inside them a backslash makes the next one stand for itself.
    private static func token(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        var quote: Unicode.Scalar?
        var isEscaped = false
        let end = text.firstIndex { scalar in
            if isEscaped {
                isEscaped = false
            } else if let open = quote {
                if scalar == open { quote = nil }
                isEscaped = scalar == "\\"
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
            } else {
                return scalar.properties.isWhitespace
            }
            return false
        }
        return text[..<(end ?? text.endIndex)]
    }

    /// What stands before an operator; nil: there is no operator behind letters.
    private static func field(of token: Substring.UnicodeScalarView) -> String? {
        let name = token.prefix { $0.properties.isAlphabetic }
        let rest = token[name.endIndex...]
        let isCondition = Condition.Comparison.allCases.contains { rest.starts(with: $0.rawValue.unicodeScalars) }
        return isCondition ? String(String.UnicodeScalarView(name)) : nil
    }
}
