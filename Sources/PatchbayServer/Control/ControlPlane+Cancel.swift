import Logging
import PatchbayAPI
import PatchbayCore

extension ControlPlane {
    /// Withdraws a plan that waits; asks its agent to stop and take back one that was begun.
    ///
    /// What was handed out has not begun before the agent asked whether it may (`begin`), so a withdrawn plan is never
    /// carried out, wherever it is by then.
    package func cancelPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            let record = try fleet.requirePlan(id)
            guard !record.canBeWithdrawn else { return try withdrawing(record, in: fleet, dryRun: dryRun) }
            switch record.phase {
            case .queued, .running, .undoing: return try stopping(record, in: fleet, dryRun: dryRun)
            case .applied, .rolledBack, .stuck:
                throw Problem(
                    .wrongState, "Plan \(id) has ended: there is nothing to cancel.",
                    evidence: ["it is \(record.phase.word)"],
                    next: [NextStep("See it", .showPlan(id))])
            }
        }
        if !dryRun, let plan = change.plans.first {
            await agents.wake(plan.host)
            if let over = try await view.fleet().record(ofPlan: id), over.phase.isOver { await tidyUp(after: over) }
        }
        return await sayingWhoIsOffline(change)
    }

    private func withdrawing(
        _ record: PlanRecord, in fleet: Fleet, dryRun: Bool
    ) throws(Problem) -> Decision<API.Change> {
        let id = record.plan.id
        let done = record.isInSecondHalf ? "its first half is done" : "nothing was done"
        let message =
            dryRun
            ? "Would withdraw plan \(id), \(record.plan.title); \(done)."
            : "Plan \(id), \(record.plan.title), was withdrawn; \(done)."
        let why = Problem(
            .cancelled, "\(Caller.current) cancelled the plan before it began.",
            next: [NextStep("Repeat it", .retryPlan(id))])
        let over = withdrawn(record, because: why)
        let answer = change([dryRun ? record : over], dryRun: dryRun, subject: "plan \(id)", message: message)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        return Decision(answer: answer, commit: try ending(over, kind: "plan.cancelled", message, in: fleet))
    }

    private func stopping(
        _ record: PlanRecord, in fleet: Fleet, dryRun: Bool
    ) throws(Problem) -> Decision<API.Change> {
        let id = record.plan.id
        let message =
            "Plan \(id), \(record.plan.title), \(dryRun ? "would stop" : "stops") after the step under way"
            + " and \(dryRun ? "would be" : "is") rolled back."
        let answer = change([record], dryRun: dryRun, subject: "plan \(id)", message: message)
        guard !dryRun, record.cancellation == nil else {
            return Decision(answer: answer, commit: nil)
        }
        var cancelled = record
        cancelled.cancellation = PlanRecord.Cancellation(actor: Caller.current, at: now())
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
        record.endedAt = now()
        return record
    }

    /// The commit that ends a plan without its agent, with all that follows from its end.
    func ending(
        _ record: PlanRecord, kind: String, _ sentence: String, in fleet: Fleet
    ) throws(Problem) -> Commit {
        var commit = try audited(kind, "plan \(record.plan.id)", sentence)
        let key = StateKey.plan(record.plan.id, host: record.plan.host)
        commit.require(unchanged: key, in: fleet)
        try commit.put(key, record)
        try commit.conclude(record, in: fleet, seeing: fleet.hosts[record.plan.host]?.inventory)
        return commit
    }
}
