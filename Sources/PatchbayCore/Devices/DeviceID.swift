/// A device on a host: `atlas/0000:41:00.0`.
package struct DeviceID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let host: String
    package let key: DeviceKey

    package init(host: String, key: DeviceKey) {
        self.host = host
        self.key = key
    }

    /// Parses `HOST/ADDRESS`.
    package init(_ text: some StringProtocol) throws(Problem) {
        let text = String(text)
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")), slash != text.startIndex else {
            throw Problem(
                .malformedAddress, "\"\(text)\" is not a valid device name.",
                next: ["Write HOST/ADDRESS, for example atlas/41:00.0."])
        }
        self.host = String(text[..<slash])
        self.key = try DeviceKey(text[text.index(after: slash)...])
    }

    package var description: String { "\(host)/\(key)" }
    /// For people: without the domain when that is 0.
    package var short: String { "\(host)/\(key.short)" }
    package static func < (a: DeviceID, b: DeviceID) -> Bool { (a.host, a.key) < (b.host, b.key) }
}

extension DeviceID: Codable {
    package init(from decoder: any Decoder) throws {
        self = try DeviceID(try decoder.singleValueContainer().decode(String.self))
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
