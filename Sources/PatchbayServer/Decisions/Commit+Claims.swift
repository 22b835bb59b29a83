import PatchbayCore
import PatchbayStore

extension Commit {
    /// A new claim. Once it is served it has an allocation for every device that goes along, and holds only if nobody has
    /// one of them, or the reservation does that it may take from.
    mutating func claim(_ claim: Claim, in fleet: Fleet) throws(Problem) {
        require(.absent(StateKey.claim(claim.id)))
        try put(StateKey.claim(claim.id), claim)
        guard claim.decision != nil else { return try wait(claim, in: fleet) }
        try allocate(claim, in: fleet)
    }

    /// Every device of what was decided, and what the decision stands on.
    mutating func allocate(_ claim: Claim, in fleet: Fleet) throws(Problem) {
        guard let host = claim.host else { return }
        for (address, allocation) in fleet.allocations(for: claim) {
            let key = StateKey.allocation(DeviceID(host: host, key: address))
            if allocation.reservation == nil { require(.absent(key)) } else { require(unchanged: key, in: fleet) }
            try put(key, allocation)
        }
        // Whoever released it may have told of that before telling that it waits to be cleaned.
        for unit in claim.units where fleet.isForOneUse(unit, on: host) {
            for member in unit.unit.members {
                require(.absent(StateKey.quarantine(DeviceID(host: host, key: member))))
            }
        }
        for pool in Set(claim.units.compactMap(\.pool)).sorted() {
            require(unchanged: StateKey.pool(pool), in: fleet)
        }
    }

    /// It asks for its pools from now on, so that nobody deletes them at this moment.
    private mutating func wait(_ claim: Claim, in fleet: Fleet) throws(Problem) {
        for case .pool(let pool) in claim.requests.map(\.target) where fleet.pools[pool] != nil {
            require(unchanged: StateKey.pool(pool), in: fleet)
            try put(StateKey.askers(pool), claim.id)
        }
    }

    /// Every allocation of this claim; one that meanwhile belongs to another stays. What was taken from a reservation
    /// that still is goes back to it.
    mutating func release(_ claim: Claim, in fleet: Fleet) throws(Problem) {
        delete(StateKey.claim(claim.id))
        guard let host = claim.host, let state = fleet.hosts[host] else { return }
        try quarantine(claim, in: fleet)
        for member in Set(claim.units.flatMap(\.unit.members)).sorted() {
            guard let allocation = state.allocations[member], allocation.claim == claim.id else { continue }
            let device = DeviceID(host: host, key: member)
            guard let back = fleet.givenBack(allocation, of: device) else {
                delete(StateKey.allocation(device))
                continue
            }
            require(unchanged: StateKey.claim(back.claim), in: fleet)
            try put(StateKey.allocation(device), back)
        }
    }
}

extension Commit {
    /// Devices for one use are kept until somebody returns them, with whatever goes along.
    private mutating func quarantine(_ claim: Claim, in fleet: Fleet) throws(Problem) {
        guard claim.wasUsed, let host = claim.host, let state = fleet.hosts[host] else { return }
        for unit in claim.units where fleet.isForOneUse(unit, on: host) {
            for member in unit.unit.members where state.allocations[member]?.claim == claim.id {
                try put(
                    StateKey.quarantine(DeviceID(host: host, key: member)),
                    Quarantine(claim: claim.id, owner: claim.owner, identity: state.allocations[member]?.identity))
            }
        }
    }
}

extension Claim {
    /// Somebody may have written to its devices: a system at any time, a VM once it was started. A reservation only keeps.
    fileprivate var wasUsed: Bool {
        switch owner.kind {
        case .system: true
        case .reservation: false
        case .vm: phase != .allocated
        }
    }
}

extension Fleet {
    /// By the pool that it was asked for of; by any where it was asked for by name. Where pool or device cannot be seen, it
    /// may be.
    func isForOneUse(_ unit: AllocatedUnit, on host: String) -> Bool {
        let isUnseen =
            unit.pool.map { unreadable[StateKey.pool($0)] != nil }
            ?? unreadable.keys.contains { if case .pool? = StatePlace($0) { true } else { false } }
        if isUnseen { return true }
        let asked = unit.pool.map { [pools[$0]?.value].compactMap(\.self) } ?? poolList
        return unit.unit.members.contains { member in
            guard let function = hosts[host]?.inventory?[member] else {
                return asked.contains(where: \.hasDevicesForOneUse)
            }
            return asked.contains { $0.isForOneUse(function, on: host) }
        }
    }

    /// What is stored of a device when the claim that has it ends; nil: nobody has it then. A reservation that cannot be
    /// read keeps what was taken from it, until it is dropped.
    func givenBack(_ allocation: Allocation, of device: DeviceID) -> Allocation? {
        guard let reservation = allocation.reservation else { return nil }
        var back = allocation
        back.claim = reservation
        back.reservation = nil
        guard unreadable[StateKey.claim(reservation)] == nil else {
            back.owner = Self.unknownOwner
            return back
        }
        guard let lender = claims[reservation], lender.host == device.host,
            let unit = lender.units.first(where: { $0.unit.members.contains(device.key) })
        else { return nil }
        back.owner = lender.owner
        back.primary = unit.unit.primary
        return back
    }

    /// What a claim that was decided has to have: one a device, with the reservation that the device is taken from.
    func allocations(for claim: Claim) -> [(DeviceKey, Allocation)] {
        guard let host = claim.host, let state = hosts[host] else { return [] }
        return claim.units.flatMap { unit in
            unit.unit.members.map { member in
                let lender = claim.terms.reservation.flatMap { state.allocations[member]?.claim == $0 ? $0 : nil }
                return (
                    member,
                    Allocation(
                        claim: claim.id, owner: claim.owner, primary: unit.unit.primary,
                        identity: state.identity(of: member), name: state.name(of: member), reservation: lender)
                )
            }
        }
    }
}
