import Foundation

/// Finds an object of a JSON text that has a name twice: readers differ in which of the two they believe, so neither is.
struct DuplicateKeys {
    private let bytes: [UInt8]
    private var at = 0
    /// Names so far, by open object; nil: a list.
    private var open: [Set<String>?] = []

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The first such name; nil: there is none.
    ///
    /// - Parameter bytes: well-formed JSON.
    static func first(in bytes: [UInt8]) -> String? {
        var search = DuplicateKeys(bytes)
        return search.first()
    }

    private mutating func first() -> String? {
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "{"): open.append([])
            case UInt8(ascii: "["): open.append(nil)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
            case UInt8(ascii: "\""):
                let text = text()
                if isFollowedByColon, !open.isEmpty, let name = Self.unescaped(text),
                    open[open.count - 1]?.insert(name).inserted == false
                {
                    return name
                }
            default: break
            }
            at += 1
        }
        return nil
    }

    /// With its quotes; leaves `at` at the closing one.
    private mutating func text() -> ArraySlice<UInt8> {
        let start = at
        at += 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
        return bytes[start...min(at, bytes.count - 1)]
    }

    private var isFollowedByColon: Bool {
        var next = at + 1
        while next < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[next]) { next += 1 }
        return next < bytes.count && bytes[next] == UInt8(ascii: ":")
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) -> String? {
        guard text.contains(UInt8(ascii: "\\")) else {
            return String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
        }
        return try? JSONDecoder().decode(String.self, from: Data(text))
    }
}
