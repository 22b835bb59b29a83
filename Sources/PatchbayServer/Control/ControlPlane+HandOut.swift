import Logging
import PatchbayAPI
import PatchbayCore

/// How plans get to the agents that carry them out.
extension ControlPlane {
    /// Mail, plans that are to be stopped, and the oldest plan that was not begun when none is under way.
    func waiting(for host: String) async throws(Problem) -> [AgentProtocol.Work] {
        let plan = try await planToHandOut(to: host)
        var work = await agents.takeMail(host)
        let cancelled = try await view.fleet().hosts[host]?.pendingPlans.filter { $0.cancellation != nil } ?? []
        for record in cancelled where await agents.mayHandOut("cancel \(record.plan.id)", to: host) {
            work.append(.cancel(plan: record.part.id))
        }
        if let plan { work.append(.apply(plan)) }
        return work
    }

    /// nil as well as long as nobody knows how the host is: it is silent still, or cannot be read.
    private func planToHandOut(to host: String) async throws(Problem) -> Plan? {
        while true {
            let state = try await view.fleet().hosts[host]
            guard await !agents.isLost(host), state?.unreadable == nil else { return nil }
            let pending = state?.pendingPlans ?? []
            guard let next = pending.first(where: { $0.phase != .queued }) ?? pending.first, next.waitsForAgent,
                await agents.mayHandOut(next.part.id, to: host)
            else { return nil }
            if let plan = try await planAsOfToday(next.plan.id, host: host) { return plan }
        }
    }

    /// The plan as it has to be carried out now; nil: it is over, or waits. One that waited is planned again on what its host
    /// is now; where that gives other steps it gets them, and where it gives a refusal it ends with it. What programs have
    /// open is read once a minute, so where only that stands in the way, the host is read again first.
    private func planAsOfToday(_ id: String, host: String) async throws(Problem) -> Plan? {
        let isReadAgain = await agents.hasReadAgain(host, for: id)
        let known = try await view.fleet()
        if !isReadAgain, let record = known.hosts[host]?.plans[id], known.onlyPrograms(stop: record) {
            await agents.readAgain(host, for: id)
            return nil
        }
        return try await deciding(dryRun: false) { context throws(Problem) -> Decision<Plan?> in
            let (fleet, plans) = (context.fleet, PlanDecider(context: context))
            guard let record = fleet.hosts[host]?.plans[id], record.waitsForAgent else {
                return Decision(answer: nil, commit: nil)
            }
            guard record.phase == .queued else { return Decision(answer: record.part, commit: nil) }
            if isExpired(record) { return try expiring(record, plans) }
            let plan: Plan
            do throws(Problem) {
                try fleet.requireAgent(knows: record.plan)
                plan = try fleet.plannedAgain(record)
            } catch {
                let over = plans.withdrawn(record, because: error)
                let sentence = "\(record.plan.title): withdrawn before it began. \(error.detail)"
                return Decision(answer: nil, commit: try plans.ending(over, kind: "plan.refused", sentence))
            }
            guard plan.steps != record.plan.steps else { return Decision(answer: record.part, commit: nil) }
            let again = replaced(record, by: plan)
            return Decision(answer: again.part, commit: try replacing(again, in: fleet))
        }
    }

    private func replaced(_ record: PlanRecord, by plan: Plan) -> PlanRecord {
        var record = record
        record.plan = plan
        record.progress = plan.steps.map { _ in .waiting }
        return record
    }

    private func replacing(_ record: PlanRecord, in fleet: Fleet) throws(Problem) -> Commit {
        let plan = record.plan
        let sentence = "\(plan.title): planned again, because \(plan.host) changed while the plan was queued."
        var commit = try audited("plan.planned-again", "plan \(plan.id)", sentence)
        let key = StateKey.plan(plan.id, host: plan.host)
        commit.require(unchanged: key, in: fleet)
        commit.require(unchanged: StateKey.inventory(plan.host), in: fleet)
        try commit.put(key, record)
        return commit
    }

    /// An agent asks whether it may begin what it was given. From here on the plan is under way.
    package func begin(_ plan: Plan, host: String) async throws(Problem) {
        try await admit(host)
        try await deciding { fleet throws(Problem) -> Decision<Void> in
            guard var record = fleet.hosts[host]?.plans[PlanRecord.id(ofPart: plan.id)] else {
                throw fleet.unknownPlan(plan.id, of: host)
            }
            guard record.waitsForAgent else { throw .notToBegin(record) }
            guard record.part == plan else {
                throw Problem(
                    .planNotCurrent, "Plan \(plan.id) was planned again since it was handed out.",
                    next: ["Nothing needs to be done: the agent gets the new plan."])
            }
            if let cancellation = record.cancellation {
                throw Problem(
                    .cancelled, "\(cancellation.actor) cancelled the plan before it began.",
                    next: [NextStep("Repeat it", .retryPlan(record.plan.id))])
            }
            guard record.begun != plan.id else { return Decision(answer: (), commit: nil) }
            record.phase = .running
            record.begun = plan.id
            var commit = try noticed("plan.running", "plan \(record.plan.id)")
            let key = StateKey.plan(record.plan.id, host: host)
            commit.require(unchanged: key, in: fleet)
            try commit.put(key, record)
            return Decision(answer: (), commit: commit)
        }
    }
}

