import PatchbayCore

/// A decoder over a parsed body that names what it does not like by its path: `rules[0].conditions[1].field`.
///
/// A key that the type's `CodingKeys` do not have is unknown. Throws `Problem` only.
struct StrictDecoder: Decoder {
    let value: JSONValue
    let codingPath: [any CodingKey]
    /// The names to offer when one is unknown; empty: not known here.
    let fields: [String]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ value: JSONValue, path: [any CodingKey], fields: [String] = []) {
        self.value = value
        self.codingPath = path
        self.fields = fields
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = value else { throw mismatch("an object") }
        for name in members.keys.sorted() where Key(stringValue: name) == nil {
            let path = (codingPath + [TextPathKey(name)]).text
            throw Problem(
                .unknownField, "\"\(path)\" is not a field of this request.",
                next: fields.isEmpty ? ["Leave it out."] : ["Leave it out; known are \(fields.quoted)."])
        }
        return KeyedDecodingContainer(StrictKeyedContainer<Key>(members: members, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .list(let elements) = value else { throw mismatch("a list") }
        return StrictListContainer(elements: elements, codingPath: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func mismatch(_ wanted: String) -> Problem {
        let place = codingPath.isEmpty ? "The body" : "\"\(codingPath.text)\""
        return Problem(
            .malformedInput, "\(place) must be \(wanted), not \(value.word).",
            next: ["Send \(wanted) there."])
    }
}

extension StrictDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value == .null }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard case .bool(let flag) = value else { throw mismatch("true or false") }
        return flag
    }

    func decode(_ type: String.Type) throws -> String {
        guard case .text(let text) = value else { throw mismatch("text") }
        return text
    }

    func decode(_ type: Int.Type) throws -> Int {
        guard case .integer(let number) = value else { throw mismatch("a whole number") }
        return number
    }

    func decode(_ type: Double.Type) throws -> Double {
        switch value {
        case .number(let number): return number
        case .integer(let number): return Double(number)
        case .null, .bool, .text, .list, .object: throw mismatch("a number")
        }
    }

    private func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        guard case .integer(let number) = value, let exact = Number(exactly: number) else {
            throw mismatch("a whole number from \(Number.min) to \(Number.max)")
        }
        return exact
    }

    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            let fields = (type as? any WireRequest.Type)?.fieldNames ?? []
            return try Value(from: StrictDecoder(value, path: codingPath, fields: fields))
        } catch let problem as Problem {
            throw problem
        } catch {
            throw mismatch((type as? any ChoiceList.Type)?.choices ?? "something else")
        }
    }
}

/// An enum of words, so that a wrong one is answered with the right ones.
protocol ChoiceList {
    static var choices: String { get }
}

extension ChoiceList where Self: CaseIterable & RawRepresentable, RawValue == String {
    static var choices: String { "one of " + allCases.map(\.rawValue).quoted }
}

extension PoolClass: ChoiceList {}
extension Pool.Preparation: ChoiceList {}
extension GuestSpec.Accelerator: ChoiceList {}
extension PinPolicy: ChoiceList {}
extension NUMAPolicy: ChoiceList {}
extension GroupPolicy: ChoiceList {}
extension TopologyPolicy: ChoiceList {}
extension PlacementStrategy: ChoiceList {}
extension ClaimOwner.Kind: ChoiceList {}

/// A path element by name.
struct TextPathKey: CodingKey {
    var stringValue: String
    var intValue: Int?
    init(_ text: String) { stringValue = text }
    init(index: Int) {
        stringValue = "\(index)"
        intValue = index
    }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { self.init(index: intValue) }
}

extension [any CodingKey] {
    /// `rules[0].conditions[1].field`
    var text: String {
        reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + key.stringValue
            }
        }
    }
}
