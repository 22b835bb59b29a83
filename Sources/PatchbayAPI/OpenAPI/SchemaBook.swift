/// JSON Schema of the wire types, as OpenAPI 3.1 writes it: each object under a name of its own, the others in place.
final class SchemaBook {
    /// Where a type stands: requests are closed, and take null for what may be left out.
    enum Use { case request, answer }

    private let reader = ShapeReader()
    /// Objects by their names.
    private(set) var components: [String: JSONValue] = [:]
    private var answers: Set<WireObject> = []
    private var owners: [String: WireObject] = [:]
    private var twice: [String] = []

    /// Wire types whose schema is not whole, or that share a name, and why.
    var gaps: [String] { reader.gaps + twice.map { "\($0) is the name of two types" } }

    func schema(of type: any Decodable.Type, as use: Use) -> JSONValue { schema(reader.shape(of: type), use) }

    private func schema(_ shape: WireShape, _ use: Use) -> JSONValue {
        switch shape {
        case .anything: .object([:])
        case .flag: .kind("boolean")
        case .text: .kind("string")
        case .integer: .kind("integer")
        case .number: .kind("number")
        case .words(let words): .words(words)
        case .list(let element): .object(["type": .text("array"), "items": schema(element, use)])
        case .map(let element): .object(["type": .text("object"), "additionalProperties": schema(element, use)])
        case .object(let object): reference(to: object, use)
        }
    }

    /// What answers and requests both have goes by two names, because requests are closed: `Rule` and `RuleDraft`.
    private func reference(to object: WireObject, _ use: Use) -> JSONValue {
        if use == .answer { answers.insert(object) }
        let name = object.name + (use == .request && answers.contains(object) ? "Draft" : "")
        if let owner = owners[name] {
            if owner != object { twice.append(name) }
        } else {
            owners[name] = object
            components[name] = schema(object, use)
        }
        return .object(["$ref": .text("#/components/schemas/\(name)")])
    }

    private func schema(_ object: WireObject, _ use: Use) -> JSONValue {
        var properties: [String: JSONValue] = [:]
        for field in object.fields {
            let plain = object.words[field.name].map(JSONValue.words) ?? schema(field.shape, use)
            properties[field.name] = use == .request && field.mayBeAbsent ? plain.orNull : plain
        }
        let required = object.fields.filter { !$0.mayBeAbsent }.map(\.name).sorted()
        var schema: [String: JSONValue] = ["type": .text("object"), "properties": .object(properties)]
        if !required.isEmpty { schema["required"] = .list(required.map { .text($0) }) }
        if use == .request { schema["additionalProperties"] = .bool(false) }
        return .object(schema)
    }
}

extension JSONValue {
    fileprivate static func kind(_ name: String) -> JSONValue { .object(["type": .text(name)]) }

    fileprivate static func words(_ words: [String]) -> JSONValue {
        .object(["type": .text("string"), "enum": .list(words.map { .text($0) })])
    }

    /// The schema that takes null, too.
    fileprivate var orNull: JSONValue {
        guard case .object(var schema) = self, let type = schema["type"] else {
            return .object(["anyOf": .list([self, Self.kind("null")])])
        }
        schema["type"] = .list([type, .text("null")])
        if case .list(let words)? = schema["enum"] { schema["enum"] = .list(words + [.null]) }
        return .object(schema)
    }
}
