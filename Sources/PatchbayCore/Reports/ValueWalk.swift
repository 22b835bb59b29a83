/// What a walk over a value meets.
package protocol ValueVisitor: AnyObject {
    func meet(_ number: Int, at path: ValuePath) throws
    func meet(_ number: UInt64, at path: ValuePath) throws
    func meet(_ number: Double, at path: ValuePath) throws
    func meet(_ text: String, at path: ValuePath) throws
    /// The name of a member: a field, or a key of a dictionary.
    func meet(key: String, at path: ValuePath) throws
}

/// Shows a visitor every number and every text of a value, by the value's own coding: a field that somebody adds is met
/// without anybody thinking of it.
package enum ValueWalk {
    package static func show(_ value: some Encodable, to visitor: any ValueVisitor) throws {
        try value.encode(to: WalkEncoder(visitor: visitor, path: .root))
    }

    /// Bytes of the longest text in a value. What cannot be coded has a text of any length.
    package static func longestText(in value: some Encodable) -> Int {
        let longest = LongestText()
        do { try show(value, to: longest) } catch { return .max }
        return longest.bytes
    }
}

private final class LongestText: ValueVisitor {
    var bytes = 0

    func meet(_ number: Int, at path: ValuePath) {}
    func meet(_ number: UInt64, at path: ValuePath) {}
    func meet(_ number: Double, at path: ValuePath) {}
    func meet(_ text: String, at path: ValuePath) { bytes = max(bytes, text.utf8.count) }
    func meet(key: String, at path: ValuePath) {}
}

private struct WalkEncoder: Encoder {
    let visitor: any ValueVisitor
    let path: ValuePath
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(WalkMembers(visitor: visitor, path: path))
    }
    func unkeyedContainer() -> any UnkeyedEncodingContainer { WalkElements(visitor: visitor, path: path) }
    func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

extension WalkEncoder: SingleValueEncodingContainer {
    func encodeNil() {}
    func encode(_ value: Bool) {}
    func encode(_ value: String) throws { try visitor.meet(value, at: path) }
    func encode(_ value: Double) throws { try visitor.meet(value, at: path) }
    func encode(_ value: Float) throws { try visitor.meet(Double(value), at: path) }
    func encode(_ value: Int) throws { try visitor.meet(value, at: path) }
    func encode(_ value: Int8) throws { try visitor.meet(Int(value), at: path) }
    func encode(_ value: Int16) throws { try visitor.meet(Int(value), at: path) }
    func encode(_ value: Int32) throws { try visitor.meet(Int(value), at: path) }
    func encode(_ value: Int64) throws { try visitor.meet(Int(value), at: path) }
    func encode(_ value: UInt) throws { try visitor.meet(UInt64(value), at: path) }
    func encode(_ value: UInt8) throws { try visitor.meet(Int(value), at: path) }
    func encode(_ value: UInt16) throws { try visitor.meet(Int(value), at: path) }
    func encode(_ value: UInt32) throws { try visitor.meet(Int(value), at: path) }
    func encode(_ value: UInt64) throws { try visitor.meet(value, at: path) }
    func encode<Value: Encodable>(_ value: Value) throws { try value.encode(to: self) }
}

private struct WalkMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let visitor: any ValueVisitor
    let path: ValuePath
    var codingPath: [any CodingKey] { [] }

    private func member(_ key: Key) throws -> WalkEncoder {
        try visitor.meet(key: key.stringValue, at: path)
        return WalkEncoder(visitor: visitor, path: ValuePath(key: key.stringValue, in: path))
    }

    func encodeNil(forKey key: Key) {}
    func encode(_ value: Bool, forKey key: Key) throws { try visitor.meet(key: key.stringValue, at: path) }
    func encode(_ value: String, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: Double, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: Float, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: Int, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: Int8, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: Int16, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: Int32, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: Int64, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: UInt, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: UInt8, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: UInt16, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: UInt32, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: UInt64, forKey key: Key) throws { try member(key).encode(value) }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try value.encode(to: try member(key)) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(
            WalkMembers<Nested>(visitor: visitor, path: ValuePath(key: key.stringValue, in: path)))
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        WalkElements(visitor: visitor, path: ValuePath(key: key.stringValue, in: path))
    }
    func superEncoder() -> any Encoder { WalkEncoder(visitor: visitor, path: path) }
    func superEncoder(forKey key: Key) -> any Encoder {
        WalkEncoder(visitor: visitor, path: ValuePath(key: key.stringValue, in: path))
    }
}

private struct WalkElements: UnkeyedEncodingContainer {
    let visitor: any ValueVisitor
    let path: ValuePath
    private(set) var count = 0
    var codingPath: [any CodingKey] { [] }

    init(visitor: any ValueVisitor, path: ValuePath) {
        self.visitor = visitor
        self.path = path
    }

    private mutating func element() -> WalkEncoder {
        defer { count += 1 }
        return WalkEncoder(visitor: visitor, path: ValuePath(index: count, in: path))
    }

    mutating func encodeNil() { count += 1 }
    mutating func encode(_ value: Bool) { count += 1 }
    mutating func encode(_ value: String) throws { try element().encode(value) }
    mutating func encode(_ value: Double) throws { try element().encode(value) }
    mutating func encode(_ value: Float) throws { try element().encode(value) }
    mutating func encode(_ value: Int) throws { try element().encode(value) }
    mutating func encode(_ value: Int8) throws { try element().encode(value) }
    mutating func encode(_ value: Int16) throws { try element().encode(value) }
    mutating func encode(_ value: Int32) throws { try element().encode(value) }
    mutating func encode(_ value: Int64) throws { try element().encode(value) }
    mutating func encode(_ value: UInt) throws { try element().encode(value) }
    mutating func encode(_ value: UInt8) throws { try element().encode(value) }
    mutating func encode(_ value: UInt16) throws { try element().encode(value) }
    mutating func encode(_ value: UInt32) throws { try element().encode(value) }
    mutating func encode(_ value: UInt64) throws { try element().encode(value) }
    mutating func encode<Value: Encodable>(_ value: Value) throws { try value.encode(to: element()) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        element().container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { element().unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { element() }
}
