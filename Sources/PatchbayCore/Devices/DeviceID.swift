/// A device on a host: `atlas/0000:41:00.0`.
package struct DeviceID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let host: String
    package let address: PCIAddress

    package init(host: String, address: PCIAddress) {
        self.host = host
        self.address = address
    }

    /// Parses `HOST/ADDRESS`.
    package init(_ text: some StringProtocol) throws(Problem) {
        guard let slash = text.firstIndex(of: "/"), slash != text.startIndex else {
            throw Problem(
                .malformedAddress, "\"\(text)\" does not name a device.",
                next: ["Write HOST/ADDRESS, for example atlas/41:00.0."])
        }
        self.host = String(text[..<slash])
        self.address = try PCIAddress(text[text.index(after: slash)...])
    }

    package var description: String { "\(host)/\(address)" }
    /// For people: without the domain when that is 0.
    package var short: String { "\(host)/\(address.short)" }
    package static func < (a: DeviceID, b: DeviceID) -> Bool { (a.host, a.address) < (b.host, b.address) }
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
