/// One host as placement sees it. Made once for an inventory and a usage; what is asked of every device is looked up.
package struct HostView: Sendable {
    package let inventory: Inventory
    package let usage: Usage
    let index: HostIndex
    package let membership: PoolMembership

    /// - Parameters:
    ///   - membership: of this inventory in these pools, where somebody has worked it out already.
    ///   - earlier: of the same inventory with another usage; what did not change is not recognised again.
    package init(
        inventory: Inventory, usage: Usage, membership: PoolMembership? = nil, knowing earlier: HostView? = nil
    ) {
        self.inventory = inventory
        self.usage = usage
        index = HostIndex(inventory, usage, knowing: earlier?.index.strangers)
        self.membership = membership ?? PoolMembership(of: inventory, in: usage.pools)
    }

    /// The same host and pools with another usage.
    package func with(_ usage: Usage) -> HostView {
        HostView(inventory: inventory, usage: usage, membership: membership, knowing: self)
    }

    /// What a device has in a pool by the first rule that matches it.
    package func tags(of address: PCIAddress, in pool: String) -> DeviceTags {
        membership.tags(of: address, in: pool) ?? [:]
    }

    /// The pools whose rules match it, by name.
    package func pools(of address: PCIAddress) -> [String] { membership.names[address] ?? [] }

    /// Who has the device, or will have it when the plan is through.
    package func holder(of address: PCIAddress) -> String? {
        switch index.holders[address] {
        case .claim(let owner, _, _): owner.name
        case .domain(let vm): vm
        case .definition, nil: nil
        }
    }

    /// Devices that are allocated and that the inventory does not have. Sorted.
    package var missing: [PCIAddress] { usage.allocations.keys.filter { inventory.index(of: $0) == nil }.sorted() }

    /// The state of a device and the sentence that says why.
    package func state(of address: PCIAddress) -> (state: DeviceState, reason: String) {
        guard let function = inventory[address] else { return (.missing, missingReason(address)) }
        if let recognition = index.strangers.recognitions[address] {
            return (.blocked, Obstacle.stranger(address, recognition).reason(for: address))
        }
        if let hold = index.holders[address], let held = held(by: hold) { return held }
        guard let obstacle = index.obstacle(to: function, in: inventory) else { return (.free, freeReason(address)) }
        let reason = obstacle.reason(for: address)
        switch obstacle {
        case .quarantined, .silent(address, _): return (.quarantined, reason)
        case .hostUse(_, let use) where use.severity == .unknown: return (.blocked, reason)
        case .bridge, .hostUse: return (.host, reason)
        case .unknown, .noIOMMU, .noInterruptRemapping, .noGroup, .unreadGroup, .noVFIO, .reservedMemory, .stranger,
            .silent, .mateUse, .virtualFunctions, .mateHeld, .defined:
            return (.blocked, reason)
        }
    }

    private func held(by hold: Holders.Hold) -> (state: DeviceState, reason: String)? {
        switch hold {
        case .claim(let owner, isAttached: true, _): (.attached, "In \(owner.words).")
        case .domain(let vm): (.attached, "In VM \(vm).")
        case .claim(let owner, _, isReleasing: true): (.allocated, "\(owner.words) is giving it back.")
        case .claim(let owner, _, isReleasing: false): (.allocated, "Reserved for \(owner.words).")
        case .definition: nil
        }
    }

    private func missingReason(_ address: PCIAddress) -> String {
        guard let hold = index.holders[address] else { return "It is not in the inventory." }
        return "It belongs to \(hold.owner.words) and is not in the inventory any more."
    }

    private func freeReason(_ address: PCIAddress) -> String {
        let pools = pools(of: address)
        return switch pools.count {
        case 0: "Nobody uses it. It is in no pool, so it can be given to nobody."
        case 1: "Nobody uses it. It is in pool \(pools[0])."
        default: "Nobody uses it. It is in pools \(pools.joined(separator: ", "))."
        }
    }
}
