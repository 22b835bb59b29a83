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
    package init?(printed text: some StringProtocol) { self.init(text: String(text)) }

    /// In one pass over the bytes: stores and inventories are full of addresses.
    private init?(text: String) {
        var (first, second, slot, last) = (HexField(), HexField(), HexField?.none, HexField())
        var colons = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: ":"):
                guard slot == nil, colons < 2 else { return nil }
                if colons == 0 { first = last } else { second = last }
                colons += 1
                last = HexField()
            case UInt8(ascii: "."):
                guard slot == nil else { return nil }
                slot = last
                last = HexField()
            default: guard last.append(byte) else { return nil }
            }
        }
        guard colons > 0, let domain = colons == 2 ? first.number(of: 4...8) : 0,
            let bus = (colons == 2 ? second : first).number(of: 2...2),
            let slot = slot?.number(of: 2...2), let function = last.number(of: 1...1)
        else { return nil }
        self.init(domain: domain, bus: UInt8(bus), slot: UInt8(slot), function: UInt8(function))
    }

    /// Whether a name that somebody types is meant as an address, in any form and be it out of range: `pci_0000_2a_50_1`.
    package static func isMeant(by text: String) -> Bool { AddressSpelling.isMeant(by: text) }
}

/// Hexadecimal digits that are being read; eight at most.
private struct HexField {
    private var value: UInt32 = 0
    private var digits = 0

    /// False: it is no such digit, or one too many.
    mutating func append(_ byte: UInt8) -> Bool {
        guard digits < 8, let digit = byte.hexDigit else { return false }
        value = value << 4 | UInt32(digit)
        digits += 1
        return true
    }

    /// nil: not so many digits.
    func number(of digits: ClosedRange<Int>) -> UInt32? { digits.contains(self.digits) ? value : nil }
}

extension PCIAddress: CustomStringConvertible {
    /// As the kernel prints it: `%04x:%02x:%02x.%d`.
    package var description: String { text(withDomain: true) }
    /// Without the domain when that is 0: `41:00.0`.
    package var short: String { text(withDomain: domain != 0) }

    private func text(withDomain: Bool) -> String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            var count = 0
            func put(_ byte: UInt8) {
                buffer[count] = byte
                count += 1
            }
            func put(_ number: UInt32, digits: Int) {
                for digit in (0..<digits).reversed() { put(UInt8(number >> (4 * digit) & 0xf).hexCharacter) }
            }
            if withDomain {
                put(domain, digits: Swift.max(4, (35 - domain.leadingZeroBitCount) / 4))
                put(UInt8(ascii: ":"))
            }
            put(UInt32(bus), digits: 2)
            put(UInt8(ascii: ":"))
            put(UInt32(slot), digits: 2)
            put(UInt8(ascii: "."))
            put(function.hexCharacter)
            return count
        }
    }
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
    var isHexDigit: Bool { hexDigit != nil }

    /// What an ASCII hexadecimal digit of either case stands for; nil: it is something else.
    fileprivate var hexDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The lower-case ASCII digit of 0...15.
    fileprivate var hexCharacter: UInt8 { self < 10 ? self + UInt8(ascii: "0") : self - 10 + UInt8(ascii: "a") }
}

extension FixedWidthInteger {
    /// Lower-case hexadecimal, padded with zeros to at least `digits`.
    package func hex(_ digits: Int) -> String {
        let text = String(self, radix: 16)
        return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
    }
}
