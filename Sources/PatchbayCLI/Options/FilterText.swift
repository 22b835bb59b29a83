import PatchbayAPI
import PatchbayCore

/// `--where` over the columns of a list: `state=running host=atlas`. The grammar is that of `DeviceFilter`, which is for
/// lists of devices; the fields are the columns.
enum FilterText {
    /// Longest first, so `!=` is not read as `=`.
    private static let comparisons = Condition.Comparison.allCases.sorted { $0.rawValue.count > $1.rawValue.count }

    /// The conditions in a text. Throws `.malformedRule`.
    static func conditions(_ text: String) throws(Problem) -> [API.Condition] {
        var conditions: [API.Condition] = []
        for word in try words(text) { conditions.append(try condition(word)) }
        return conditions
    }

    /// Words with quotes taken away; inside quotes a backslash makes the next character stand for itself.
    private static func words(_ text: String) throws(Problem) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if let open = quote {
                if character == open {
                    quote = nil
                } else if character == "\\" {
                    isEscaped = true
                } else {
                    word = (word ?? "") + String(character)
                }
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
        return words + (word.map { [$0] } ?? [])
    }

    private static func condition(_ word: String) throws(Problem) -> API.Condition {
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
                "Write a field, a comparison and a value, for example 'vendor=10de numa=0'.",
                "See all fields and comparisons:  patchbay help filters",
            ])
    }

    static func unknownValue(_ value: String, of field: String, known: [String]) -> Problem {
        Problem(
            .malformedRule, "\"\(value)\" is not a valid value of \(field).",
            next: Spelling.hint(for: value, among: known) + ["Use one of \(known.joined(separator: ", "))."])
    }

    static func unknownField(_ field: String, known: [String]) -> Problem {
        Problem(
            .unknownField, "There is no column \"\(field)\".",
            next: (Spelling.nearest(to: field, among: known).map { ["Did you mean \($0)?"] } ?? [])
                + ["Use one of \(known.joined(separator: ", "))."])
    }
}
