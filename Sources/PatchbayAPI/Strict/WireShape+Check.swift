import PatchbayCore

extension WireShape {
    /// Throws for the first part of `value` that does not fit, named by its path: `rules[0].conditions[1].field`.
    func check(_ value: JSONValue, at path: String = "") throws(Problem) {
        switch self {
        case .anything: return
        case .flag: guard case .bool = value else { throw mismatch(value, path) }
        case .text: guard case .text = value else { throw mismatch(value, path) }
        case .integer: guard case .integer = value else { throw mismatch(value, path) }
        case .number: guard value.isNumber else { throw mismatch(value, path) }
        case .words(let words):
            guard case .text(let word) = value, words.contains(word) else { throw mismatch(value, path) }
        case .list(let element):
            guard case .list(let values) = value else { throw mismatch(value, path) }
            for (index, value) in values.enumerated() { try element.check(value, at: "\(path)[\(index)]") }
        case .map(let element):
            guard case .object(let members) = value else { throw mismatch(value, path) }
            for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                try element.check(value, at: path.member(name))
            }
        case .object(let object):
            guard case .object(let members) = value else { throw mismatch(value, path) }
            try object.check(members, at: path)
        }
    }

    private func mismatch(_ value: JSONValue, _ path: String) -> Problem {
        let place = path.isEmpty ? "The body" : "\"\(path)\""
        return Problem(
            .malformedInput, "\(place) must be \(wanted), not \(value.word).", next: ["Send \(wanted) there."])
    }

    private var wanted: String {
        switch self {
        case .anything: "anything"
        case .flag: "true or false"
        case .text: "text"
        case .integer: "a whole number"
        case .number: "a number"
        case .words(let words): "one of \(words.quoted)"
        case .list: "a list"
        case .map, .object: "an object"
        }
    }
}

extension WireObject {
    /// Unknown fields first, then field by field.
    fileprivate func check(_ members: [String: JSONValue], at path: String) throws(Problem) {
        let known = fields.map(\.name)
        if let name = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw Problem(
                .unknownField, "\"\(path.member(name))\" is not a field of this request.",
                next: ["Omit it; the fields are \(known.quoted)."])
        }
        for field in fields {
            let (value, place) = (members[field.name], path.member(field.name))
            if field.mayBeAbsent, value == nil || value == .null { continue }
            guard let value else {
                throw Problem(.malformedInput, "\"\(place)\" is missing.", next: ["Send it; it is required."])
            }
            try field.shape.check(value, at: place)
        }
    }
}

extension JSONValue {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .number: true
        case .null, .bool, .text, .list, .object: false
        }
    }
}

extension String {
    /// As a path: `rules[0]` and `name` are `rules[0].name`.
    fileprivate func member(_ name: String) -> String { isEmpty ? name : "\(self).\(name)" }
}
