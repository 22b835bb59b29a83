import PatchbayCore

/// What a host's new inventory means for the devices that are lent or bound there: those that were found in another place
/// are followed, with everything that speaks of them.
struct Following: Sendable {
    /// By the key a device had, the one it has.
    private(set) var moves: [DeviceKey: DeviceKey] = [:]
    private let groupChanges: [GroupChange]
    private let inventory: Inventory

    /// - Parameter state: nil: the host reports for the first time.
    init(_ state: HostState?, to inventory: Inventory) {
        self.inventory = inventory
        guard let state, let before = state.inventory, before != inventory else {
            groupChanges = []
            return
        }
        groupChanges = inventory.groupChanges(since: before)
        let known = state.usage(pools: []).identities
        // A plan under way speaks of addresses; it fails by itself where they are not what they were.
        guard !known.isEmpty, state.pendingPlans.isEmpty else { return }
        let recognizer = DeviceRecognizer(inventory, before: before)
        for (device, identity) in known {
            if case .moved(let new) = recognizer.recognise(identity, at: device) { moves[device] = new }
        }
        // Where two would end with one key nobody moves: both are held instead.
        let staying = Set(known.keys).union(state.bindings.keys).union(state.allocations.keys)
            .union(state.quarantines.keys).subtracting(moves.keys)
        let arrivals = Dictionary(grouping: moves.keys) { moves[$0] }
        moves = moves.filter { !staying.contains($0.value) && arrivals[$0.value]?.count == 1 }
    }

    /// nil: nothing to tell.
    var sentence: String? {
        let moved = moves.sorted { $0.key < $1.key }.map { "The device at \($0.key) is at \($0.value) now." }
        let changes = groupChanges.map(\.sentence)
        let all = moved + changes.prefix(20)
        let rest = changes.count > 20 ? ["\(changes.count - 20) more groups changed."] : []
        return all.isEmpty ? nil : (all + rest).joined(separator: " ")
    }

    func now(_ device: DeviceKey) -> DeviceKey { moves[device] ?? device }

    /// The unit of the device in its new place; what goes along with it is what went along before.
    func now(_ unit: DeviceUnit) -> DeviceUnit {
        let moved = DeviceUnit(
            primary: now(unit.primary), companions: unit.companions.map { now($0) }.sorted(),
            bridges: unit.bridges.compactMap { now($0.key).pci }.sorted())
        guard let found = inventory.unit(of: moved.primary), found.members == moved.members else { return moved }
        return found
    }

    /// The requests, with exact devices of `host` where they are now.
    func now(_ requests: [Request], on host: String) -> [Request] {
        var moved = requests
        for index in moved.indices {
            guard case .device(let id) = moved[index].target, id.host == host else { continue }
            moved[index].target = .device(DeviceID(host: host, key: now(id.key)))
        }
        return moved
    }
}

extension HostState {
    /// nil where the tree does not show places: an address alone is no identity.
    func identity(of device: DeviceKey) -> DeviceIdentity? {
        guard let identity = inventory?.identity(of: device), identity.tellsPlace else { return nil }
        return identity
    }
}

extension Commit {
    /// A USB device that was pulled is as the kernel finds it when it is plugged in again: what was done to its drivers is
    /// over.
    mutating func forgetPulled(_ before: Inventory?, _ now: Inventory, of host: String, in fleet: Fleet) {
        for device in (fleet.hosts[host]?.bindings ?? [:]).keys.sorted() {
            guard let address = device.usb, before?[address]?.deviceNumber != now[address]?.deviceNumber else {
                continue
            }
            let key = StateKey.binding(DeviceID(host: host, key: device))
            require(unchanged: key, in: fleet)
            delete(key)
        }
    }

    /// Bindings, allocations, claims and wishes for exact devices go with the devices.
    mutating func follow(_ following: Following, of host: String, in fleet: Fleet) throws(Problem) {
        guard !following.moves.isEmpty, let state = fleet.hosts[host] else { return }
        let places = Set(following.moves.keys).union(following.moves.values).sorted()
        var bindings: [DeviceKey: Binding] = [:]
        var allocations: [DeviceKey: Allocation] = [:]
        var quarantines: [DeviceKey: Quarantine] = [:]
        for (old, new) in following.moves {
            bindings[new] = state.bindings[old]
            bindings[new]?.movedFrom = old
            quarantines[new] = state.quarantines[old]
            allocations[new] = state.allocations[old]
            allocations[new]?.primary = following.now(state.allocations[old]?.primary ?? old)
        }
        for place in places {
            let id = DeviceID(host: host, key: place)
            try replace(StateKey.binding(id), state.bindings[place], bindings[place], in: fleet)
            try replace(StateKey.allocation(id), state.allocations[place], allocations[place], in: fleet)
            try replace(StateKey.quarantine(id), state.quarantines[place], quarantines[place], in: fleet)
        }
        try followClaims(following, of: host, in: fleet)
        try followWishes(following, of: host, in: fleet)
    }

    private mutating func replace<Value: Codable & Equatable>(
        _ key: String, _ old: Value?, _ new: Value?, in fleet: Fleet
    ) throws(Problem) {
        guard old != new else { return }
        require(unchanged: key, in: fleet)
        if let new { try put(key, new) } else { delete(key) }
    }

    /// Those that hold devices of the host, and those that wait for one of them by its address.
    private mutating func followClaims(_ following: Following, of host: String, in fleet: Fleet) throws(Problem) {
        let holding = Array((fleet.hosts[host]?.claims ?? [:]).values)
        for claim in (holding + fleet.ledger.pending.values).sorted(by: { $0.id < $1.id }) {
            var moved = claim
            moved.requests = following.now(claim.requests, on: host)
            for index in moved.units.indices { moved.units[index].unit = following.now(moved.units[index].unit) }
            try replace(StateKey.claim(claim.id), claim, moved, in: fleet)
        }
    }

    private mutating func followWishes(_ following: Following, of host: String, in fleet: Fleet) throws(Problem) {
        for (name, kept) in fleet.vms.sorted(by: { $0.key < $1.key }) {
            var moved = kept.value
            moved.requests = following.now(kept.value.requests, on: host)
            try replace(StateKey.vm(name), kept.value, moved, in: fleet)
        }
    }
}
