import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// What people do with plans: undo, cancel, repeat and resolve them.
struct PlanDecider: Decider {
    let context: DecisionContext

    private var vms: VMDecider { VMDecider(context: context) }

    func undo(_ record: PlanRecord) throws(Problem) -> Decision<API.Change> {
        let done = try record.stepsToUndo()
        switch record.plan.change {
        case .start(let vm, let claim, _, _):
            try fleet.requireClaim(claim, of: vm, stands: record)
            return try vms.stop(vm, Power(), kind: "plan.undone")
        case .stop(let vm, _, _, _, _): return try vms.start(vm)
        case .restart(let restart):
            throw Problem(
                .notUndoable, "A restart cannot be undone.",
                next: [NextStep("To stop \(restart.vm)", .stopVM(restart.vm))])
        case .hotplug(let vm, _, _), .hotUnplug(let vm, _, _, _), .surpriseRemoval(let vm, _, _):
            throw Problem(
                .notUndoable, "A hot-plug cannot be undone as a plan: attach or detach the device instead.",
                next: [NextStep("See the VM's devices", .showVM(vm))])
        case .define, .undefine, .prepare, .release, .undo, .reset:
            return try undoing(record, done)
        }
    }

    /// Step by step, in reverse, what a plan did that no VM lives on.
    private func undoing(_ record: PlanRecord, _ done: [Step]) throws(Problem) -> Decision<API.Change> {
        let old = record.plan
        if let vm = Fleet.vm(of: old.change) { try fleet.requireIdleOrGone(vm) }
        let plan = try fleet.planner(for: old.host, accepting: context.takenRisks).plan(
            .undo(plan: old.id, steps: done), id: planID())
        var decision = try queueing(
            [plan], kind: "plan.undone", subject: "plan \(old.id)",
            message: dryRun ? "Would undo plan \(old.id)." : "Plan \(old.id) is being undone.")
        guard !dryRun else { return decision }
        var undone = record
        undone.undoneBy = plan.id
        let key = StateKey.plan(old.id, host: old.host)
        decision.commit?.require(unchanged: key, in: fleet)
        try decision.commit?.put(key, undone)
        return decision
    }

    /// Withdraws a plan that waits; asks its agent to stop and take back one that was begun.
    ///
    /// What was handed out has not begun before the agent asked whether it may (`begin`), so a withdrawn plan is never
    /// carried out, wherever it is by then.
    func cancel(_ id: String) throws(Problem) -> Decision<API.Change> {
        let record = try fleet.requirePlan(id)
        guard !record.canBeWithdrawn else { return try withdrawing(record) }
        switch record.phase {
        case .queued, .running, .undoing: return try stopping(record)
        case .applied, .rolledBack, .stuck:
            throw Problem(
                .wrongState, "Plan \(id) has ended: there is nothing to cancel.",
                evidence: ["it is \(record.phase.word)"], next: [NextStep("See it", .showPlan(id))])
        }
    }

    private func withdrawing(_ record: PlanRecord) throws(Problem) -> Decision<API.Change> {
        let id = record.plan.id
        let done = record.isInSecondHalf ? "its first half is done" : "nothing was done"
        let message =
            dryRun
            ? "Would withdraw plan \(id), \(record.plan.title); \(done)."
            : "Plan \(id), \(record.plan.title), was withdrawn; \(done)."
        let why = Problem(
            .cancelled, "\(context.actor) cancelled the plan before it began.",
            next: [NextStep("Repeat it", .retryPlan(id))])
        let over = withdrawn(record, because: why)
        let answer = change([dryRun ? record : over], subject: "plan \(id)", message: message)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        return Decision(answer: answer, commit: try ending(over, kind: "plan.cancelled", message))
    }

