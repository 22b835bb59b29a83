import PatchbayCore

/// A key of a mapping, whatever it is called.
private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Decoder {
    /// The mapping's values by key; fails, naming the key, when it has one that `Keys` does not.
    func strictContainer<Keys: CodingKey & CaseIterable>(_: Keys.Type) throws -> KeyedDecodingContainer<Keys> {
        let known = Keys.allCases.map(\.stringValue)
        for key in try container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            let place = codingPath.isEmpty ? "" : " in \(codingPath.map(\.stringValue).joined(separator: "."))"
            throw Problem(
                .unknownField, "There is no key \"\(key.stringValue)\"\(place).",
                next: ["Keys known there: \(known.joined(separator: ", "))."])
        }
        return try container(keyedBy: Keys.self)
    }
}

extension KeyedDecodingContainer {
    /// The value, or `fallback` when the key is not there.
    func value<Value: Decodable>(_ key: Key, or fallback: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: key) ?? fallback
    }
}
