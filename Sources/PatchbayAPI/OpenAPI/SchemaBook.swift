/// JSON Schema of the wire types, as OpenAPI 3.1 writes it: each object under a name of its own, the others in place.
///
/// A type is described by having it read from nothing: every field that it asks for is noted. So the document cannot say
/// something else than the types do.
final class SchemaBook {
    /// Where a type stands: requests are closed, and take null for what may be left out.
    enum Use { case request, answer }

    /// Objects by their names.
    private(set) var components: [String: JSONValue] = [:]
    /// Types that could not be read to their end, whose schema would be cut; a test wants none.
    private(set) var gaps: [String] = []
    private var known: [Key: (schema: JSONValue, value: Any?)] = [:]
    private var answers: Set<ObjectIdentifier> = []

    private struct Key: Hashable {
        var type: ObjectIdentifier
        var use: Use
    }

    func schema(of type: any Decodable.Type, as use: Use) -> JSONValue {
        func open<Value: Decodable>(_ type: Value.Type) -> JSONValue { look(up: type, as: use).schema }
        return open(type)
    }

    /// An empty value of `type`, and its schema.
    func look<Value: Decodable>(up type: Value.Type, as use: Use) -> (schema: JSONValue, value: Value?) {
        let key = Key(type: ObjectIdentifier(type), use: use)
        if let (schema, value) = known[key] { return (schema, value as? Value) }
        let found: (schema: JSONValue, value: Any?)
        switch type {
        case is Bool.Type: found = (.kind("boolean"), false)
        case is String.Type: found = (.kind("string"), "")
        case is Double.Type: found = (.kind("number"), Double(0))
        case let number as any FixedWidthInteger.Type: found = (.kind("integer"), number.init(0))
        case let list as any SchemaList.Type: found = (list.schema(self, use), list.empty)
        case let map as any SchemaMap.Type: found = (map.schema(self, use), map.empty)
        case let choices as any CaseIterable.Type: found = Self.words(of: choices) ?? read(type, use)
        default: found = read(type, use)
        }
        known[key] = found
        return (found.schema, found.value as? Value)
    }

    private func read<Value: Decodable>(_ type: Value.Type, _ use: Use) -> (schema: JSONValue, value: Any?) {
        let name = Self.name(of: type)
        let note = SchemaNote()
        var value: Value?
        // A type that holds itself has no empty value.
        known[Key(type: ObjectIdentifier(type), use: use)] = (Self.reference(name), nil)
        do { value = try Value(from: ProbeDecoder(note: note, book: self, use: use)) } catch {
            gaps.append("\(type): \(error)")
        }
        guard note.isObject else { return (note.whole ?? .object([:]), value) }
        if use == .answer { answers.insert(ObjectIdentifier(type)) }
        let isShared = use == .request && answers.contains(ObjectIdentifier(type))
        let ownName = name + (isShared ? "Draft" : "")
        components[ownName] = note.schema(as: use, words: (type as? any WordFields.Type)?.words ?? [:])
        return (Self.reference(ownName), value)
    }

    private static func reference(_ name: String) -> JSONValue {
        .object(["$ref": .text("#/components/schemas/\(name)")])
    }

    /// `PatchbayAPI.API.Plan.Resolution` is `PlanResolution`.
    private static func name(of type: Any.Type) -> String {
        String(reflecting: type).split(separator: ".").drop { ["PatchbayAPI", "PatchbayCore", "API"].contains($0) }
            .joined()
    }

    /// nil: no enum of words.
    private static func words(of type: any CaseIterable.Type) -> (schema: JSONValue, value: Any?)? {
        func open<Choices: CaseIterable>(_ type: Choices.Type) -> (schema: JSONValue, value: Any?)? {
            let words = type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
            guard let first = type.allCases.first, !words.isEmpty else { return nil }
            return (.words(words), first)
        }
        return open(type)
    }
}

/// Fields of type String that hold one of a few words: by the field's name.
package protocol WordFields {
    static var words: [String: [String]] { get }
}

private protocol SchemaList {
    static var empty: Any { get }
    static func schema(_ book: SchemaBook, _ use: SchemaBook.Use) -> JSONValue
}

extension Array: SchemaList where Element: Decodable {
    fileprivate static var empty: Any { [Element]() }
    fileprivate static func schema(_ book: SchemaBook, _ use: SchemaBook.Use) -> JSONValue {
        .object(["type": .text("array"), "items": book.schema(of: Element.self, as: use)])
    }
}

private protocol SchemaMap {
    static var empty: Any { get }
    static func schema(_ book: SchemaBook, _ use: SchemaBook.Use) -> JSONValue
}

extension Dictionary: SchemaMap where Key == String, Value: Decodable {
    fileprivate static var empty: Any { [String: Value]() }
    fileprivate static func schema(_ book: SchemaBook, _ use: SchemaBook.Use) -> JSONValue {
        .object(["type": .text("object"), "additionalProperties": book.schema(of: Value.self, as: use)])
    }
}

/// What was asked for so far.
final class SchemaNote {
    /// In the order in which they were asked for.
    private(set) var names: [String] = []
    private var fields: [String: JSONValue] = [:]
    private var optional: Set<String> = []
    private(set) var whole: JSONValue?
    var isObject = false

    func field(_ name: String, _ schema: JSONValue) {
        if fields.updateValue(schema, forKey: name) == nil { names.append(name) }
    }
    func mayBeAbsent(_ name: String) { optional.insert(name) }
    func set(_ schema: JSONValue) { whole = schema }

    func schema(as use: SchemaBook.Use, words: [String: [String]]) -> JSONValue {
        var properties: [String: JSONValue] = [:]
        for (name, schema) in fields {
            let plain = words[name].map(JSONValue.words) ?? schema
            properties[name] = use == .request && optional.contains(name) ? plain.orNull : plain
        }
        let required = names.filter { !optional.contains($0) }.sorted()
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
