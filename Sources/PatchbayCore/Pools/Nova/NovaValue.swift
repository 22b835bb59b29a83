/// A JSON text as a value. For settings that other programs define and people paste: Nova's are JSON inside a text.
package enum NovaValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// As it is written: `4318`, `-1.5e3`.
    case number(String)
    case text(String)
    case list([NovaValue])
    /// Of keys that occur several times the last one counts.
    case object([String: NovaValue])
}

extension NovaValue {
    /// Throws `.malformedInput`; the sentence names the column, counted from 1.
    package init(parsing text: String) throws(Problem) {
        var parser = NovaValueParser(text)
        self = try parser.document()
    }

    /// What Python calls false: null, `""`, 0, `[]`, `{}`.
    var isEmpty: Bool {
        switch self {
        case .null: true
        case .bool(let value): !value
        case .number(let digits): !digits.utf8.contains { (49...57).contains($0) }
        case .text(let text): text.isEmpty
        case .list(let values): values.isEmpty
        case .object(let fields): fields.isEmpty
        }
    }

    /// What it is, for the sentence that refuses it.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .text: "a text"
        case .list: "a list"
        case .object: "an object"
        }
    }
}

extension NovaValue {
    /// A field of an object; nil: it has none of this name, or this is no object.
    package subscript(name: String) -> NovaValue? {
        if case .object(let fields) = self { fields[name] } else { nil }
    }

    /// nil: no text.
    package var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// nil: no list.
    package var list: [NovaValue]? {
        if case .list(let values) = self { values } else { nil }
    }

    /// nil: no object.
    package var fields: [String: NovaValue]? {
        if case .object(let fields) = self { fields } else { nil }
    }

    /// nil: no whole number that fits.
    package var integer: Int? {
        if case .number(let digits) = self { Int(digits) } else { nil }
    }
}
