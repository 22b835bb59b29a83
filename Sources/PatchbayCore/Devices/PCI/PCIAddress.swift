/// Where a PCI function is today: `DDDD:BB:SS.F`. Not an identity: bus numbers change when a card is added.
///
/// Domains may be wider than 16 bits (Intel VMD counts from 0x10000), so the text form has four *or more* digits.
/// Source: `Documentation/ABI/testing/sysfs-bus-pci`; ranges from the PCI Local Bus Specification 3.0, section 3.2.2.3.2.
package struct PCIAddress: Hashable, Sendable {
    package let domain: UInt32
    package let bus: UInt8
    /// 0...31
    package let slot: UInt8
    /// 0...7
    package let function: UInt8

    /// - Returns: nil when slot or function are out of range.
    package init?(domain: UInt32 = 0, bus: UInt8, slot: UInt8, function: UInt8) {
        guard slot <= 0x1f, function <= 7 else { return nil }
        self.domain = domain
        self.bus = bus
        self.slot = slot
        self.function = function
    }

    /// Parses what a person types: the kernel's form, with or without its domain, or another of `AddressSpelling`.
    package init(_ text: some StringProtocol) throws(Problem) {
        guard let address = PCIAddress(printed: text) else {
            self = try AddressSpelling.address(typed: String(text))
            return
        }
        self = address
    }

    /// Parses what the kernel and Patchbay print, and nothing else: `0000:41:00.0`, `10000:e1:00.0` or, without a domain,
    /// `41:00.0`.
    package init?(printed text: some StringProtocol) {
        let colons = text.split(separator: ":", omittingEmptySubsequences: false)
        guard colons.count == 2 || colons.count == 3, let tail = colons.last else { return nil }
        let dots = tail.split(separator: ".", omittingEmptySubsequences: false)
        guard dots.count == 2,
            let domain = colons.count == 3 ? Self.hex(colons[0], digits: 4...8) : 0,
            let bus = Self.hex(colons[colons.count - 2], digits: 2...2),
            let slot = Self.hex(dots[0], digits: 2...2),
            let function = Self.hex(dots[1], digits: 1...1)
        else { return nil }
        self.init(domain: domain, bus: UInt8(bus), slot: UInt8(slot), function: UInt8(function & 0xff))
    }

    /// Whether a name that somebody types is meant as an address, in any form and be it out of range: `pci_0000_2a_50_1`.
    package static func isMeant(by text: String) -> Bool { AddressSpelling.isMeant(by: text) }

    private static func hex(_ text: some StringProtocol, digits: ClosedRange<Int>) -> UInt32? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy(\.isHexDigit) else { return nil }
        return UInt32(text, radix: 16)
    }
}

extension PCIAddress: CustomStringConvertible {
    /// As the kernel prints it: `%04x:%02x:%02x.%d`.
    package var description: String { "\(domain.hex(4)):\(bus.hex(2)):\(slot.hex(2)).\(function)" }
    /// Without the domain when that is 0: `41:00.0`.
    package var short: String { domain == 0 ? "\(bus.hex(2)):\(slot.hex(2)).\(function)" : description }
}

extension PCIAddress: Comparable {
    package static func < (a: PCIAddress, b: PCIAddress) -> Bool { a.number < b.number }
    /// The whole address as one number, in address order; the lowest three bits are the function.
    var number: Int { Int(domain) << 16 | Int(bus) << 8 | Int(slot) << 3 | Int(function) }
}

/// Written as its text, so that stored plans and inventories stay readable.
extension PCIAddress: Codable, CodingKeyRepresentable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let address = PCIAddress(printed: text) else { throw AddressSpelling.malformed(text) }
        self = address
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
    package var codingKey: any CodingKey { TextKey(stringValue: description) }
    package init?(codingKey: some CodingKey) {
        self.init(printed: codingKey.stringValue)
    }
}

/// A dictionary key that is any text.
struct TextKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension UInt8 {
    /// An ASCII hexadecimal digit of either case.
    var isHexDigit: Bool { (48...57).contains(self) || (97...102).contains(self) || (65...70).contains(self) }
}

extension FixedWidthInteger {
    /// Lower-case hexadecimal, padded with zeros to at least `digits`.
    package func hex(_ digits: Int) -> String {
        let text = String(self, radix: 16)
        return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
    }
}
