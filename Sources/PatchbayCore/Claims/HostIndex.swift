/// What is looked up for every device of a host, made in one pass over it.
struct HostIndex: Sendable {
    let holders: Holders
    let strangers: Strangers
    private let quarantines: [DeviceKey: Quarantine]
    private let groups: [IOMMUGroupID: GroupSummary]

    /// - Parameters:
    ///   - countsClaims: false: as if nobody had claimed anything; what is in the way then is in everybody's way.
    ///   - earlier: of the same inventory.
    init(
        _ inventory: Inventory, _ usage: Usage, ignoringDefinitionOf vm: String? = nil, countsClaims: Bool = true,
        knowing earlier: Strangers? = nil
    ) {
        let holders = Holders(countsClaims ? usage : usage.withoutClaims, ignoringDefinitionOf: vm)
        self.holders = holders
        strangers = Strangers(inventory, usage, knowing: earlier)
        quarantines = usage.quarantines
        groups = Dictionary(
            inventory.groups.map { ($0.id, GroupSummary($0.members, in: inventory, holders: holders)) },
            uniquingKeysWith: { first, _ in first })
    }

    func obstacle(to function: PCIFunction, in inventory: Inventory) -> Obstacle? {
        strangers.obstacle(to: function, in: inventory)
            ?? quarantines[function.key].map { .quarantined(function.key, $0) }
            ?? inventory.obstacle(to: function, group: function.iommuGroup.flatMap { groups[$0] })
    }
}

extension Usage {
    /// As if nobody had claimed anything: what a VM has by a claim is not in it either.
    fileprivate var withoutClaims: Usage {
        var usage = self
        for index in usage.domains.indices {
            let vm = usage.domains[index].name
            let isClaimed = { (device: DeviceKey) in self.allocations[device]?.owner.vm == vm }
            usage.domains[index].liveDevices.removeAll(where: isClaimed)
            usage.domains[index].definedDevices.removeAll(where: isClaimed)
        }
        usage.allocations = [:]
        return usage
    }
}
