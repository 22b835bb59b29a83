import PatchbayAPI
import PatchbayCore

/// A fleet as it is, and as it would be: a copy on which everything may be tried, because nobody else sees it.
struct Scenario {
    let before: Fleet
    private(set) var after: Fleet
    /// What is otherwise, a sentence each.
    private(set) var sentences: [String] = []
    /// Hosts that are no more, or give up all they have.
    private(set) var left: Set<String> = []
    /// Hosts of which something is otherwise, those above included.
    private(set) var touched: Set<String> = []
    /// Pools that are otherwise.
    private(set) var pools: Set<String> = []
    private(set) var differences: [API.Difference] = []

    init(_ fleet: Fleet) {
        before = fleet
        after = fleet
    }

    mutating func apply(_ change: API.ScenarioChange) throws(Problem) {
        switch try Kind(change) {
        case .hostGone(let host): try remove(host)
        case .drain(let host): try drain(host)
        case .deviceGone(let name):
            let id = try known(name)
            edit(id.host) { $0.without(id.key) }
            sentences.append("Device \(id.short) is removed.")
        case .joinGroups(let names): try join(names)
        case .splitGroup(let name):
            let id = try known(name)
            edit(id.host) { inventory in id.key.pci.map(inventory.splittingGroup) ?? inventory }
            sentences.append("The devices of the IOMMU group of \(id.short) each have a group of their own.")
        case .policy(let draft): try put(draft)
        }
    }

    private mutating func remove(_ host: String) throws(Problem) {
        try requireHost(host)
        after.hosts[host] = nil
        leave(host)
        sentences.append("Host \(host) is removed.")
    }

    private mutating func drain(_ host: String) throws(Problem) {
        try requireHost(host)
        var settings = after.hosts[host]?.settings ?? HostSettings()
        settings.isCordoned = true
        after.hosts[host]?.settings = settings
        leave(host)
        sentences.append("Host \(host) is drained: everything on it has to move.")
    }

    private mutating func leave(_ host: String) {
        left.insert(host)
        touch(host)
    }

    private mutating func touch(_ host: String) {
        touched.insert(host)
        after.unplaced.insert(host)
    }

    private mutating func join(_ names: [String]) throws(Problem) {
        var ids: [DeviceID] = []
        for name in names { ids.append(try known(name)) }
        guard let host = ids.first?.host, ids.count > 1, ids.allSatisfy({ $0.host == host }) else {
            throw Problem(
                .malformedInput, "\"joinGroups\" needs two or more devices of one host.",
                evidence: ids.map(\.short), next: ["Name them: 41:00.0,42:00.0"])
        }
        edit(host) { $0.joiningGroups(of: ids.compactMap(\.key.pci)) }
        sentences.append("\(ids.map(\.short).joined(separator: " and ")) are in one IOMMU group.")
    }

    private mutating func edit(_ host: String, _ body: (Inventory) -> Inventory) {
        after.hosts[host]?.simulate(body)
        touch(host)
    }

    private mutating func put(_ draft: API.PolicyDraft) throws(Problem) {
        let wish = try PolicyWish(draft)
        let outcome = PolicyOutcome(wish, in: after)
        try outcome.check(wish.expectations)
        after = outcome.after
        let changed = outcome.pools.filter(\.changes).map(\.name)
        if !changed.isEmpty { after.unplaced.formUnion(after.hosts.keys) }
        pools.formUnion(changed)
        differences += outcome.differences.filter { $0.action != .unchanged }
        sentences.append(
            outcome.changesAnything ? "The policy is applied." : "The policy is applied; it changes nothing.")
    }

    private func requireHost(_ host: String) throws(Problem) {
        guard after.hosts[host]?.inventory != nil else { throw after.unknownHost(host) }
    }

    /// A device that is there after the changes before this one.
    private func known(_ name: String) throws(Problem) -> DeviceID {
        let id = try after.device(named: name)
        guard after.hosts[id.host]?.inventory?[id.key] != nil else { throw after.unknownDevice(name) }
        return id
    }
}

extension Scenario {
    /// The index of the fleet as it would be, brought up to date.
    mutating func refresh() { after.refreshPlacement() }

    /// What an explanation asks beside the index; hosts that are drained in question stay so.
    func world(for claim: Claim) -> PlacementWorld {
        var world = after.world(for: claim)
        world.drained = left
        return world
    }

    /// As if the claim were over and its guest off.
    mutating func end(_ claim: Claim, on host: String) { after.end(claim, on: host) }

    /// The one thing that a change says.
    private enum Kind {
        case hostGone(String), drain(String), deviceGone(String), joinGroups([String]), splitGroup(String)
        case policy(API.PolicyDraft)

        init(_ change: API.ScenarioChange) throws(Problem) {
            let kinds: [Kind] = [
                change.hostGone.map(Kind.hostGone), change.drain.map(Kind.drain),
                change.deviceGone.map(Kind.deviceGone), change.joinGroups.map(Kind.joinGroups),
                change.splitGroup.map(Kind.splitGroup), change.policy.map(Kind.policy),
            ].compactMap(\.self)
            guard kinds.count == 1 else {
                throw Problem(
                    .malformedInput, "A change has \(kinds.count) fields; it must have exactly one.",
                    next: ["Use one of \(API.ScenarioChange.fieldNames.joined(separator: ", ")) in each change."])
            }
            self = kinds[0]
        }
    }
}

extension Fleet {
    /// As if the claim were over and its guest off; for trying only. The index is to be refreshed.
    mutating func end(_ claim: Claim, on host: String) {
        hosts[host] = hosts[host]?.without([claim.id])
        hosts[host]?.domains?.removeAll { $0.name == claim.owner.vm }
        unplaced.insert(host)
        guard let known = claims[claim.id] else { return }
        claims[claim.id] = nil
        ledger.replace(known, with: nil)
        if let vm = claim.owner.vm { claimOfVM[vm] = nil }
    }
}
