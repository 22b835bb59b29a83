/// Reads one JSON text strictly (RFC 8259), byte by byte. Depth and length are bounded: it may come from anywhere.
struct NovaValueParser {
    static let longest = 1 << 20
    static let deepest = 32

    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func document() throws(Problem) -> NovaValue {
        guard bytes.count <= Self.longest else {
            throw Problem(
                .tooLarge, "The JSON text is longer than \(Self.longest) bytes.", next: ["Give less at once."])
        }
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw malformed("something follows the value") }
        return value
    }

    private mutating func value(depth: Int) throws(Problem) -> NovaValue {
        guard depth <= Self.deepest else { throw malformed("it is nested more than \(Self.deepest) deep") }
        skipSpace()
        guard let next else { throw malformed("a value is missing") }
        switch next {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try list(depth)
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw malformed("this begins no value")
        }
    }

    private mutating func object(_ depth: Int) throws(Problem) -> NovaValue {
        var fields: [String: NovaValue] = [:]
        position += 1
        skipSpace()
        if take("}") { return .object(fields) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw malformed("a key in double quotes is missing") }
            let key = try string()
            skipSpace()
            guard take(":") else { throw malformed("a colon is missing") }
            fields[key] = try value(depth: depth + 1)
            skipSpace()
            if take("}") { return .object(fields) }
            guard take(",") else { throw malformed("a comma or the closing brace is missing") }
        }
    }

    private mutating func list(_ depth: Int) throws(Problem) -> NovaValue {
        var values: [NovaValue] = []
        position += 1
        skipSpace()
        if take("]") { return .list(values) }
        while true {
            values.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .list(values) }
            guard take(",") else { throw malformed("a comma or the closing bracket is missing") }
        }
    }

    private mutating func word(_ word: StaticString, _ value: NovaValue) throws(Problem) -> NovaValue {
        let letters = Array(word.description.utf8)
        guard bytes[position...].starts(with: letters) else { throw malformed("this begins no value") }
        position += letters.count
        return value
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    private mutating func number() throws(Problem) -> String {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() throws(Problem) {
        let start = position
        while let byte = next, (48...57).contains(byte) { position += 1 }
        guard position > start else { throw malformed("a digit is missing") }
    }

    private mutating func string() throws(Problem) -> String {
        var text: [UInt8] = []
        position += 1
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += try escaped()
            case 0..<0x20: throw malformed("a control character stands in a text")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw malformed("a text is never closed")
    }

    private mutating func escaped() throws(Problem) -> [UInt8] {
        position += 1
        let letter = next
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return letter.map { [$0] } ?? []
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"): return Array(String(try scalar()).utf8)
        default:
            position = min(position - 1, bytes.count)
            throw malformed("there is no such escape")
        }
    }

    /// Four hexadecimal digits, or two times four for what lies above U+FFFF. Half a pair becomes U+FFFD.
    private mutating func scalar() throws(Problem) -> Unicode.Scalar {
        let first = try unit()
        guard (0xd800..<0xdc00).contains(first), bytes[position...].starts(with: Array("\\u".utf8)) else {
            return Unicode.Scalar(first) ?? "\u{fffd}"
        }
        let back = position
        position += 2
        let second = try unit()
        guard (0xdc00..<0xe000).contains(second) else {
            position = back
            return "\u{fffd}"
        }
        return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)) ?? "\u{fffd}"
    }

    private mutating func unit() throws(Problem) -> UInt32 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy(\.isHexDigit),
            let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw malformed("four hexadecimal digits are missing") }
        position += 4
        return unit
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 32 || byte == 9 || byte == 10 || byte == 13 { position += 1 }
    }

    private func malformed(_ what: String) -> Problem {
        let column = String(decoding: bytes[..<min(position, bytes.count)], as: UTF8.self).unicodeScalars.count + 1
        return Problem(
            .malformedInput, "Column \(column) of the JSON text: \(what).",
            next: ["Check its quotes, commas and brackets."])
    }
}
