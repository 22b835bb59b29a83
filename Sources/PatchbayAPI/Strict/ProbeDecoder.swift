/// Gives empty values to whoever reads, and notes what they wanted.
struct ProbeDecoder: Decoder, SingleValueDecodingContainer {
    let note: ShapeNote
    let reader: ShapeReader
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        note.isObject = true
        return KeyedDecodingContainer(ProbeFields<Key>(decoder: self))
    }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Self.noEmptyValue(of: [Int].self) }
    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { false }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (shape, value) = reader.read(type)
        note.whole = shape
        guard let value else { throw Self.noEmptyValue(of: type) }
        return value
    }

    static func noEmptyValue(of type: Any.Type) -> DecodingError {
        .valueNotFound(type, DecodingError.Context(codingPath: [], debugDescription: "\(type) has no empty value."))
    }
}

/// What was asked for so far.
final class ShapeNote {
    private(set) var fields: [WireField] = []
    private var optional: Set<String> = []
    var whole = WireShape.anything
    var isObject = false

    func field(_ name: String, _ shape: WireShape) {
        fields.append(WireField(name: name, shape: shape, mayBeAbsent: optional.contains(name)))
    }
    func mayBeAbsent(_ name: String) { optional.insert(name) }
}

private struct ProbeFields<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: ProbeDecoder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }
    func contains(_ key: Key) -> Bool { true }
    /// Asked for optional fields only.
    func decodeNil(forKey key: Key) -> Bool {
        decoder.note.mayBeAbsent(key.stringValue)
        return false
    }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        let (shape, value) = decoder.reader.read(type)
        decoder.note.field(key.stringValue, shape)
        guard let value else { throw ProbeDecoder.noEmptyValue(of: type) }
        return value
    }
    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        throw ProbeDecoder.noEmptyValue(of: Nested.self)
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw ProbeDecoder.noEmptyValue(of: [Int].self)
    }
    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { decoder }
}
