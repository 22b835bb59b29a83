import PatchbayAPI
import PatchbayCore

extension ControlPlane {
    /// The same change, planned anew: for plans that were taken back, cancelled, refused or have expired.
    package func retryPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            try retrying(try fleet.requirePlan(id), in: fleet, dryRun: dryRun)
        }
        return await sayingWhoIsOffline(change)
    }

    func retrying(_ record: PlanRecord, in fleet: Fleet, dryRun: Bool) throws(Problem) -> Decision<API.Change> {
        try record.requireRetryable()
        switch record.plan.change {
        case .start(let vm, _, _, _):
            try fleet.requireNotLost(try fleet.vm(vm))
            return try starting(vm, in: fleet, dryRun: dryRun)
        case .stop(let vm, _, _, _, _):
            let power = Power(of: record.plan)
            return try stopping(vm, power, in: fleet, dryRun: dryRun, kind: "vm.stopped")
        case .restart(let restart):
            let vm = try fleet.vm(restart.vm)
            try fleet.requireNotLost(vm)
            guard fleet.domain(of: vm)?.state.isOn == true || fleet.claim(of: vm.name) != nil else {
                return try starting(vm.name, in: fleet, dryRun: dryRun)
            }
            return try restarting(vm, Power(of: record.plan), in: fleet, dryRun: dryRun)
        case .hotplug(let vm, _, _), .hotUnplug(let vm, _, _, _), .surpriseRemoval(let vm, _, _):
            throw Problem(
                .wrongState, "A hot-plug cannot be retried: attach or detach the device of \(vm) again.",
                next: [NextStep("See its requests", .showVM(vm))])
        case .undefine(let spec): return try deleting(spec.name, in: fleet, dryRun: dryRun)
        case .reset(let vm): return try resetting(vm, in: fleet, dryRun: dryRun)
        case .define(let spec):
            throw Problem(
                .wrongState, "The settings of \(spec.name) were not kept.",
                next: [NextStep("Create it again", .createVM(spec.name))])
        case .prepare(let units):
            for unit in units { try fleet.requirePool(ofAny: unit, on: record.plan.host) }
            return try planning(record, in: fleet, dryRun: dryRun)
        case .release: return try planning(record, in: fleet, dryRun: dryRun)
        case .undo(let plan, _): return try undoing(try fleet.requirePlan(plan), in: fleet, dryRun: dryRun)
        }
    }

    private func planning(_ record: PlanRecord, in fleet: Fleet, dryRun: Bool) throws(Problem) -> Decision<API.Change> {
        let old = record.plan
        let plan = try fleet.planner(for: old.host, accepting: takenRisks).plan(old.change, id: planID())
        return try queueing(
            [plan], in: fleet, dryRun: dryRun, kind: "plan.retried", subject: "plan \(old.id)",
            message: dryRun ? "Would repeat: \(old.title)." : "Plan \(plan.id) repeats: \(old.title).")
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
