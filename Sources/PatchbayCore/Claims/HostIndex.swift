/// What is looked up for every device of a host, made in one pass over it.
package struct HostIndex: Sendable {
    let holders: Holders
    let strangers: Strangers
    let groups: [IOMMUGroupID: GroupSummary]
    private let quarantines: [DeviceKey: Quarantine]

    /// - Parameters:
    ///   - countsClaims: false: as if nobody had claimed anything; what is in the way then is in everybody's way.
    ///   - groups: those that are asked about; nil: all.
    ///   - earlier: of the same inventory.
    init(
        _ inventory: Inventory, _ usage: Usage, ignoringDefinitionOf vm: String? = nil, countsClaims: Bool = true,
        of groups: [IOMMUGroup]? = nil, knowing earlier: Strangers? = nil
    ) {
        let holders = Holders(countsClaims ? usage : usage.withoutClaims, ignoringDefinitionOf: vm)
        self.holders = holders
        strangers = Strangers(inventory, usage, knowing: earlier)
        quarantines = usage.quarantines
        self.groups = Dictionary(
            (groups ?? inventory.groups).map { ($0.id, GroupSummary($0.members, in: inventory, holders: holders)) },
            uniquingKeysWith: { first, _ in first })
    }

    func obstacle(to device: some Device, in inventory: Inventory) -> Obstacle? {
        strangers.obstacle(to: device, in: inventory)
            ?? quarantines[device.key].map { .quarantined(device.key, $0) }
            ?? device.obstacle(in: inventory, knowing: self)
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
