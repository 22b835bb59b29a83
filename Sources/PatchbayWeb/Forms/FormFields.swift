import PatchbayCore

/// The fields of a form or of a query, in the order they came; a name may come more than once.
///
/// Read from `application/x-www-form-urlencoded` (WHATWG URL, section 5.1): `+` is a space, `%XX` a byte, UTF-8.
struct FormFields: Sendable, Hashable {
    struct Field: Sendable, Hashable {
        let name: String
        let value: String
    }

    var fields: [Field]

    init(_ fields: [Field] = []) { self.fields = fields }

    init(_ pairs: KeyValuePairs<String, String>) {
        self.fields = pairs.map { Field(name: $0.key, value: $0.value) }
    }

    /// Reads the encoded form; a malformed `%` stays as it is, as the standard wants.
    init(encoded: some StringProtocol) {
        self.fields = encoded.split(separator: "&").map { pair in
            let cut = pair.firstIndex(of: "=")
            let name = pair[..<(cut ?? pair.endIndex)]
            let value = cut.map { pair[pair.index(after: $0)...] } ?? ""
            return Field(name: Percent.decode(name, plusIsSpace: true), value: Percent.decode(value, plusIsSpace: true))
        }
    }

    /// The first value of that name, without white space around it; nil when it is absent or empty.
    subscript(name: String) -> String? {
        guard let value = raw(name)?.trimmed, !value.isEmpty else { return nil }
        return value
    }

    /// Exactly what was typed, for showing it again.
    func raw(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    func without(_ names: Set<String>) -> FormFields { FormFields(fields.filter { !names.contains($0.name) }) }

    /// What was typed, without what makes a form count: whose it is, and that its plan was seen.
    var meant: FormFields { without(["formToken", "confirm"]) }

    /// The same with another value in the field that comes `index`-th of those with that name, counted from 0.
    func setting(_ name: String, at index: Int, to value: String) -> FormFields {
        var result = self
        let places = fields.indices.filter { fields[$0].name == name }
        guard places.indices.contains(index) else { return self }
        result.fields[places[index]] = Field(name: name, value: value)
        return result
    }

    /// One of the words of a select box; nil when the field is absent or empty.
    func choice<Value: RawRepresentable<String>>(_ name: String, _ what: String) throws(Problem) -> Value? {
        guard let text = self[name] else { return nil }
        guard let value = Value(rawValue: text) else {
            throw Problem(
                .malformedInput, "\(what) \"\(text)\" is not one of the choices.",
                next: ["Choose one from the list."])
        }
        return value
    }

    /// `name=value&name=value`, for links.
    var encoded: String {
        fields.map { "\(Percent.encode($0.name))=\(Percent.encode($0.value))" }.joined(separator: "&")
    }

    /// A field that must be filled in.
    func required(_ name: String, _ what: String) throws(Problem) -> String {
        guard let value = self[name] else {
            throw Problem(.malformedInput, "\(what) is missing.", next: ["Fill it in and try again."])
        }
        return value
    }

    /// A whole number in `range`; nil when the field is absent or empty.
    func number(_ name: String, _ what: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Problem(
                .malformedInput, "\(what) \"\(text)\" is not a number from \(range.lowerBound) to \(range.upperBound).",
                next: ["Write a whole number from \(range.lowerBound) to \(range.upperBound)."])
        }
        return number
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmed: String {
        guard let start = firstIndex(where: { !$0.isWhitespace }),
            let end = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[start...end])
    }
}
