import PatchbayAPI

/// Finds out what a wire type looks like by having it read from nothing: every field it asks for is noted.
///
/// So the document cannot say something else than the types do.
final class SchemaProbe {
    /// JSON Schema of `type`, as OpenAPI 3.1 writes it.
    static func schema(of type: any Decodable.Type) -> JSONValue { probe(type).schema }

    static func probe<Value: Decodable>(_ type: Value.Type) -> (schema: JSONValue, value: Value?) {
        if let choices = type as? any CaseIterable.Type, let (schema, first) = words(of: choices) {
            return (schema, first as? Value)
        }
        let note = SchemaNote()
        let value = try? Value(from: ProbeDecoder(note: note))
        return (note.schema, value)
    }

    /// nil: no enum of words.
    private static func words(of type: any CaseIterable.Type) -> (JSONValue, Any)? {
        func open<Choices: CaseIterable>(_ type: Choices.Type) -> (JSONValue, Any)? {
            let words = type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
            guard let first = type.allCases.first, !words.isEmpty else { return nil }
            return (.object(["type": .text("string"), "enum": .list(words.map { .text($0) })]), first)
        }
        return open(type)
    }
}

/// What was asked for so far.
final class SchemaNote {
    private var fields: [String: JSONValue] = [:]
    private var optional: Set<String> = []
    private var whole: JSONValue?
    private var element: JSONValue?
    var isObject = false
    var isList = false

    func field(_ name: String, _ schema: JSONValue) { fields[name] = schema }
    func mayBeAbsent(_ name: String) { optional.insert(name) }
    func set(_ schema: JSONValue) { whole = schema }
    func setElement(_ schema: JSONValue) { element = schema }

    var schema: JSONValue {
        if let whole { return whole }
        if isList { return .object(["type": .text("array"), "items": element ?? .object([:])]) }
        guard isObject else { return .object([:]) }
        let required = fields.keys.filter { !optional.contains($0) }.sorted()
        return .object([
            "type": .text("object"), "properties": .object(fields), "required": .list(required.map { .text($0) }),
        ])
    }
}