    private func stopping(_ record: PlanRecord) throws(Problem) -> Decision<API.Change> {
        let id = record.plan.id
        let message =
            "Plan \(id), \(record.plan.title), \(dryRun ? "would stop" : "stops") after the step under way"
            + " and \(dryRun ? "would be" : "is") rolled back."
        let answer = change([record], subject: "plan \(id)", message: message)
        guard !dryRun, record.cancellation == nil else {
            return Decision(answer: answer, commit: nil)
        }
        var cancelled = record
        cancelled.cancellation = PlanRecord.Cancellation(actor: context.actor, at: now)
        var commit = try audited("plan.cancelling", "plan \(id)", message)
        let key = StateKey.plan(id, host: record.plan.host)
        commit.require(unchanged: key, in: fleet)
        try commit.put(key, cancelled)
        return Decision(answer: answer, commit: commit)
    }

    /// The plan as it is when it ends before it began.
    func withdrawn(_ record: PlanRecord, because problem: Problem) -> PlanRecord {
        var record = record
        record.phase = .rolledBack(record.isInSecondHalf ? .startAgainFailed(record.plan, problem) : problem)
        record.endedAt = now
        return record
    }

    /// The commit that ends a plan without its agent, with all that follows from its end.
    func ending(_ record: PlanRecord, kind: String, _ sentence: String) throws(Problem) -> Commit {
        var commit = try audited(kind, "plan \(record.plan.id)", sentence)
        let key = StateKey.plan(record.plan.id, host: record.plan.host)
        commit.require(unchanged: key, in: fleet)
        try commit.put(key, record)
        try commit.conclude(record, in: fleet, seeing: fleet.hosts[record.plan.host]?.inventory)
        return commit
    }

    /// The same change, planned anew: for plans that were taken back, cancelled, refused or have expired.
    func retry(_ record: PlanRecord) throws(Problem) -> Decision<API.Change> {
        try record.requireRetryable()
        switch record.plan.change {
        case .start(let vm, _, _, _):
            try fleet.requireNotLost(try fleet.vm(vm))
            return try vms.start(vm)
        case .stop(let vm, _, _, _, _):
            let power = Power(of: record.plan)
            return try vms.stop(vm, power, kind: "vm.stopped")
        case .restart(let restart):
            let vm = try fleet.vm(restart.vm)
            try fleet.requireNotLost(vm)
            guard fleet.domain(of: vm)?.state.isOn == true || fleet.claim(of: vm.name) != nil else {
                return try vms.start(vm.name)
            }
            return try vms.restart(vm, Power(of: record.plan))
        case .hotplug(let vm, _, _), .hotUnplug(let vm, _, _, _), .surpriseRemoval(let vm, _, _):
            throw Problem(
                .wrongState, "A hot-plug cannot be retried: attach or detach the device of \(vm) again.",
                next: [NextStep("See its requests", .showVM(vm))])
        case .undefine(let spec): return try vms.delete(spec.name)
        case .reset(let vm): return try vms.reset(vm)
        case .define(let spec):
            throw Problem(
                .wrongState, "The settings of \(spec.name) were not kept.",
                next: [NextStep("Create it again", .createVM(spec.name))])
        case .prepare(let units):
            for unit in units { try fleet.requirePool(ofAny: unit, on: record.plan.host) }
            return try planning(record)
        case .release: return try planning(record)
        case .undo(let plan, _): return try undo(try fleet.requirePlan(plan))
        }
    }

    private func planning(_ record: PlanRecord) throws(Problem) -> Decision<API.Change> {
        let old = record.plan
        let plan = try fleet.planner(for: old.host, accepting: context.takenRisks).plan(old.change, id: planID())
        return try queueing(
            [plan], kind: "plan.retried", subject: "plan \(old.id)",
            message: dryRun ? "Would repeat: \(old.title)." : "Plan \(plan.id) repeats: \(old.title).")
    }

