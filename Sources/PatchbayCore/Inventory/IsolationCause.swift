/// Why functions share an IOMMU group.
enum IsolationCause: Hashable, Sendable {
    /// Ports on the way to the root bus that let requests turn around. Nearest first.
    case ports([PCIAddress])
    /// Functions of one device that announce no ACS between them.
    case functions([PCIAddress])
    case conventionalBridge(PCIAddress)

    /// One sentence a fact.
    func sentences(in inventory: Inventory) -> [String] {
        switch self {
        case .ports(let ports): ports.map { Self.sentence(about: $0, in: inventory) }
        case .conventionalBridge(let bridge):
            ["\(bridge) leads to conventional PCI: devices behind it use the bridge's requester ID."]
        case .functions(let functions):
            ["\(Self.list(functions)) are functions of one device that does not report ACS between them."]
        }
    }

    private static func sentence(about port: PCIAddress, in inventory: Inventory) -> String {
        let capabilities = inventory[port]?.details?.capabilities
        let name = "\(port)\(capabilities?.express?.portType.map { " (\($0.words))" } ?? "")"
        guard let acs = capabilities?.acs else {
            return "\(name) lacks ACS: devices behind it may bypass the IOMMU."
        }
        return "\(name) has ACS turned off for \(acs.missing.words)."
    }

    private static func list(_ addresses: [PCIAddress]) -> String {
        guard addresses.count > 4, let first = addresses.first, let last = addresses.last else {
            return addresses.map(\.description).joined(separator: ", ")
        }
        return "\(first) to \(last)"
    }
}

extension ACS {
    /// The bits that the kernel wants of what the port has, and that are off (`pci_acs_flags_enabled`).
    var missing: Bits { Bits.forIsolation.intersection(capable).subtracting(enabled) }
    var isolates: Bool { missing.isEmpty }
}

extension ACS.Bits {
    private static let names: [(bit: ACS.Bits, name: String)] = [
        (.sourceValidation, "source validation"), (.translationBlocking, "translation blocking"),
        (.requestRedirect, "request redirect"), (.completionRedirect, "completion redirect"),
        (.upstreamForwarding, "upstream forwarding"), (.egressControl, "egress control"),
        (.directTranslated, "direct translated requests"),
    ]

    /// `source validation and request redirect`; empty when no bit is set.
    package var words: String {
        Self.names.filter { contains($0.bit) }.map(\.name).listed
    }
}

extension PCIExpressCapability.PortType {
    /// What a person calls it.
    package var words: String {
        switch self {
        case .endpoint: "endpoint"
        case .legacyEndpoint: "legacy endpoint"
        case .rootPort: "root port"
        case .upstreamPort: "switch upstream port"
        case .downstreamPort: "switch downstream port"
        case .toConventionalBridge: "bridge to conventional PCI"
        case .fromConventionalBridge: "bridge from conventional PCI"
        case .integratedEndpoint: "integrated endpoint"
        case .eventCollector: "event collector"
        }
    }
}
