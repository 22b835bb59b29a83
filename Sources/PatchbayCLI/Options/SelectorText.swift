import PatchbayAPI
import PatchbayCore

/// The selector language: `vendor=10de numa=0 name*="A100 80GB"`. Conditions that must all hold, separated by spaces.
enum SelectorText {
    /// Longest first, so `!=` is not read as `=`.
    private static let comparisons = Condition.Comparison.allCases.sorted { $0.rawValue.count > $1.rawValue.count }

    /// The conditions in a text. Throws `.malformedRule`.
    static func conditions(_ text: String) throws(Problem) -> [API.Condition] {
        var conditions: [API.Condition] = []
        for word in try words(text) { conditions.append(try condition(word, in: text)) }
        return conditions
    }

    /// Words with quotes taken away: `"` and `'` both quote, inside a word too.
    private static func words(_ text: String) throws(Problem) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { throw malformed("A quote is not closed in \"\(text)\".") }
        if let word { words.append(word) }
        return words
    }

    private static func condition(_ word: String, in text: String) throws(Problem) -> API.Condition {
        let field = word.prefix { $0.isLetter || $0 == "-" }
        let rest = word.dropFirst(field.count)
        guard !field.isEmpty, let comparison = comparisons.first(where: { rest.hasPrefix($0.rawValue) }) else {
            throw malformed("\"\(word)\" is not a condition.")
        }
        return API.Condition(
            field: field.lowercased(), comparison: comparison.rawValue,
            value: String(rest.dropFirst(comparison.rawValue.count)))
    }

    static func malformed(_ sentence: String) -> Problem {
        Problem(
            .malformedRule, sentence,
            next: [
                "Write FIELD, a comparison and a value, for example 'vendor=10de numa=0'.",
                "See all fields and comparisons:  patchbay help selectors",
            ])
    }

    /// Throws `.unknownField` for a field that devices do not have.
    static func checkFields(_ conditions: [API.Condition]) throws(Problem) {
        for condition in conditions where DeviceField(rawValue: condition.field) == nil {
            throw unknownField(condition.field, known: DeviceField.allCases.map(\.rawValue))
        }
    }

    static func unknownField(_ field: String, known: [String]) -> Problem {
        Problem(
            .unknownField, "There is no field \"\(field)\".",
            next: ["Use one of \(known.joined(separator: ", ")).", "See what they mean:  patchbay help selectors"])
    }
}
