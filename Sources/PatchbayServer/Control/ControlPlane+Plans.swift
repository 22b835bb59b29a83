import PatchbayAPI
import PatchbayCore

extension ControlPlane {
    package func plans(host: String?) async throws(Problem) -> [API.Plan] {
        let fleet = try await view.fleet()
        if let host, fleet.hosts[host] == nil { throw fleet.unknownHost(host) }
        let states = host.map { [fleet.hosts[$0]].compactMap { $0 } } ?? Array(fleet.hosts.values)
        return states.flatMap(\.plans.values).sorted { ($0.createdAt, $0.plan.id) > ($1.createdAt, $1.plan.id) }
            .map(API.Plan.init)
    }

    package func plan(_ id: String) async throws(Problem) -> API.Plan {
        let fleet = try await view.fleet()
        let record = try fleet.requirePlan(id)
        var plan = API.Plan(record)
        plan.canBeUndone = plan.canBeUndone && record.resolution == nil && isUndoable(record, in: fleet)
        plan.canBeRetried = isRetryable(record, in: fleet) ? true : nil
        plan.canBeResolved = isResolvable(record, in: fleet) ? true : nil
        plan.waitsFor = await whatWaits(record, in: fleet)
        return plan
    }

    private func isUndoable(_ record: PlanRecord, in fleet: Fleet) -> Bool {
        wouldDo { () throws(Problem) in try undoing(record, in: fleet, dryRun: true) }
    }

    private func isRetryable(_ record: PlanRecord, in fleet: Fleet) -> Bool {
        guard case .rolledBack = record.phase else { return false }
        return wouldDo { () throws(Problem) in try retrying(record, in: fleet, dryRun: true) }
    }

    /// With the risk that its host may still be at work, where that is lost.
    private func isResolvable(_ record: PlanRecord, in fleet: Fleet) -> Bool {
        do throws(Problem) {
            _ = try riskOfResolving(record, in: fleet)
            return true
        } catch { return error.code == .hostLost }
    }

    /// What a command would answer now: a yes or a no. Where only risks that a person may take are in the way, with those
    /// taken.
    private func wouldDo(_ tried: () throws(Problem) -> Decision<API.Change>) -> Bool {
        guard var refusal = refusal(of: tried) else { return true }
        var codes: [ProblemCode] = []
        while !codes.contains(refusal.code) {
            codes.append(refusal.code)
            let allow = codes.map(\.rawValue).joined(separator: ",")
            do throws(Problem) {
                let risk = try TakenRisk.said(allow: allow, reason: "tried")
                guard let next = TakenRisk.$current.withValue(risk, operation: { self.refusal(of: tried) }) else {
                    return true
                }
                refusal = next
            } catch { return false }
        }
        return false
    }

    /// Nobody reads it, so it is not explained.
    private func refusal(of tried: () throws(Problem) -> Decision<API.Change>) -> Problem? {
        do throws(Problem) {
            _ = try LateRefusal.during(LateRefusal()) { () throws(Problem) in try tried() }
            return nil
        } catch { return error }
    }

    /// What a plan that is not over waits for; nil: nothing, it is being carried out or about to be.
    private func whatWaits(_ record: PlanRecord, in fleet: Fleet) async -> String? {
        guard !record.phase.isOver else { return nil }
        let host = record.plan.host
        let contact = await agents.contact(of: host)
        guard contact.isConnected else {
            let seen = (contact.lastSeenAt ?? fleet.hosts[host]?.record?.lastSeenAt).map {
                "for \(max(0, now() - $0) / 1000) s"
            }
            return "Host \(host) \(seen.map { "has been offline \($0)" } ?? "has never connected"); the plan waits "
                + "for it."
        }
        if let unreadable = fleet.hosts[host]?.unreadable {
            return "\(host) cannot be read; the plan waits until it can. \(unreadable.detail)"
        }
        if await agents.isLost(host) { return "Host \(host) is back; the plan waits for its first report." }
        guard record.phase == .queued, let first = fleet.hosts[host]?.pendingPlans.first,
            first.plan.id != record.plan.id
        else { return nil }
        return "Plan \(first.plan.id), \(first.plan.title), comes first."
    }

    package func undoPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            try undoing(try fleet.requirePlan(id), in: fleet, dryRun: dryRun)
        }
        return await sayingWhoIsOffline(change)
    }

    func undoing(
        _ record: PlanRecord, in fleet: Fleet, dryRun: Bool
    ) throws(Problem) -> Decision<API.Change> {
        let done = try record.stepsToUndo()
        switch record.plan.change {
        case .start(let vm, let claim, _, _):
            try fleet.requireClaim(claim, of: vm, stands: record)
            return try stopping(vm, Power(), in: fleet, dryRun: dryRun, kind: "plan.undone")
        case .stop(let vm, _, _, _, _): return try starting(vm, in: fleet, dryRun: dryRun)
        case .restart(let restart):
            throw Problem(
                .notUndoable, "A restart cannot be undone.",
                next: [NextStep("To stop \(restart.vm)", .stopVM(restart.vm))])
        case .hotplug(let vm, _, _), .hotUnplug(let vm, _, _, _), .surpriseRemoval(let vm, _, _):
            throw Problem(
                .notUndoable, "A hot-plug cannot be undone as a plan: attach or detach the device instead.",
                next: [NextStep("See the VM's devices", .showVM(vm))])
        case .define, .undefine, .prepare, .release, .undo, .reset:
            return try undoing(record, done, in: fleet, dryRun: dryRun)
        }
    }

    /// Step by step, in reverse, what a plan did that no VM lives on.
    private func undoing(
        _ record: PlanRecord, _ done: [Step], in fleet: Fleet, dryRun: Bool
    ) throws(Problem) -> Decision<API.Change> {
        let old = record.plan
        if let vm = Fleet.vm(of: old.change) { try fleet.requireIdleOrGone(vm) }
        let plan = try fleet.planner(for: old.host, accepting: takenRisks).plan(
            .undo(plan: old.id, steps: done), id: planID())
        var decision = try queueing(
            [plan], in: fleet, dryRun: dryRun, kind: "plan.undone", subject: "plan \(old.id)",
            message: dryRun ? "Would undo plan \(old.id)." : "Plan \(old.id) is being undone.")
        guard !dryRun else { return decision }
        var undone = record
        undone.undoneBy = plan.id
        let key = StateKey.plan(old.id, host: old.host)
        decision.commit?.require(unchanged: key, in: fleet)
        try decision.commit?.put(key, undone)
        return decision
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