    /// Takes things as they are now: a person has looked after what the plan left behind. One that is under way ends with it
    /// where nobody will say how it ended: on a lost host, where `host-lost` is allowed, when it was given to another agent
    /// than the one that is heard now, and when it was cancelled.
    func resolve(_ id: String, because reason: String) throws(Problem) -> Decision<API.Change> {
        let record = try fleet.requirePlan(id)
        let risk = try riskOfResolving(record)
        var resolved = record
        if !record.phase.isOver {
            resolved.phase = .stuck(fleet.endedWithoutAgent(record), left: [])
            resolved.endedAt = now
        }
        resolved.resolution = PlanRecord.Resolution(actor: context.actor, reason: reason, at: now)
        let message =
            "Plan \(id), \(record.plan.title), \(dryRun ? "would count" : "counts") as resolved: "
            + fleet.outcome(of: record)
        let answer = change(subject: "plan \(id)", message: message).naming(risk, [])
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        var commit = try audited(
            "plan.resolved", "plan \(id)", risk.sentence(after: "\(message) Reason: \(reason).", ["plan \(id)"]))
        let key = StateKey.plan(id, host: record.plan.host)
        commit.require(unchanged: key, in: fleet)
        try commit.put(key, resolved)
        try commit.settle(record, in: fleet)
        return Decision(answer: answer, commit: commit)
    }

    func riskOfResolving(_ record: PlanRecord) throws(Problem) -> Allowance? {
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

extension PlanRecord {
    /// Steps that were done and still stand, in the order they were done.
    fileprivate func stepsToUndo() throws(Problem) -> [Step] {
        let show = NextStep("See it", .showPlan(plan.id))
        if let undoneBy {
            throw Problem(
                .notUndoable, "Plan \(plan.id) was undone already.", evidence: ["plan \(undoneBy)"], next: [show])
        }
        switch phase {
        case .queued, .running, .undoing:
            throw Problem(
                .busy, "Plan \(plan.id) has not ended yet.", evidence: ["it is \(phase.word)"],
                next: [NextStep("Follow it", .waitForPlan(plan.id))])
        case .rolledBack:
            throw Problem(
                .notUndoable, "Plan \(plan.id) failed and was rolled back already.", next: [show])
        case .stuck(_, let left): return left
        case .applied: return plan.steps
        }
    }
}

extension Fleet {
    func requirePlan(_ id: String) throws(Problem) -> PlanRecord {
        guard let record = record(ofPlan: id) else {
            throw Problem(
                .unknownPlan, "There is no plan \"\(id)\".",
                next: Spelling.hint(for: id, among: hosts.values.flatMap(\.plans.keys))
                    + [NextStep("List them", .listPlans())])
        }
        return record
    }

    /// The claim of the start is still the VM's: what is taken back is what the plan did.
    fileprivate func requireClaim(_ id: String?, of vm: String, stands record: PlanRecord) throws(Problem) {
        guard claimOfVM[vm] == id else {
            throw Problem(
                .notUndoable, "\"\(vm)\" was stopped after plan \(record.plan.id).",
                next: [NextStep("See it", .showVM(vm))])
        }
    }

    fileprivate func requireIdleOrGone(_ name: String) throws(Problem) {
        try requireNoTurn(name)
        if let vm = vms[name]?.value { try requireIdle(vm) }
    }
}

extension PlanRecord {
    fileprivate func requireRetryable() throws(Problem) {
        let why: String
        switch phase {
        case .rolledBack: return
        case .queued, .running, .undoing: why = "has not ended yet"
        case .applied: why = "was applied"
        case .stuck: why = "is stuck and has to be resolved first"
        }
        throw Problem(
            .wrongState, "Plan \(plan.id) \(why).", next: [NextStep("See it", .showPlan(plan.id))])
    }
}

extension Power {
    /// As it was asked for with the plan.
    fileprivate init(of plan: Plan) {
        self.init()
        for case .stopVM(_, let seconds, let force) in plan.steps {
            self.force = force
            if !force { timeoutSeconds = seconds }
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
