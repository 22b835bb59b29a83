/// A device as conditions see it, whatever kind it is of.
package protocol DeviceFactSource {
    /// Whether a value of a field that compares as a number is as asked; false where the device has none.
    func hasNumber(of field: DeviceField, where isAsked: (Int) -> Bool) -> Bool
    /// The field as text; several where it has several values or several ways to be written. Empty: it has none.
    func texts(of field: DeviceField) -> [String]
    /// Whether one of these is its vendor, device and class; nil: its kind has no such.
    func matches(_ patterns: [OpenNebulaPattern]) -> Bool?
    /// Whether its address without the domain is one of these; nil: its kind has no such.
    func isAt(_ addresses: Set<Int>) -> Bool?
}

/// What a device is used for, which no rule may ask: what is so of every kind.
package struct DeviceUse: Sendable {
    package var host: String
    package var state: DeviceState
    package var pools: [String]
    package var vm: String?
    /// What the device is part of; nil: nothing is known beside itself.
    package var inventory: Inventory?

    package init(
        host: String, state: DeviceState, pools: [String] = [], vm: String? = nil, inventory: Inventory? = nil
    ) {
        self.host = host
        self.state = state
        self.pools = pools
        self.vm = vm
        self.inventory = inventory
    }
}

/// The facts of a device with what it is used for.
struct UsedDevice<Facts: DeviceFactSource>: DeviceFactSource {
    let facts: Facts
    let key: DeviceKey
    let use: DeviceUse

    func hasNumber(of field: DeviceField, where isAsked: (Int) -> Bool) -> Bool {
        facts.hasNumber(of: field, where: isAsked)
    }

    func matches(_ patterns: [OpenNebulaPattern]) -> Bool? { facts.matches(patterns) }

    func isAt(_ addresses: Set<Int>) -> Bool? { facts.isAt(addresses) }

    func texts(of field: DeviceField) -> [String] {
        switch field {
        case .host: [use.host]
        case .state: [use.state.rawValue]
        case .pool: use.pools
        case .vm: use.vm.map { [$0] } ?? []
        case .verdict: use.inventory.map { [$0.verdict(of: key).rawValue] } ?? []
        case .use: use.inventory?.hostUses[key]?.map(\.reason.rawValue) ?? []
        case .alone: isAlone.map { [$0 ? "yes" : "no"] } ?? []
        case .name, .vendor, .device, .id, .subsystem, .class, .classname, .driver, .address, .slot, .group, .numa,
            .revision, .role, .topology, .serial, .label, .width, .reset, .parent, .vfs, .pci, .short, .port, .product,
            .speed, .controller, .version:
            facts.texts(of: field)
        }
    }

    /// nil: it has no group, or the group is not known.
    private var isAlone: Bool? {
        guard let inventory = use.inventory else { return nil }
        if let function = key.pci.flatMap({ inventory[$0] }),
            function.iommuGroup.flatMap({ inventory.group($0) }) == nil
        {
            return nil
        }
        return inventory.unit(of: key).map(\.companions.isEmpty)
    }
}