extension ControlPlane {
    /// Ends plans that have waited for too long.
    package func expirePlans() async throws(Problem) {
        let late = try await view.fleet().hosts.values.flatMap(\.pendingPlans).filter(isExpired)
        for record in late {
            let isOver = try await deciding(dryRun: false) { context throws(Problem) -> Decision<Bool> in
                guard let record = context.fleet.record(ofPlan: record.plan.id), isExpired(record) else {
                    return Decision(answer: false, commit: nil)
                }
                let decision = try expiring(record, PlanDecider(context: context))
                return Decision(answer: true, commit: decision.commit)
            }
            if isOver { logger.notice("plan expired", metadata: ["plan": "\(record.plan.id)"]) }
        }
    }

    private func isExpired(_ record: PlanRecord) -> Bool {
        record.phase == .queued && now() - record.createdAt >= queueExpiry
    }

    private func expiring(_ record: PlanRecord, _ plans: PlanDecider) throws(Problem) -> Decision<Plan?> {
        let plan = record.plan
        let why = Problem(
            .planExpired, "The plan was not started within \(queueExpiry / 1000) s, so it was withdrawn.",
            evidence: ["Nothing was done."],
            next: [
                NextStep("See whether the agent is connected", .showHost(plan.host)),
                NextStep("Then repeat the plan", .retryPlan(plan.id)),
            ])
        let over = plans.withdrawn(record, because: why)
        return Decision(
            answer: nil, commit: try plans.ending(over, kind: "plan.expired", "\(plan.title): \(why.detail)"))
    }
}

extension Fleet {
    /// The same change, planned on the host as it is today; the same plan where the host is as it was, and what it takes may be
    /// taken still.
    ///
    /// Throws the refusal when it cannot be planned any more.
    ///
    /// - Parameter countsPrograms: whether what programs have open counts.
    func plannedAgain(_ record: PlanRecord, countsPrograms: Bool = true) throws(Problem) -> Plan {
        let old = record.plan
        for allowance in old.allowed { try allowance.check() }
        guard var state = hosts[old.host] else { return old }
        state.plans = state.plans.filter { $0.value.phase.isOver }
        guard var today = state.expected(pools: poolList) else { return old }
        if !countsPrograms { today.inventory.forgetPrograms() }
        var planner = Planner(inventory: today.inventory, usage: today.usage)
        planner.accepted = old.allowed
        guard today.inventory.digest != old.basis else {
            try planner.requireMayTake(old.change)
            return old
        }
        if case .prepare = old.change {
            try planner.requireMayTake(old.change)
            // Whoever has claimed one since waits for this plan.
            planner.usage.allocations = [:]
        }
        var plan = try planner.plan(old.change, id: old.id)
        plan.steps = plan.steps.map { $0.stopping(as: old.steps) }
        plan.allowed = old.allowed
        plan.agent = old.agent
        return plan
    }

    /// A queued plan would be refused now, and would not if no program had a device open.
    fileprivate func onlyPrograms(stop record: PlanRecord) -> Bool {
        guard record.waitsForAgent, record.phase == .queued,
            hosts[record.plan.host]?.inventory?.hostUses.values.contains(where: { $0.contains(where: \.isProgram) })
                == true
        else { return false }
        do throws(Problem) {
            _ = try plannedAgain(record)
            return false
        } catch {
            do throws(Problem) {
                _ = try plannedAgain(record, countsPrograms: false)
                return true
            } catch { return false }
        }
    }

    /// An agent that does not know a risk cannot read a plan that lists it, nor any work that is handed out with it.
    fileprivate func requireAgent(knows plan: Plan) throws(Problem) {
        let known = hosts[plan.host]?.record?.allowances ?? [ProblemCode.bootDisplay, .hostLost].map(\.rawValue)
        guard let unknown = plan.allowed.first(where: { !known.contains($0.code.rawValue) }) else { return }
        throw Problem(
            .wrongState,
            "The agent of \(plan.host) is of an earlier version, which does not support \(unknown.code.rawValue).",
            evidence: ["agent version \(hosts[plan.host]?.record?.agentVersion ?? "not known")"],
            next: [
                "Install the server's version on \(plan.host), and start its agent again:  systemctl restart patchbay-agent",
                NextStep("Then repeat the plan", .retryPlan(plan.id)),
            ])
    }

    func unknownPlan(_ id: String, of host: String) -> Problem {
        Problem(
            .unknownPlan, "\"\(host)\" has no plan \"\(id)\".",
            next: [NextStep("List them", .listPlans(host: host))])
    }
}

extension Inventory {
    /// As if no program had a node of a device open.
    fileprivate mutating func forgetPrograms() {
        for (address, uses) in hostUses {
            let others = uses.filter { !$0.isProgram }
            if others.count < uses.count { hostUses[address] = others.isEmpty ? nil : others }
        }
    }
}

extension HostUse {
    fileprivate var isProgram: Bool { reason == .holder && severity == .inUse }
}

extension Step {
    /// How a guest is stopped was asked for with the plan.
    fileprivate func stopping(as asked: [Step]) -> Step {
        guard case .stopVM(let vm, _, _) = self else { return self }
        for case .stopVM(vm, let seconds, let force) in asked {
            return .stopVM(vm, timeoutSeconds: seconds, force: force)
        }
        return self
    }
}

extension Problem {
    fileprivate static func notToBegin(_ record: PlanRecord) -> Problem {
        if case .rolledBack(let problem) = record.phase, [.cancelled, .planExpired].contains(problem.code) {
            return problem
        }
        return Problem(
            .planNotCurrent, "Plan \(record.plan.id) must not be started.", evidence: ["it is \(record.phase.word)"],
            next: [NextStep("See it", .showPlan(record.plan.id))])
    }
}
