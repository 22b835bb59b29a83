import PatchbayCore
import Yams

/// The fields of one mapping, by name.
struct PolicyFields {
    /// What they are fields of, for a sentence: `a rule`.
    var owner: String
    /// Where the mapping begins.
    var place: Policy.Place
    fileprivate var values: [String: Node]
    /// Known ones that somebody seems to have meant who wrote another.
    fileprivate var misspelt: Set<String>

    subscript(_ name: String) -> Node? { values[name] }
}

extension PolicyReader {
    /// Takes a mapping apart; fields that nobody knows are mistakes, and so is something that is no mapping.
    mutating func fields(_ node: Node, of owner: String, _ known: [String]) -> PolicyFields? {
        guard case .mapping(let mapping) = node else {
            refuse(node, "\(owner.prefix(1).uppercased() + owner.dropFirst()) must be a mapping of names to values.")
            return nil
        }
        var fields = PolicyFields(owner: owner, place: place(of: node), values: [:], misspelt: [])
        for (key, value) in mapping {
            if let name = key.scalar?.string, known.contains(name) {
                fields.values[name] = value
                continue
            }
            let word = key.scalar?.string ?? "…"
            let meant = Spelling.nearest(to: word, among: known)
            if let meant { fields.misspelt.insert(meant) }
            let hint = meant.map { "Did you mean \"\($0)\"?" } ?? "Known are \(known.joined(separator: ", "))."
            refuse(key, "\"\(word)\" is not a field of \(owner). \(hint)")
        }
        return fields
    }

    mutating func required(_ name: String, in fields: PolicyFields) -> Node? {
        if let node = fields[name] { return node }
        if !fields.misspelt.contains(name) {
            refuse(fields.place, "\"\(name)\" is missing; \(fields.owner) needs it.")
        }
        return nil
    }

    /// Text as it is written: `10`, `no` and `1.0` are the letters that stand there.
    mutating func text(_ name: String, in fields: PolicyFields) -> String? {
        fields[name].flatMap { text($0, name) }
    }

    mutating func text(_ node: Node, _ name: String) -> String? {
        guard case .scalar(let scalar) = node, !Self.isEmpty(node) else { return wrong(node, name, "text") }
        return scalar.string
    }

    mutating func number(_ name: String, in fields: PolicyFields) -> Int? {
        guard let node = fields[name] else { return nil }
        guard case .scalar(let scalar) = node, scalar.style == .plain, let number = Int(scalar.string) else {
            return wrong(node, name, "a whole number")
        }
        return number
    }

    mutating func flag(_ name: String, in fields: PolicyFields) -> Bool? {
        guard let node = fields[name] else { return nil }
        guard case .scalar(let scalar) = node, scalar.style == .plain, let flag = Bool(scalar.string) else {
            return wrong(node, name, "true or false")
        }
        return flag
    }

    mutating func choice<Value: CaseIterable & RawRepresentable<String>>(
        _ name: String, in fields: PolicyFields, _ type: Value.Type = Value.self
    ) -> Value? {
        guard let node = fields[name] else { return nil }
        let words = Value.allCases.map(\.rawValue)
        guard case .scalar(let scalar) = node, let value = Value(rawValue: scalar.string) else {
            return wrong(node, name, "one of \(words.joined(separator: ", "))")
        }
        return value
    }

    /// Empty: it is not there.
    mutating func list(_ name: String, in fields: PolicyFields) -> [Node] {
        guard let node = fields[name] else { return [] }
        guard case .sequence(let elements) = node else { return wrong(node, name, "a list") ?? [] }
        return Array(elements)
    }

    mutating func tags(in fields: PolicyFields) -> [String: String] {
        guard let node = fields["tags"] else { return [:] }
        guard case .mapping(let mapping) = node else {
            return wrong(node, "tags", "a mapping of names to values") ?? [:]
        }
        var tags: [String: String] = [:]
        for (key, value) in mapping {
            guard let name = text(key, "tags") else { continue }
            tags[name] = text(value, "tags.\(name)")
        }
        return tags
    }

    private mutating func wrong<Value>(_ node: Node, _ name: String, _ wanted: String) -> Value? {
        let found =
            switch node {
            case .scalar(let scalar): Self.isEmpty(node) ? "nothing" : "\"\(scalar.string)\""
            case .mapping: "a mapping"
            case .sequence: "a list"
            case .alias: "an alias"
            }
        refuse(node, "\"\(name)\" must be \(wanted), not \(found).")
        return nil
    }
}
