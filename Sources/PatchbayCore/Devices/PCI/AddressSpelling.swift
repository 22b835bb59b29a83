/// The address of a function as a program writes it, cut into its parts: people paste all of these, and each means one
/// address.
///
/// | form | who writes it |
/// | --- | --- |
/// | `0000:3b:0a.1` `3b:0a.1` | the kernel, lspci; NVIDIA's tools with a domain of eight digits |
/// | `pci_0000_3b_0a_1` | libvirt, as the name of a node device |
/// | `pci-0000:3b:0a.1` `pci@0000:3b:0a.1` `pci:0000:3b:0a.1` | udev's paths, lshw, DPDK |
/// | `0000.3b.0a.1` | tools that keep the colon for themselves |
/// | `PCI:59:10:1` `PCI:59@0:10:1` | Xorg's BusID: decimal, bus before domain, and without a function it is 0 |
///
/// Source: libvirt's `src/node_device`; xorg.conf(5), BusID.
struct AddressSpelling {
    private enum Part: String {
        case domain, bus, slot, function

        /// The highest there is; the lowest is 0.
        var highest: UInt64 {
            switch self {
            case .domain: 0xffff_ffff
            case .bus: 0xff
            case .slot: 0x1f
            case .function: 7
            }
        }

        /// How many hexadecimal digits it is written with.
        var digits: ClosedRange<Int> {
            switch self {
            case .domain: 4...8
            case .bus, .slot: 2...2
            case .function: 1...1
            }
        }

        var plural: String {
            switch self {
            case .domain: "domains"
            case .bus: "buses"
            case .slot: "slots"
            case .function: "functions"
            }
        }
    }

    private let parts: [(part: Part, digits: Substring)]
    private let isDecimal: Bool

    /// Throws `.malformedAddress`, with the part that is out of range where it is only that.
    static func address(typed text: String) throws(Problem) -> PCIAddress {
        guard text.utf8.count <= longest, let spelling = AddressSpelling(text) else {
            throw malformed(text, because: withoutFunction(text) ?? "")
        }
        do throws(Fault) { return try spelling.address() } catch {
            switch error {
            case .malformed: throw malformed(text)
            case .outOfRange(let reason): throw malformed(text, because: reason)
            }
        }
    }

    /// What `address(typed:)` says is missing or out of range: `: its slot is 50, and slots go from 00 to 1f`; nil: nothing is.
    static func fault(_ text: String) -> String? {
        guard text.utf8.count <= longest, let spelling = AddressSpelling(text) else { return withoutFunction(text) }
        do throws(Fault) { _ = try spelling.address() } catch {
            if case .outOfRange(let reason) = error { return reason }
        }
        return nil
    }

    /// A card is named, as in `lspci -s 3b:0a`, and none of its functions.
    private static func withoutFunction(_ text: String) -> String? {
        guard text.contains(":"), let first = PCIAddress(printed: "\(text).0") else { return nil }
        return ": its function number is missing (\(first.short) to \(first.short.dropLast())7)"
    }

    static func malformed(_ text: String, because reason: String = "") -> Problem {
        Problem(
            .malformedAddress, "\"\(text)\" is not a PCI address\(reason).",
            next: ["Write a PCI device as DDDD:BB:SS.F, for example 0000:41:00.0 or, without the domain, 41:00.0."])
    }

    /// Bytes; no address is longer in any form.
    private static let longest = 64

    /// nil: it is of no form that is known.
    private init?(_ text: String) {
        let start = text.prefix(4).lowercased()
        let isXorgs = start == "pci:" && !text.contains(".")
        let numbers: [Substring]?
        switch start {
        case "pci-", "pci@": numbers = Self.kernel(text.dropFirst(4))
        case "pci:": numbers = isXorgs ? Self.xorg(text.dropFirst(4)) : Self.kernel(text.dropFirst(4))
        case "pci_": numbers = Self.pieces(text.dropFirst(4), by: "_")
        default: numbers = text.contains(":") ? Self.kernel(text[...]) : Self.pieces(text[...], by: ".")
        }
        // Names of pools and VMs may have dots and underscores, so those forms count with their domain only.
        guard let numbers, numbers.count == 4 || (numbers.count == 3 && text.contains(":")) else { return nil }
        let names: [Part] = [.domain, .bus, .slot, .function]
        isDecimal = isXorgs
        parts = zip(names.suffix(numbers.count), numbers).map { (part: $0, digits: $1) }
    }

    private static func pieces(_ text: Substring, by separator: Character) -> [Substring] {
        text.split(separator: separator, omittingEmptySubsequences: false)
    }

    private static func kernel(_ text: Substring) -> [Substring]? {
        let colons = pieces(text, by: ":")
        guard let tail = colons.last, case let dots = pieces(tail, by: "."), dots.count == 2 else { return nil }
        return colons.dropLast() + dots
    }

    private static func xorg(_ text: Substring) -> [Substring]? {
        let colons = pieces(text, by: ":")
        guard colons.count == 2 || colons.count == 3 else { return nil }
        let bus = pieces(colons[0], by: "@")
        guard bus.count <= 2 else { return nil }
        return bus.reversed() + [colons[1], colons.count == 3 ? colons[2] : "0"]
    }

    /// Whether a text is meant as an address, be it out of range or not.
    static func isMeant(by text: String) -> Bool {
        guard text.utf8.count <= longest, let spelling = AddressSpelling(text) else { return false }
        return spelling.isDecimal
            || spelling.parts.allSatisfy { part, digits in
                part.digits.contains(digits.utf8.count) && digits.utf8.allSatisfy(\.isHexDigit)
            }
    }

    private enum Fault: Error {
        case malformed
        /// `: its slot is 50, and slots go from 00 to 1f`
        case outOfRange(String)
    }

    private func address() throws(Fault) -> PCIAddress {
        var numbers: [Part: UInt64] = [:]
        for (part, digits) in parts { numbers[part] = try number(part, digits) }
        guard let bus = numbers[.bus], let slot = numbers[.slot], let function = numbers[.function],
            let address = PCIAddress(
                domain: UInt32(numbers[.domain] ?? 0), bus: UInt8(bus), slot: UInt8(slot), function: UInt8(function))
        else { throw .malformed }
        return address
    }

    private func number(_ part: Part, _ digits: Substring) throws(Fault) -> UInt64 {
        let isNumber = digits.utf8.allSatisfy { isDecimal ? (48...57).contains($0) : $0.isHexDigit }
        guard isNumber, (1...16).contains(digits.utf8.count), let number = UInt64(digits, radix: isDecimal ? 10 : 16)
        else { throw .malformed }
        guard number <= part.highest else {
            throw .outOfRange(": its \(part.rawValue) is \(digits), and \(part.plural) go from \(range(of: part))")
        }
        guard isDecimal || part.digits.contains(digits.utf8.count) else { throw .malformed }
        return number
    }

    private func range(of part: Part) -> String {
        guard !isDecimal else { return "0 to \(part.highest)" }
        let width = part.digits.lowerBound
        return "\(0.hex(width)) to \(part.highest.hex(width))"
    }
}
