import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// A restart is one plan with two halves. The claim is kept all along; what it will have in addition is allocated before the
/// guest is stopped, what it will not have again is given up when the first half is done. The second half is made again of
/// what was read then.
extension VMDecider {
    /// A VM that is off is just started.
    func restart(_ name: String, _ power: Power) throws(Problem) -> Decision<API.Change> {
        let vm = try fleet.vm(name)
        guard fleet.domain(of: vm)?.state.isOn == true || fleet.claim(of: name) != nil else {
            return try start(name)
        }
        return try restart(vm, power)
    }

    func restart(_ vm: VM, _ power: Power) throws(Problem) -> Decision<API.Change> {
        try self.fleet.requireKnownWish(of: vm.name)
        try self.fleet.requireNoTurn(vm.name)
        let (fleet, vm, taken) = self.fleet.accepting(context.takenRisks, for: vm)
        let before = fleet.claim(of: vm.name)
        let claim = try claimAfterRestart(of: vm, before, in: fleet)
        let restart = fleet.restart(vm.name, from: before, to: claim, force: power.force)
        var plan = try fleet.planner(for: vm.host, accepting: context.takenRisks).plan(.restart(restart), id: planID())
        plan.allowed += taken
        plan.steps = plan.steps.map { $0.stopping(within: power.timeoutSeconds) }
        let with = restart.units.map { DeviceID(host: vm.host, key: $0.primary).short }.joined(separator: ", ")
        let devices = with.isEmpty ? "" : " with \(with)"
        var decision = try turning(
            plan, kind: "vm.restarted",
            message: dryRun ? "Would restart \(vm.name)\(devices)." : "\(vm.name) is being restarted\(devices).",
            findings: vm.requests.leftOut(by: claim?.units ?? [], of: "vm \(vm.name)")
                + taken.compactMap { $0.finding("vm \(vm.name)") }, claimBefore: before
        ) { commit throws(Problem) in
            commit.require(unchanged: StateKey.vm(vm.name), in: fleet)
            if !taken.isEmpty { try commit.put(StateKey.vm(vm.name), vm) }
        }
        guard !dryRun, let claim else { return decision }
        if before == nil {
            try decision.commit?.claim(claim, in: fleet)
        } else {
            try decision.commit?.extend(claim, from: before, in: fleet)
        }
        return decision
    }

    /// nil: it asks for nothing, and has nothing of the host to itself.
    private func claimAfterRestart(of vm: VM, _ before: Claim?, in fleet: Fleet) throws(Problem) -> Claim? {
        if let before, fleet.stillServes(before, vm) { return before }
        let chosen = try fleet.withoutClaim(of: vm).chooseUnits(for: vm, at: now)
        let isEmpty = chosen.units.isEmpty && chosen.seat == nil
        guard !isEmpty || before != nil else { return nil }
        let decision = ClaimDecision(host: vm.host, units: chosen.units, seat: chosen.seat, at: now)
        guard var claim = before else {
            return Claim(
                id: "c-\(context.newID())", owner: .vm(vm.name), requests: vm.requests, state: .allocated(decision),
                createdAt: now)
        }
        claim.requests = vm.requests
        claim.amend { $0 = decision }
        return claim
    }
}

extension Fleet {
    fileprivate func restart(_ vm: String, from before: Claim?, to after: Claim?, force: Bool) -> Restart {
        let kept = Set(after?.units.map(\.unit.members) ?? [])
        let leaving = before?.units.filter { !kept.contains($0.unit.members) } ?? []
        let returning = Set(before.map { unitsToGiveBack(of: $0).map(\.members) } ?? [])
        return Restart(
            vm: vm, claim: after?.id ?? before?.id, leaving: leaving.map(\.unit),
            giveBack: leaving.map(\.unit).filter { returning.contains($0.members) },
            units: after?.units.map(\.unit) ?? [], seat: after?.decision?.seat, force: force)
    }

    /// What it has is what it asks for, and no more: the same devices, all of them, still there and still of their pools.
    fileprivate func stillServes(_ claim: Claim, _ vm: VM) -> Bool {
        guard let view = view(of: vm.host), claim.requests == vm.requests, !claim.units.isEmpty else { return false }
        guard vm.requests.leftOut(by: claim.units, of: vm.name).isEmpty else { return false }
        let asked = Dictionary(vm.requests.map { ($0.name, $0.count) }, uniquingKeysWith: +)
        let served = Dictionary(grouping: claim.units, by: \.request)
        guard served.allSatisfy({ $0.value.count <= asked[$0.key] ?? 0 }) else { return false }
        return claim.units.allSatisfy { unit in
            unit.unit.members.allSatisfy { view.inventory.has($0) }
                && unit.pool.map { view.pools(of: unit.unit.primary).contains($0) } ?? true
        }
    }

