import PatchbayAPI

/// Gives empty values to whoever reads, and notes what they wanted.
struct ProbeDecoder: Decoder, SingleValueDecodingContainer {
    let note: SchemaNote
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        note.isObject = true
        return KeyedDecodingContainer(ProbeFields<Key>(note: note))
    }
    func unkeyedContainer() -> any UnkeyedDecodingContainer {
        note.isList = true
        return ProbeElements(note: note)
    }
    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { false }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (schema, value) = Self.value(type)
        note.set(schema)
        return try Self.require(value)
    }

    static func require<Value>(_ value: Value?) throws -> Value {
        guard let value else {
            throw DecodingError.valueNotFound(
                Value.self, DecodingError.Context(codingPath: [], debugDescription: "It has no empty value."))
        }
        return value
    }

    /// An empty value of `type`, and its schema.
    static func value<Value: Decodable>(_ type: Value.Type) -> (schema: JSONValue, value: Value?) {
        func kind(_ name: String) -> JSONValue { .object(["type": .text(name)]) }
        switch type {
        case is Bool.Type: return (kind("boolean"), false as? Value)
        case is String.Type: return (kind("string"), "" as? Value)
        case is Int.Type: return (kind("integer"), 0 as? Value)
        case is UInt64.Type: return (kind("integer"), UInt64(0) as? Value)
        case is Double.Type: return (kind("number"), Double(0) as? Value)
        default: return SchemaProbe.probe(type)
        }
    }
}

private struct ProbeFields<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let note: SchemaNote
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }
    func contains(_ key: Key) -> Bool { true }
    /// Asked for optional fields only.
    func decodeNil(forKey key: Key) -> Bool {
        note.mayBeAbsent(key.stringValue)
        return false
    }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        let (schema, value) = ProbeDecoder.value(type)
        note.field(key.stringValue, schema)
        return try ProbeDecoder.require(value)
    }
    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedDecodingContainer<Nested> {
        KeyedDecodingContainer(ProbeFields<Nested>(note: SchemaNote()))
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer { ProbeElements(note: SchemaNote()) }
    func superDecoder() -> any Decoder { ProbeDecoder(note: SchemaNote()) }
    func superDecoder(forKey key: Key) -> any Decoder { ProbeDecoder(note: SchemaNote()) }
}

/// A list with one element.
private struct ProbeElements: UnkeyedDecodingContainer {
    let note: SchemaNote
    var codingPath: [any CodingKey] { [] }
    var count: Int? { nil }
    private(set) var currentIndex = 0
    var isAtEnd: Bool { currentIndex > 0 }
    init(note: SchemaNote) { self.note = note }

    mutating func decodeNil() -> Bool { false }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        currentIndex += 1
        let (schema, value) = ProbeDecoder.value(type)
        note.setElement(schema)
        return try ProbeDecoder.require(value)
    }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedDecodingContainer<Nested> {
        currentIndex += 1
        return KeyedDecodingContainer(ProbeFields<Nested>(note: SchemaNote()))
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer {
        currentIndex += 1
        return ProbeElements(note: SchemaNote())
    }
    mutating func superDecoder() -> any Decoder { ProbeDecoder(note: SchemaNote()) }
}
