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
        let plans = PlanDecider(context: context(fleet, dryRun: true))
        var plan = API.Plan(record)
        plan.canBeUndone = plan.canBeUndone && record.resolution == nil && plans.isUndoable(record)
        plan.canBeRetried = plans.isRetryable(record) ? true : nil
        plan.canBeResolved = plans.isResolvable(record) ? true : nil
        plan.waitsFor = await whatWaits(record, in: fleet)
        return plan
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
        let change = try await decidingOnPlan(dryRun) { plans throws(Problem) in
            try plans.undo(try plans.fleet.requirePlan(id))
        }
        return await sayingWhoIsOffline(change)
    }

    package func retryPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await decidingOnPlan(dryRun) { plans throws(Problem) in
            try plans.retry(try plans.fleet.requirePlan(id))
        }
        return await sayingWhoIsOffline(change)
    }

    package func cancelPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await decidingOnPlan(dryRun) { plans throws(Problem) in try plans.cancel(id) }
        if !dryRun, let plan = change.plans.first {
            await agents.wake(plan.host)
            if let over = try await view.fleet().record(ofPlan: id), over.phase.isOver { await tidyUp(after: over) }
        }
        return await sayingWhoIsOffline(change)
    }

    package func resolvePlan(
        _ id: String, _ statement: API.Statement, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        let reason = try TakenRisk.reason(statement.reason)
        try await hearAgents()
        return try await decidingOnPlan(dryRun) { plans throws(Problem) in try plans.resolve(id, because: reason) }
    }

    private func decidingOnPlan(
        _ dryRun: Bool, _ decide: (PlanDecider) throws(Problem) -> Decision<API.Change>
    ) async throws(Problem) -> API.Change {
        try await deciding(dryRun: dryRun) { context throws(Problem) in try decide(PlanDecider(context: context)) }
    }
}