    /// As if the VM were off and had nothing.
    fileprivate func withoutClaim(of vm: VM) -> Fleet {
        var after = self
        if let claim = claim(of: vm.name) {
            for address in claim.units.flatMap(\.unit.members) { after.hosts[vm.host]?.allocations[address] = nil }
            after.hosts[vm.host]?.claims[claim.id] = nil
        }
        after.hosts[vm.host]?.domains?.removeAll { $0.name == vm.name }
        return after
    }

    /// A planner for a host as it was just read, with what a plan has made of its bindings, when a guest has stopped.
    func planner(
        for host: String, seeing inventory: Inventory, after record: PlanRecord, stopped vm: String
    ) throws(Problem) -> Planner {
        guard let state = hosts[host] else { throw unknownHost(host) }
        var usage = state.usage(pools: poolList)
        for (address, binding) in record.plan.bindings(after: record.progress) { usage.bindings[address] = binding }
        usage.domains = usage.domains.map { domain in
            var domain = domain
            if domain.name == vm { domain.state = .shutOff }
            return domain
        }
        var planner = Planner(inventory: inventory, usage: usage)
        planner.accepted = record.plan.allowed
        return planner
    }
}

extension Commit {
    /// The VM has these units in addition from now on; what it leaves is its own until it is off.
    mutating func extend(_ claim: Claim, from before: Claim?, in fleet: Fleet) throws(Problem) {
        let (added, leaving) = (claim.less(before), before?.less(claim))
        var held = claim
        held.amend { $0.units += leaving?.units ?? [] }
        require(unchanged: StateKey.claim(claim.id), in: fleet)
        try put(StateKey.claim(claim.id), held)
        try allocate(added, in: fleet)
    }

    /// What the VM does not have any more is anybody's.
    ///
    /// - Returns: the claim as it is without that.
    @discardableResult
    mutating func release(
        leaving restart: Restart, _ before: Claim?, of claim: Claim, in fleet: Fleet
    ) throws(Problem) -> Claim {
        let leaving = Set(restart.leaving.map(\.members))
        guard !leaving.isEmpty, var left = before else { return claim }
        left.amend { $0.units.removeAll { !leaving.contains($0.unit.members) } }
        try noteDevices(of: left, knowing: [], in: fleet)
        try release(left, in: fleet)
        var kept = claim
        kept.amend { $0.units.removeAll { leaving.contains($0.unit.members) } }
        require(unchanged: StateKey.claim(claim.id), in: fleet)
        try put(StateKey.claim(claim.id), kept)
        return kept
    }

    /// The VM has what it had before the restart, and nobody what it would have had in addition.
    mutating func restore(_ before: Claim, insteadOf claim: Claim, in fleet: Fleet) throws(Problem) {
        var added = claim.less(before)
        added.enter(Claim.State.allocated)
        try release(added, in: fleet)
        require(unchanged: StateKey.claim(before.id), in: fleet)
        try put(StateKey.claim(before.id), before)
    }

    /// First half taken back: the VM runs with what it had. Second half: it is off; what it had is given back next. Stuck:
    /// nobody else may have anything of it, before or after, until a person looked.
    mutating func concludeRestart(
        _ restart: Restart, _ claim: Claim?, _ record: PlanRecord, in fleet: Fleet
    ) throws(Problem) {
        guard let claim else { return }
        switch record.phase {
        case .applied:
            if claim.units.isEmpty, claim.decision?.seat == nil { return try release(claim, in: fleet) }
            try move(claim, to: Claim.State.attached)
            try noteDevices(of: claim, knowing: claim.units, in: fleet)
        case .rolledBack:
            guard let before = record.claimBefore else { return try release(claim, in: fleet) }
            guard !record.isInSecondHalf else {
                return try move(try release(leaving: restart, before, of: claim, in: fleet), to: Claim.State.attached)
            }
            try restore(before, insteadOf: claim, in: fleet)
        case .stuck, .queued, .running, .undoing: break
        }
    }
}

extension Claim {
    /// With those of its units that the other does not have.
    func less(_ other: Claim?) -> Claim {
        var less = self
        let kept = Set(other?.units.map(\.unit.members) ?? [])
        less.amend { $0.units.removeAll { kept.contains($0.unit.members) } }
        return less
    }
}

extension Problem {
    /// A restart ended between or in its second half.
    static func startAgainFailed(_ plan: Plan, _ why: Problem) -> Problem {
        let vm = Fleet.vm(of: plan.change) ?? plan.title
        return Problem(
            why.code, "\(vm) is off: it was stopped and could not be started again. \(why.detail)",
            evidence: why.evidence, next: why.next + [NextStep("When that is fixed", .startVM(vm))],
            cause: why.cause)
    }
}
