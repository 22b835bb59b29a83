import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    /// Takes things as they are now: a person has looked after what the plan left behind. One that is under way ends with it
    /// where nobody will say how it ended: on a lost host, where `host-lost` is allowed, when it was given to another agent
    /// than the one that is heard now, and when it was cancelled.
    package func resolvePlan(
        _ id: String, _ statement: API.Statement, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        let reason = try TakenRisk.reason(statement.reason)
        try await hearAgents()
        return try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            let record = try fleet.requirePlan(id)
            let risk = try riskOfResolving(record, in: fleet)
            var resolved = record
            if !record.phase.isOver {
                resolved.phase = .stuck(fleet.endedWithoutAgent(record), left: [])
                resolved.endedAt = now()
            }
            resolved.resolution = PlanRecord.Resolution(actor: Caller.current, reason: reason, at: now())
            let message =
                "Plan \(id), \(record.plan.title), \(dryRun ? "would count" : "counts") as resolved: "
                + fleet.outcome(of: record)
            let answer = change([], dryRun: dryRun, subject: "plan \(id)", message: message).naming(risk, [])
            guard !dryRun else { return Decision(answer: answer, commit: nil) }
            var commit = try audited(
                "plan.resolved", "plan \(id)", risk.sentence(after: "\(message) Reason: \(reason).", ["plan \(id)"]))
            let key = StateKey.plan(id, host: record.plan.host)
            commit.require(unchanged: key, in: fleet)
            try commit.put(key, resolved)
            try commit.settle(record, in: fleet)
            return Decision(answer: answer, commit: commit)
        }
    }

    func riskOfResolving(_ record: PlanRecord, in fleet: Fleet) throws(Problem) -> Allowance? {
        let host = record.plan.host
        switch record.phase {
        case .stuck where record.resolution == nil: return nil
        case .running where fleet.isLost(host), .undoing where fleet.isLost(host):
            return try taken(.hostLost, of: host, evidence: ["plan \(record.plan.id) is \(record.phase.word)"])
        case .running where record.cancellation != nil || fleet.isOfAnotherAgent(record),
            .undoing where record.cancellation != nil || fleet.isOfAnotherAgent(record):
            return nil
        case .queued, .running, .undoing:
            throw Problem(
                .wrongState, "Plan \(record.plan.id) is \(record.phase.word).",
                next: [NextStep("Cancel it", .cancelPlan(record.plan.id))])
        case .applied, .rolledBack, .stuck:
            throw Problem(
                .wrongState, "Plan \(record.plan.id) left nothing to resolve.",
                next: [NextStep("See it", .showPlan(record.plan.id))])
        }
    }
}

extension Fleet {
    /// What becomes of the VM's claim: it holds while the VM runs, or may.
    fileprivate func outcome(of record: PlanRecord) -> String {
        guard let name = Fleet.vm(of: record.plan.change), let claim = claimLeft(by: record) else {
            return "its effects stay."
        }
        return stays(claim, of: name, after: record)
            ? "\(name) keeps its devices." : "\(name) is off; its devices are free."
    }

    /// The claim that the plan was for, as long as it is the VM's. One that came after it is another plan's.
    fileprivate func claimLeft(by record: PlanRecord) -> Claim? {
        guard let vm = Fleet.vm(of: record.plan.change), let claim = claim(of: vm),
            claim.id == Fleet.claim(of: record.plan.change)
        else { return nil }
        return claim
    }

    /// True while the VM runs, or may: by a host of which nothing new is known, or because the agent may go on with the
    /// plan. One that turns out to be off gives back what it has like any guest that went off.
    fileprivate func stays(_ claim: Claim, of name: String, after record: PlanRecord) -> Bool {
        guard let host = claim.host, record.phase.isOver, isKnownNow(host) else { return true }
        return hosts[host]?.domain(name)?.state.isOn == true
    }

    /// What was read of the host last is still so, as far as can be known.
    fileprivate func isKnownNow(_ host: String) -> Bool {
        !hearing.all.contains(host) && hosts[host]?.unreadable == nil
    }
}

extension Commit {
    /// Turn, claim and bindings as the host is now.
    fileprivate mutating func settle(_ record: PlanRecord, in fleet: Fleet) throws(Problem) {
        let host = record.plan.host
        if let name = Fleet.vm(of: record.plan.change) {
            let isFree = fleet.turn(of: name) == nil || fleet.turns[name] == record.plan.id
            if isFree, let claim = fleet.claimLeft(by: record) { try settle(claim, of: name, record, in: fleet) }
            if fleet.turns[name] == record.plan.id { delete(StateKey.turn(name)) }
        }
        if case .undo(let plan, _) = record.plan.change, !record.phase.isOver {
            try concludeUndo(of: plan, record, in: fleet)
        }
        guard fleet.isKnownNow(host), let state = fleet.hosts[host] else { return }
        for case .setOverride(let address, _, _) in record.plan.steps
        where state.bindings[address.key] != nil && state.inventory?[address]?.driverOverride != PCIFunction.vfioDriver
            && state.inventory?[address]?.driver != PCIFunction.vfioDriver
        {
            delete(StateKey.binding(DeviceID(host: host, key: address.key)))
        }
    }

    /// A VM that runs though a restart could not stop it has what it had before.
    private mutating func settle(
        _ claim: Claim, of vm: String, _ record: PlanRecord, in fleet: Fleet
    ) throws(Problem) {
        require(unchanged: StateKey.claim(claim.id), in: fleet)
        guard fleet.stays(claim, of: vm, after: record) else { return try release(claim, in: fleet) }
        if case .restart = record.plan.change, let before = record.claimBefore, !record.isInSecondHalf,
            record.phase.isOver, fleet.isKnownNow(record.plan.host)
        {
            return try restore(before, insteadOf: claim, in: fleet)
        }
        try move(claim, to: Claim.State.attached)
    }
}

extension Fleet {
    /// It was made for an agent that is not the one which is heard of its host now.
    fileprivate func isOfAnotherAgent(_ record: PlanRecord) -> Bool {
        guard let agent = record.plan.agent, let heard = hosts[record.plan.host]?.record?.identity?.id else {
            return false
        }
        return agent != heard
    }

    fileprivate func endedWithoutAgent(_ record: PlanRecord) -> Problem {
        let plan = record.plan
        let why =
            isLost(plan.host)
            ? "was under way when its host was lost"
            : isOfAnotherAgent(record)
                ? "was handed to an agent that has since been replaced"
                : "was cancelled, and its agent did not report how it ended"
        return Problem(
            .planStuck, "Plan \(plan.id) \(why).",
            next: [NextStep("Look at the host", .showHost(plan.host))])
    }
}
