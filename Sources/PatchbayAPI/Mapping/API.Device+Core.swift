import PatchbayCore
import PatchbayText

extension API.Device {
    /// What stands beside a function's own facts: derived from inventory and allocations, never stored.
    package struct Standing: Sendable {
        package var state: DeviceState
        package var reason: String
        package var pools: [String]
        package var holder: PatchbayCore.ClaimOwner?
        package var binding: PatchbayCore.Binding?
        package init(
            state: DeviceState, reason: String, pools: [String], holder: PatchbayCore.ClaimOwner?,
            binding: PatchbayCore.Binding?
        ) {
            self.state = state
            self.reason = reason
            self.pools = pools
            self.holder = holder
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
            id: id.description, shortID: id.short, host: id.host, kind: .pci, address: function.address.description,
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
            waysOut: inventory.waysOut(of: function.address)?.lines, pools: standing.pools,
            holder: standing.holder?.words,
            vm: standing.holder?.vm,
            hostUses: (inventory.hostUses[function.address] ?? []).map(API.HostUse.init),
            binding: standing.binding.map(API.Binding.init), verdict: inventory.verdict(of: function.address))
    }
}

extension API.Device {
    /// nil: the inventory does not have it.
    package init?(_ key: DeviceKey, in inventory: Inventory, standing: Standing) {
        switch key {
        case .pci(let address):
            guard let function = inventory[address] else { return nil }
            self.init(function, in: inventory, standing: standing)
        case .usb(let address):
            guard let device = inventory[address] else { return nil }
            self.init(device, in: inventory, standing: standing)
        }
    }

    package init(_ device: PatchbayCore.USBDevice, in inventory: Inventory, standing: Standing) {
        let id = DeviceID(host: inventory.host.name, key: device.key)
        let drivers = Set(device.interfaces.compactMap(\.driver)).sorted()
        let code = device.interfaces.first?.interfaceClass ?? device.deviceClass
        self.init(
            id: id.description, shortID: id.short, host: id.host, kind: .usb, address: device.key.description,
            name: device.name, vendorID: device.vendor.hex(4), deviceID: device.product.hex(4),
            vendorName: device.vendorName, deviceName: device.productName, classCode: code.hex(2),
            className: PatchbayCore.USBInterface.className(code),
            driver: drivers.isEmpty ? nil : drivers.joined(separator: ","),
            numaNode: device.topology(in: inventory).node?.rawValue, parent: device.port.controller?.description,
            isBridge: device.isHub, bars: [], topologyPath: inventory.socket(of: device).description,
            nodes: device.nodes, state: standing.state, reason: standing.reason, companions: [], bridges: [],
            pools: standing.pools, holder: standing.holder?.words, vm: standing.holder?.vm,
            hostUses: (inventory.hostUses[device.key] ?? []).map(API.HostUse.init),
            binding: standing.binding.map(API.Binding.init), verdict: inventory.verdict(of: device.key))
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
        self.init(originalDriver: binding.kept.drivers, plan: binding.plan)
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

extension PatchbayCore.Binding.Kind {
    /// nil: it had none.
    fileprivate var drivers: String? {
        switch self {
        case .pci(let driver, _): driver
        case .usb(let drivers): drivers.isEmpty ? nil : Set(drivers.values).sorted().joined(separator: ",")
        }
    }
}
