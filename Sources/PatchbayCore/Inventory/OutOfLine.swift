/// Keeps a value that is large or rare elsewhere, so that what it belongs to stays small: a host has thousands of functions,
/// which are copied far more often than their details are looked at.
///
/// A value of its own nevertheless: who changes it changes no other's. Encoded as an optional is.
@propertyWrapper
package struct OutOfLine<Value: Hashable & Codable & Sendable>: Hashable, Codable, Sendable {
    private final class Box: Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    private var box: Box?

    package init(wrappedValue: Value?) { box = wrappedValue.map { Box($0) } }

    /// Without a copy of it.
    package var isThere: Bool { box != nil }

    package var wrappedValue: Value? {
        get { box?.value }
        set { box = newValue.map { Box($0) } }
    }

    package static func == (one: Self, other: Self) -> Bool {
        one.box === other.box || one.box?.value == other.box?.value
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(box?.value) }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self.init(wrappedValue: container.decodeNil() ? nil : try container.decode(Value.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let box { try container.encode(box.value) } else { try container.encodeNil() }
    }
}

// A missing value has no key, as with an optional: what is synthesized for a wrapped property asks these.
extension KeyedEncodingContainer {
    package mutating func encode<Value>(_ value: OutOfLine<Value>, forKey key: Key) throws {
        try encodeIfPresent(value.wrappedValue, forKey: key)
    }
}

extension KeyedDecodingContainer {
    package func decode<Value>(_ type: OutOfLine<Value>.Type, forKey key: Key) throws -> OutOfLine<Value> {
        OutOfLine(wrappedValue: try decodeIfPresent(Value.self, forKey: key))
    }
}
