import PatchbayCore
import PatchbayStore

/// A stored value with the commit that last changed it.
struct Kept<Value: Sendable>: Sendable {
    var value: Value
    var revision: Revision
}

/// All that the store holds, decoded: what decisions are made from. A value; taking a copy costs nothing, and changing one
/// while there is another copies what changes: tables that grow with the fleet are in shards.
struct Fleet: Sendable {
    var hosts: Sharded<String, HostState> = [:]
    var pools: [String: Kept<Pool>] = [:] {
        didSet { poolList = pools.values.map(\.value).sorted { $0.name < $1.name } }
    }
    /// By name.
    private(set) var poolList: [Pool] = []
    var profiles: [String: Kept<Profile>] = [:]
    var vms: Sharded<String, Kept<VM>> = [:]
    var claims: Sharded<String, Claim> = [:]
    /// What decisions ask of all claims at once.
    var ledger = ClaimLedger()
    /// The plan that was queued last, by VM; `turn(of:)` says whether the VM waits for it.
    var turns: Sharded<String, String> = [:]
    /// Where a plan is.
    var hostOfPlan: Sharded<String, String> = [:]
    /// The claim of a VM; there is one at most.
    var claimOfVM: Sharded<String, String> = [:]
    /// The commit that last changed each key, without the audit log, on which nothing is decided. Deleted keys stay as long
    /// as an older change of theirs may still come.
    var modified: Sharded<String, Revision> = [:]
    /// Keys that were deleted, in the order in which that became known.
    private var deleted: [(key: String, revision: Revision)] = []
    /// Every change up to here has been seen; single later ones may have been.
    private(set) var revision: Revision = 0
    /// Keys that are there and of which only the revision matters.
    var marks: Sharded<String, Bool> = [:]
    var poolsVersion = 0
    /// What can be had where; see `Fleet+Placement`.
    var placement = FleetIndex()
    /// Hosts that the index does not show as they are.
    var unplaced: Set<String> = []
    /// Devices that are just being given to somebody are held in the index, though no allocation is known yet.
    var isAhead = false
    /// What is stored and cannot be read, by key.
    var unreadable: [String: Problem] = [:]
    /// Hosts whose agents this server does not hear of, or too little; not in the store.
    var hearing = AgentHub.Hearing()
}

extension Fleet {
    mutating func noteDeletion(of key: String, at revision: Revision) { deleted.append((key, revision)) }

    /// Every change up to here has been seen: nothing older comes any more, so deleted keys need not be remembered.
    mutating func advance(to seen: Revision) {
        guard seen > revision else { return }
        revision = seen
        guard let first = deleted.first, first.revision <= seen else { return }
        for (key, revision) in deleted where revision <= seen && modified[key] == revision { modified[key] = nil }
        deleted.removeAll { $0.revision <= seen }
    }

    /// For a condition that nobody changed `key` since this was read; 0: there is none.
    func revision(of key: String) -> Revision { isPresent(key) || unreadable[key] != nil ? modified[key] ?? 0 : 0 }

    private func isPresent(_ key: String) -> Bool {
        switch StatePlace(key) {
        case .pool(let name)?: pools[name] != nil
        case .profile(let name)?: profiles[name] != nil
        case .vm(let name)?: vms[name] != nil
        case .claim(let id)?: claims[id] != nil
        case .domains(let host)?: hosts[host]?.domains != nil
        case .settings(let host)?: hosts[host]?.settings != nil
        case .inventory(let host)?: hosts[host]?.head != nil
        case .inventoryPart(let part, let host)?: hosts[host]?.pieces[part] != nil
        case .host(let host)?: hosts[host]?.record != nil
        case .allocation(let id)?: hosts[id.host]?.allocations[id.key] != nil
        case .quarantine(let id)?: hosts[id.host]?.quarantines[id.key] != nil
        case .binding(let id)?: hosts[id.host]?.bindings[id.key] != nil
        case .plan(let id, let host)?: hosts[host]?.plans[id] != nil
        case .turn(let vm)?: turns[vm] != nil
        case .queue?, .askers?: marks[key] != nil
        case .audit?, nil: false
        }
    }

    func claim(of vm: String) -> Claim? { claimOfVM[vm].flatMap { claims[$0] } }

    /// The plan under way for a VM: one that is over, or gone, keeps nobody waiting.
    func turn(of vm: String) -> String? {
        guard let plan = turns[vm] else {
            guard unreadable[StateKey.turn(vm)] != nil else { return nil }
            return hosts.values.lazy.flatMap(\.pendingPlans).first { Fleet.vm(of: $0.plan.change) == vm }?.plan.id
        }
        if let record = record(ofPlan: plan) { return record.phase.isOver ? nil : plan }
        return unreadable.keys.contains { StatePlace($0)?.plan == plan } ? plan : nil
    }

    func record(ofPlan id: String) -> PlanRecord? { hostOfPlan[id].flatMap { hosts[$0]?.plans[id] } }

    func view(of host: String) -> HostView? {
        hosts[host]?.view(pools: poolList)
    }
}
