/// A physical function and what it makes, with the three counts that need not agree.
package struct SRIOVTree: Hashable, Codable, Sendable {
    package var parent: PCIAddress
    /// `sriov_totalvfs`: what the driver allows. This is the one that a change must keep to.
    package var allowed: Int
    /// TotalVFs of the capability: what the hardware could; nil: the capability was not read.
    package var capable: Int?
    /// `sriov_numvfs`
    package var active: Int
    /// In the order of their index.
    package var virtualFunctions: [PCIAddress]

    package init(parent: PCIAddress, allowed: Int, capable: Int?, active: Int, virtualFunctions: [PCIAddress]) {
        self.parent = parent
        self.allowed = allowed
        self.capable = capable
        self.active = active
        self.virtualFunctions = virtualFunctions
    }

    /// How many more the driver would make. The number of active ones changes only by way of 0.
    package var free: Int { max(0, allowed - active) }
}

extension Inventory {
    /// Every physical function, sorted by address.
    package var sriovTrees: [SRIOVTree] {
        functions.compactMap { function in
            guard case .physical(let total, let active, let children) = function.role else { return nil }
            return SRIOVTree(
                parent: function.address, allowed: total, capable: function.details?.capabilities?.sriov?.totalVFs,
                active: active, virtualFunctions: children)
        }
    }
}

extension HostSurvey {
    /// The mediated devices that a function, or one of its virtual functions, carries: it cannot be lent while there are
    /// any.
    package func mediatedDevices(on address: PCIAddress, in inventory: Inventory) -> [MediatedDevice] {
        var carriers: Set<PCIAddress> = [address]
        if case .physical(_, _, let children)? = inventory[address]?.role { carriers.formUnion(children) }
        return mediatedDevices.filter { $0.parent.map(carriers.contains) ?? false }
    }

    /// Virtual functions of a card on which a vGPU type is set (vendor-VFIO), sorted.
    package func virtualGPUs(on address: PCIAddress, in inventory: Inventory) -> [MediatedParent] {
        guard case .physical(_, _, let children)? = inventory[address]?.role else {
            return mediatedParents.filter { $0.address == address && $0.currentType != nil }
        }
        let carriers = Set(children + [address])
        return mediatedParents.filter { carriers.contains($0.address) && $0.currentType != nil }
    }
}
