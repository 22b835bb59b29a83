/// Which device of its host: what the device's kind is told apart by there. Together with the host it is a `DeviceID`.
///
/// Says what is lent, held, bound or kept; what only PCI has (groups, bridges, drivers, sysfs) goes by `PCIAddress`. Each kind
/// that can be lent adds a case, and its text must be no other kind's: a PCI function's is its address, as ever.
package enum DeviceKey: Hashable, Sendable {
    /// A PCI function, by where it is today.
    case pci(PCIAddress)

    /// Parses what `description` or `short` prints, and nothing else.
    package init(_ text: some StringProtocol) throws(Problem) { self = .pci(try PCIAddress(text)) }

    /// Its function, where it is one.
    package var pci: PCIAddress? {
        switch self {
        case .pci(let address): address
        }
    }

    /// For people: a PCI address without the domain when that is 0.
    package var short: String {
        switch self {
        case .pci(let address): address.short
        }
    }
}

extension DeviceKey: CustomStringConvertible, Comparable {
    package var description: String {
        switch self {
        case .pci(let address): address.description
        }
    }

    /// PCI functions by address.
    package static func < (a: DeviceKey, b: DeviceKey) -> Bool {
        switch (a, b) {
        case (.pci(let a), .pci(let b)): a < b
        }
    }
}

/// Written as its text, as a value and as the key of a dictionary.
extension DeviceKey: Codable, CodingKeyRepresentable {
    package init(from decoder: any Decoder) throws {
        self = .pci(try PCIAddress(from: decoder))
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
    package var codingKey: any CodingKey { TextKey(stringValue: description) }
    package init?(codingKey: some CodingKey) {
        guard let address = PCIAddress(printed: codingKey.stringValue) else { return nil }
        self = .pci(address)
    }
}

extension PCIAddress {
    /// The key of the function that is there.
    package var key: DeviceKey { .pci(self) }
}

extension PCIFunction {
    package var key: DeviceKey { .pci(address) }
}

extension Inventory {
    package func index(of key: DeviceKey) -> Int? { key.pci.flatMap { index(of: $0) } }

    /// The function of a key; nil: there is none, or the key is of another kind.
    package subscript(key: DeviceKey) -> PCIFunction? { key.pci.flatMap { self[$0] } }

    package func unit(of key: DeviceKey) -> DeviceUnit? { key.pci.flatMap { unit(of: $0) } }
}
