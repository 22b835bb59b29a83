/// Reads the text form of a `DeviceFilter`, one Unicode scalar after the other: a combining mark must not
/// hide the operator or quote before it.
struct DeviceFilterParser {
    private let text: [Unicode.Scalar]
    private let kind: DeviceKind
    private var position = 0

    static let longest = 4096
    static let mostConditions = 64

    /// Longer operators first, so that `!=` is not read as something else followed by `=`.
    private static let operators = Condition.Comparison.allCases.map { (Array($0.rawValue.unicodeScalars), $0) }
        .sorted { $0.0.count > $1.0.count }

    init(_ text: String, for kind: DeviceKind = .pci) throws(Problem) {
        self.kind = kind
        guard text.utf8.count <= Self.longest else {
            throw Problem(
                .tooLarge, "The filter is longer than \(Self.longest) bytes.", next: ["Use fewer conditions."])
        }
        self.text = Array(text.unicodeScalars)
    }

    mutating func conditions() throws(Problem) -> [Condition] {
        var conditions: [Condition] = []
        skipSpace()
        while position < text.count {
            guard conditions.count < Self.mostConditions else {
                throw malformed("There are more than \(Self.mostConditions) conditions", at: position)
            }
            conditions.append(try condition())
            skipSpace()
        }
        return conditions
    }

    /// A value that, written without quotes, would be read as the rest of the operator before it.
    static func startsAmbiguously(_ value: String) -> Bool {
        value.unicodeScalars.first.map { "=~<>!^$*".unicodeScalars.contains($0) } ?? false
    }

    private mutating func condition() throws(Problem) -> Condition {
        let start = position
        let field = try field()
        let comparison = try comparison(after: field, from: start)
        let valueStart = position
        let condition = Condition(field, comparison, try value())
        do { try condition.validate(among: DeviceField.all(of: kind), of: kind) } catch {
            throw Problem(
                .malformedInput, "Column \(valueStart + 1) of the filter: \(error.detail)",
                evidence: pointer(to: valueStart), next: error.next, cause: error.cause)
        }
        return condition
    }

    private mutating func field() throws(Problem) -> DeviceField {
        let start = position
        while position < text.count, text[position].properties.isAlphabetic { position += 1 }
        let name = string(start..<position)
        guard !name.isEmpty else { throw malformed("A field is missing before \"\(rest(from: start))\"", at: start) }
        guard let field = DeviceField(rawValue: name), field.isKnown(of: kind) else {
            let names = DeviceField.all(of: kind).map(\.rawValue)
            let nearest = Spelling.nearest(to: name, among: names)
            throw Problem(
                .unknownField, "Column \(start + 1) of the filter: there is no field \"\(name)\".",
                evidence: pointer(to: start),
                next: nearest.map { ["Did you mean \($0)?"] } ?? ["The fields are \(names.joined(separator: ", "))."])
        }
        return field
    }

    private mutating func comparison(
        after field: DeviceField, from start: Int
    ) throws(Problem) -> Condition.Comparison {
        for (characters, comparison) in Self.operators where text[position...].starts(with: characters) {
            position += characters.count
            return comparison
        }
        throw malformed("An operator is missing after \"\(field.rawValue)\"", at: position)
    }

    private mutating func value() throws(Problem) -> String {
        guard position < text.count, text[position] == "\"" || text[position] == "'" else {
            let start = position
            while position < text.count, !isSpace(position) { position += 1 }
            return string(start..<position)
        }
        return try quotedValue()
    }

    private mutating func quotedValue() throws(Problem) -> String {
        let start = position
        let quote = text[position]
        var value = String.UnicodeScalarView()
        position += 1
        while position < text.count, text[position] != quote {
            if text[position] == "\\", position + 1 < text.count { position += 1 }
            value.append(text[position])
            position += 1
        }
        guard position < text.count else { throw malformed("The quote is not closed", at: start) }
        position += 1
        guard position == text.count || isSpace(position) else {
            throw malformed("A space is missing after the closing quote", at: position)
        }
        return String(value)
    }

    private mutating func skipSpace() {
        while position < text.count, isSpace(position) { position += 1 }
    }

    private func isSpace(_ index: Int) -> Bool { text[index].properties.isWhitespace }

    private func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text[range])
        return String(view)
    }

    private func rest(from start: Int) -> String { string(start..<min(start + 20, text.count)) }

    /// What surrounds the place, and below it a mark at the place: two lines of equal type.
    private func pointer(to index: Int) -> [String] {
        let start = max(0, index - 50)
        let shown = text[start..<min(text.count, start + 76)].map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }
        var line = String.UnicodeScalarView()
        line.append(contentsOf: shown)
        return [String(line), String(repeating: " ", count: index - start) + "^"]
    }

    private func malformed(_ what: String, at index: Int) -> Problem {
        Problem(
            .malformedInput, "Column \(index + 1) of the filter: \(what).", evidence: pointer(to: index),
            next: ["Write conditions separated by spaces, for example  state=free numa=0 name*=A100"])
    }
}
