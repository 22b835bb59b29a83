/// Which functions the IOMMU cannot tell apart by what they announce, and why: the kernel's way to make groups, followed
/// on capability bits alone.
///
/// The kernel also has a list of parts that isolate without announcing it, or fail to although they do: the bits explain,
/// the kernel's groups decide. Source: `pci_device_group` in `drivers/iommu/iommu.c`, `pci_acs_enabled` in
/// `drivers/pci/pci.c`, `pci_for_each_dma_alias` in `drivers/pci/search.c`.
struct IsolationGraph: Sendable {
    /// Two functions that share a group.
    struct Tie: Hashable, Sendable {
        var ends: [PCIAddress]
        var cause: IsolationCause
    }

    private(set) var ties: [Tie] = []
    /// Functions of which a config space on the way could not be read: what is said about them may be wrong.
    private(set) var unread: Set<PCIAddress> = []
    private let inventory: Inventory
    private let topology: PCITopology

    init(_ inventory: Inventory) {
        self.inventory = inventory
        topology = PCITopology(inventory)
        for function in inventory.functions { tie(function) }
    }

    private mutating func tie(_ function: PCIFunction) {
        var ancestors = topology.ancestors(of: function.address)
        if ([function.address] + ancestors).contains(where: { !inventory.isAnnounced($0) }) {
            unread.insert(function.address)
        }
        var lowest = function.address
        // Behind a bridge to conventional PCI the bridge speaks for all: the outermost such bridge stands for them.
        if let bridge = ancestors.last(where: { inventory.isConventionalBridge($0) }) {
            ties.append(Tie(ends: [function.address, bridge], cause: .conventionalBridge(bridge)))
            lowest = bridge
            ancestors = topology.ancestors(of: bridge)
        }
        while let port = ancestors.first {
            let leaks = ancestors.filter { !inventory.keepsApart($0, among: topology) }
            if leaks.isEmpty { break }
            ties.append(Tie(ends: [lowest, port], cause: .ports(leaks)))
            lowest = port
            ancestors.removeFirst()
        }
        tieToMates(lowest)
    }

    private mutating func tieToMates(_ address: PCIAddress) {
        let mates = topology.functions(ofDeviceOf: address)
        guard mates.count > 1, !inventory.keepsApart(address, among: topology) else { return }
        let together = mates.filter { !inventory.keepsApart($0, among: topology) }
        if together.count > 1 { ties.append(Tie(ends: together, cause: .functions(together))) }
    }
}

extension Inventory {
    fileprivate func isAnnounced(_ address: PCIAddress) -> Bool {
        guard let function = self[address] else { return false }
        if case .virtual = function.role { return true }
        return function.details?.capabilities != nil
    }

    /// A bridge of which one side is no PCI Express: requests from behind it carry the bridge's id, or none of their own.
    fileprivate func isConventionalBridge(_ address: PCIAddress) -> Bool {
        guard let function = self[address], function.isBridge, let capabilities = function.details?.capabilities else {
            return false
        }
        return switch capabilities.express?.portType {
        case .toConventionalBridge, .fromConventionalBridge: true
        case .rootPort, .upstreamPort, .downstreamPort, .endpoint, .legacyEndpoint, .integratedEndpoint,
            .eventCollector:
            false
        case nil: capabilities.express == nil
        }
    }

    /// Whether requests of a function reach nothing but what the IOMMU lets them. True where that is not known, so that
    /// only what the bits show is ever given as a cause.
    fileprivate func keepsApart(_ address: PCIAddress, among topology: PCITopology) -> Bool {
        guard let function = self[address], let capabilities = function.details?.capabilities else { return true }
        guard let express = capabilities.express else { return false }
        switch express.portType {
        case .toConventionalBridge, .fromConventionalBridge, .eventCollector: return false
        case .rootPort, .downstreamPort: return capabilities.acs?.isolates ?? false
        case .endpoint, .legacyEndpoint, .upstreamPort, .integratedEndpoint:
            let isAlone = topology.functions(ofDeviceOf: address).count == 1
            return isAlone || capabilities.acs?.isolates ?? false
        case nil: return true
        }
    }
}
