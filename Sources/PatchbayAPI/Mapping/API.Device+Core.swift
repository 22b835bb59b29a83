import PatchbayCore

extension API.Device {
    /// What stands beside a function's own facts: derived from inventory and allocations, never stored.
    package struct Standing: Sendable {
        package var state: DeviceState
        package var reason: String
        package var pools: [String]
        package var vm: String?
        package var binding: PatchbayCore.Binding?
        package init(
            state: DeviceState, reason: String, pools: [String], vm: String?, binding: PatchbayCore.Binding?
        ) {
            self.state = state
            self.reason = reason
            self.pools = pools
            self.vm = vm
            self.binding = binding
        }
    }

    package init(_ function: PCIFunction, in inventory: Inventory, standing: Standing) {
        let id = DeviceID(host: inventory.host.name, key: function.key)
        let unit = inventory.unit(of: function.address)
        let sriov = function.role.sriov
        let staying = (unit?.bridges ?? []).map { (name: $0.description, isBridge: inventory[$0]?.isBridge ?? true) }
        let parked = staying.filter { !$0.isBridge }.map(\.name)
        self.init(
            id: id.description, shortID: id.short, host: id.host, address: function.address.description,
            name: function.name, vendorID: function.id.vendor.hex(4), deviceID: function.id.device.hex(4),
            vendorName: function.vendorName, deviceName: function.deviceName,
            subsystemID: function.subsystem?.description, subsystemName: function.subsystemName,
            classCode: function.deviceClass.description, className: function.className,
            revision: function.revision?.hex(2), driver: function.driver, driverOverride: function.driverOverride,
            iommuGroup: function.iommuGroup?.rawValue, numaNode: function.numaNode?.rawValue,
            role: function.role.word, parent: sriov.parent?.description, totalVFs: sriov.total,
            activeVFs: sriov.active, isBridge: function.isBridge, isBootDisplay: function.isBootDisplay,
            bars: function.bars.map(API.BAR.init), resetMethods: function.resetMethods,
            topologyPath: function.topologyPath, nodes: function.nodes, state: standing.state,
            reason: standing.reason, companions: unit?.companions.map(\.description) ?? [],
            bridges: staying.filter(\.isBridge).map(\.name), parked: parked.isEmpty ? nil : parked,
            waysOut: inventory.waysOut(of: function.address), pools: standing.pools, vm: standing.vm,
            hostUses: (inventory.hostUses[function.address] ?? []).map(API.HostUse.init),
            binding: standing.binding.map(API.Binding.init), verdict: inventory.verdict(of: function.address))
    }
}

extension API.BAR {
    package init(_ bar: PatchbayCore.BAR) {
        self.init(
            index: bar.index, sizeBytes: bar.size, kind: bar.kind.rawValue, isPrefetchable: bar.isPrefetchable)
    }
}

extension API.HostUse {
    package init(_ use: PatchbayCore.HostUse) {
        self.init(
            reason: use.reason.rawValue, severity: use.severity.rawValue, chain: use.chain, sentence: use.sentence)
    }
}

extension API.Binding {
    package init(_ binding: PatchbayCore.Binding) {
        self.init(originalDriver: binding.originalDriver, plan: binding.plan)
    }
}

extension PCIRole {
    fileprivate var sriov: (parent: PCIAddress?, total: Int?, active: Int?) {
        switch self {
        case .plain: (nil, nil, nil)
        case .physical(let total, let active, _): (nil, total, active)
        case .virtual(let parent, _): (parent, nil, nil)
        }
    }
}

extension Sequence where Element == API.Device {
    /// How many are in each state; every state is a key.
    package var countsByState: [String: Int] {
        var counts = Dictionary(uniqueKeysWithValues: DeviceState.allCases.map { ($0.rawValue, 0) })
        for device in self { counts[device.state.rawValue, default: 0] += 1 }
        return counts
    }
}
