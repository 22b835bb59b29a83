import PatchbayCore

/// What a host's new inventory means for the devices that are lent or bound there, that a VM expects, or that a rule was made
/// from: those that were found in another place are followed, with everything that speaks of them.
struct Following: Sendable {
    /// By the key that a lent or bound device had, the one it has.
    private(set) var moves: [DeviceKey: DeviceKey] = [:]
    /// Where a device is that a VM or a rule knows, if not where that says.
    private var found: [DeviceIdentity: DeviceKey] = [:]
    /// All that moved, by the key it had.
    private var told: [DeviceKey: DeviceKey] = [:]
    private let groupChanges: [GroupChange]
    private let inventory: Inventory

    /// - Parameters:
    ///   - state: nil: the host reports for the first time.
    ///   - pools: all that there are.
    init(_ state: HostState?, to inventory: Inventory, pools: [Pool] = []) {
        self.inventory = inventory
        guard let state, let before = state.inventory else {
            groupChanges = []
            return
        }
        groupChanges = before == inventory ? [] : inventory.groupChanges(since: before)
        // A plan under way speaks of addresses; it fails by itself where they are not what they were.
        guard state.pendingPlans.isEmpty else { return }
        let recognizer = LazyRecognizer(inventory, before: before)
        follow(state, recognizer)
        let expected = state.known.values.joined().map { ($0.device, $0.identity) }
        for (device, identity) in expected + pools.madeFrom(inventory.host.name) {
            guard let new = recognizer.newPlace(of: identity, at: device) else { continue }
            found[identity] = new
            told[device] = new
        }
    }

    private mutating func follow(_ state: HostState, _ recognizer: LazyRecognizer) {
        let known = state.usage(pools: []).identities
        for (device, identity) in known {
            if let new = recognizer.newPlace(of: identity, at: device) { moves[device] = new }
        }
        // Where two would end with one key nobody moves: both are held instead.
        let staying = Set(known.keys).union(state.bindings.keys).union(state.allocations.keys)
            .union(state.quarantines.keys).subtracting(moves.keys)
        let arrivals = Dictionary(grouping: moves.keys) { moves[$0] }
        moves = moves.filter { !staying.contains($0.value) && arrivals[$0.value]?.count == 1 }
        told = moves
    }

    /// Nobody has to be followed.
    var isEmpty: Bool { told.isEmpty }

    /// nil: nothing to tell.
    var sentence: String? {
        let moved = told.sorted { $0.key < $1.key }.map { "The device at \($0.key) is now at \($0.value)." }
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
    ///
    /// - Parameter known: what whoever asks knows of them; of others only what is lent is followed.
    func now(_ requests: [Request], on host: String, knowing known: [KnownDevice] = []) -> [Request] {
        var moved = requests
        for index in moved.indices {
            guard case .device(let id) = moved[index].target, id.host == host else { continue }
            let own = known.first { $0.pool == nil && $0.request == moved[index].name && $0.device == id.key }
            let key = own.map { found[$0.identity] ?? id.key } ?? now(id.key)
            moved[index].target = .device(DeviceID(host: host, key: key))
        }
        return moved
    }

    func now(_ known: [KnownDevice]) -> [KnownDevice] {
        known.map { device in
            guard let new = found[device.identity], new != device.device else { return device }
            var moved = device
            moved.movedFrom = device.device
            moved.device = new
            return moved
        }
    }

    func now(_ pool: Pool, on host: String) -> Pool {
        var moved = pool
        for index in moved.rules.indices {
            let rule = moved.rules[index]
            guard rule.madeFrom?.host == host, let new = rule.identity.flatMap({ found[$0] }),
                new != rule.madeFrom?.key
            else { continue }
            moved.rules[index].follow(to: new)
        }
        // Two rules of one name are worse than a name that says where a device was.
        if Set(moved.rules.map(\.name)).count < moved.rules.count {
            for index in moved.rules.indices { moved.rules[index].name = pool.rules[index].name }
        }
        return moved
    }
}

/// Recognises devices that are not what they were where they were; made when the first one is.
private final class LazyRecognizer {
    private let inventory: Inventory
    private let before: Inventory
    private lazy var recognizer = DeviceRecognizer(inventory, before: before)

    init(_ inventory: Inventory, before: Inventory) {
        self.inventory = inventory
        self.before = before
    }

    /// nil: it is where it was, or nobody can say where.
    func newPlace(of identity: DeviceIdentity, at device: DeviceKey) -> DeviceKey? {
        guard inventory.identity(of: device) != identity else { return nil }
        if case .moved(let new) = recognizer.recognise(identity, at: device) { return new }
        return nil
    }
}

extension [Pool] {
    /// The devices of a host that rules were made from, and what those are recognised by.
    fileprivate func madeFrom(_ host: String) -> [(DeviceKey, DeviceIdentity)] {
        flatMap(\.rules).compactMap { rule in
            guard let madeFrom = rule.madeFrom, madeFrom.host == host, let identity = rule.identity else { return nil }
            return (madeFrom.key, identity)
        }
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

    /// Bindings, allocations, claims, rules and what VMs ask for go with the devices.
    mutating func follow(_ following: Following, of host: String, in fleet: Fleet) throws(Problem) {
        guard !following.isEmpty, let state = fleet.hosts[host] else { return }
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
        for pool in fleet.poolList {
            try replace(StateKey.pool(pool.name), pool, following.now(pool, on: host), in: fleet)
        }
    }

    private mutating func replace<Value: StateValue & Equatable>(
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
            let known = claim.owner.vm.flatMap { fleet.vms[$0]?.value.known } ?? []
            moved.requests = following.now(claim.requests, on: host, knowing: known)
            moved.amend { decision in
                for index in decision.units.indices {
                    decision.units[index].unit = following.now(decision.units[index].unit)
                }
            }
            try replace(StateKey.claim(claim.id), claim, moved, in: fleet)
        }
    }

    private mutating func followWishes(_ following: Following, of host: String, in fleet: Fleet) throws(Problem) {
        for (name, kept) in fleet.vms.sorted(by: { $0.key < $1.key }) {
            var moved = kept.value
            moved.requests = following.now(kept.value.requests, on: host, knowing: kept.value.known)
            if kept.value.host == host { moved.known = following.now(kept.value.known) }
            try replace(StateKey.vm(name), kept.value, moved, in: fleet)
        }
    }
}
