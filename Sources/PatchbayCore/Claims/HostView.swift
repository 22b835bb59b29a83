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
    package func tags(of device: DeviceKey, in pool: String) -> DeviceTags {
        membership.tags(of: device, in: pool) ?? [:]
    }

    /// The pools whose rules match it, by name.
    package func pools(of device: DeviceKey) -> [String] { membership.names[device] ?? [] }

    /// Who has the device, or will have it when the plan is through.
    package func holder(of device: DeviceKey) -> ClaimOwner? {
        switch index.holders[device] {
        case .claim(let owner, _, _): owner
        case .domain(let vm): .vm(vm)
        case .definition, nil: nil
        }
    }

    /// Devices that are allocated and that the inventory does not have. Sorted.
    package var missing: [DeviceKey] { usage.allocations.keys.filter { !inventory.has($0) }.sorted() }

    /// The state of a device and the sentence that says why.
    package func state(of device: DeviceKey) -> (state: DeviceState, reason: String) {
        guard let present = inventory[device] else {
            if let vm = usage.domains.guest(ofPulled: device) { return (.attached, pulledReason(device, vm)) }
            return (.missing, missingReason(device))
        }
        if let recognition = index.strangers.recognitions[device] {
            return (.blocked, Obstacle.stranger(device, recognition).reason(for: device))
        }
        if let hold = index.holders[device], let held = held(by: hold) { return held }
        guard let obstacle = index.obstacle(to: present, in: inventory) else { return (.free, freeReason(device)) }
        let reason = obstacle.reason(for: device) + whoWrote(device, obstacle)
        switch obstacle {
        case .quarantined: return (.quarantined, reason)
        case .silent(let address, _) where address.key == device: return (.quarantined, reason)
        case .hostUse(_, let use) where use.severity <= .unknown: return (.blocked, reason)
        case .bridge, .hub, .hostUse: return (.host, reason)
        case .unknown, .unauthorized, .noIOMMU, .noInterruptRemapping, .noGroup, .unreadGroup, .noVFIO,
            .reservedMemory, .stranger, .silent, .mateUse, .virtualFunctions, .mateHeld, .rivalHeld, .defined:
            return (.blocked, reason)
        }
    }

    /// Whose data is at risk, where that is known.
    private func whoWrote(_ device: DeviceKey, _ obstacle: Obstacle) -> String {
        guard case .hostUse(_, let use) = obstacle, use.severity == .dataAtRisk,
            let vm = usage.written.keys.sorted().first(where: { usage.hasWritten($0, on: device, in: inventory) })
        else { return "" }
        return " VM \(vm) had it last and can get it again."
    }

    private func held(by hold: Holders.Hold) -> (state: DeviceState, reason: String)? {
        switch hold {
        case .claim(let owner, isAttached: true, _): (.attached, "In \(owner.words).")
        case .domain(let vm): (.attached, "In VM \(vm).")
        case .claim(let owner, _, isReleasing: true): (.allocated, "It is being released by \(owner.words).")
        case .claim(let owner, _, isReleasing: false): (.allocated, "Reserved for \(owner.words).")
        case .definition: nil
        }
    }

    private func missingReason(_ device: DeviceKey) -> String {
        guard let hold = index.holders[device] else { return "It is not in the inventory." }
        return "It is allocated to \(hold.owner.words) and is no longer in the inventory."
    }

    private func pulledReason(_ device: DeviceKey, _ vm: String) -> String {
        "In VM \(vm). It was unplugged from the host; the VM loses it unless it is back within a few seconds."
    }

    /// A rule names its place and means another device.
    private func whomItReplaced(_ device: DeviceKey) -> String {
        for (pool, rules) in membership.misled.sorted(by: { $0.key < $1.key }) {
            guard let misled = rules.first(where: { $0.device == device }) else { continue }
            return " Rule \"\(misled.rule.name)\" of pool \(pool) was made for the device that was here before."
        }
        return ""
    }

    private func freeReason(_ device: DeviceKey) -> String {
        let pools = pools(of: device)
        return switch pools.count {
        case 0: "Nobody uses it. It is in no pool, so no VM can get it.\(whomItReplaced(device))"
        case 1: "Nobody uses it. It is in pool \(pools[0])."
        default: "Nobody uses it. It is in pools \(pools.joined(separator: ", "))."
        }
    }
}
