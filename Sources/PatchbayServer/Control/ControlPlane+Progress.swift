import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    /// Keeps how a plan is going, and with its end what follows from it: bindings, claim, allocations, definition.
    package func progress(_ progress: AgentProtocol.Progress, host: String) async throws(Problem) {
        await agents.heard(from: host)
        let ended = try await deciding { fleet throws(Problem) -> Decision<PlanRecord?> in
            guard var record = fleet.hosts[host]?.plans[progress.plan] else {
                throw Problem(
                    .unknownPlan, "\"\(host)\" has no plan \"\(progress.plan)\".",
                    next: ["See which there are: patchbay plan list --host \(host)"])
            }
            guard progress.progress.count == record.plan.steps.count else {
                throw Problem(
                    .malformedInput,
                    "Plan \(progress.plan) has \(record.plan.steps.count) steps, not \(progress.progress.count).",
                    next: ["Report one state for each step."])
            }
            // An ending that was told twice, or news older than the ending.
            guard !record.phase.isOver else { return Decision(answer: nil, commit: nil) }
            record.phase = progress.phase
            record.progress = progress.progress
            if record.phase.isOver { record.endedAt = now() }
            return Decision(
                answer: record.phase.isOver ? record : nil, commit: try keeping(record, in: fleet))
        }
        guard let ended else { return }
        logger.info(
            "plan ended",
            metadata: ["plan": "\(ended.plan.id)", "host": "\(host)", "phase": "\(ended.phase.word)"])
        await agents.wake(host)
        await lookAfterGuests(of: host)
        if let vm = Fleet.vm(of: ended.plan.change) { await startAgain(vm) }
    }

    private func keeping(_ record: PlanRecord, in fleet: Fleet) throws(Problem) -> Commit {
        let plan = record.plan
        var commit = try note(record)
        let key = StateKey.plan(plan.id, host: plan.host)
        commit.require(unchanged: key, in: fleet)
        try commit.put(key, record)
        for (address, binding) in plan.bindings(after: record.progress).sorted(by: { $0.key < $1.key }) {
            let key = StateKey.binding(DeviceID(host: plan.host, address: address))
            if var binding {
                binding.identity = fleet.hosts[plan.host]?.identity(of: address)
                if fleet.hosts[plan.host]?.bindings[address] == nil { try commit.put(key, binding) }
            } else if fleet.hosts[plan.host]?.bindings[address] != nil {
                commit.delete(key)
            }
        }
        if record.phase.isOver { try commit.conclude(record, in: fleet) }
        return commit
    }

    /// Endings are written into the audit log in the name of who asked; what lies between is a notice.
    private func note(_ record: PlanRecord) throws(Problem) -> Commit {
        let subject = "plan \(record.plan.id)"
        let title = record.plan.title
        let sentence: String
        switch record.phase {
        case .queued, .running, .undoing: return try noticed("plan.\(record.phase.word)", subject)
        case .applied: sentence = "\(title): done."
        case .rolledBack(let problem): sentence = "\(title): failed and taken back. \(problem.detail)"
        case .stuck(let problem, let left):
            sentence = "\(title): stuck with \(left.count) steps standing. \(problem.detail)"
        }
        var commit = Commit()
        let at = now()
        try commit.put(
            StateKey.audit(at: at, id: newID()),
            AuditRecord(
                kind: "plan.\(record.phase.word)", subject: subject, sentence: sentence, actor: record.actor, at: at))
        return commit
    }
}

extension Commit {
    /// What the end of a plan means for the VM and its claim.
    mutating func conclude(_ record: PlanRecord, in fleet: Fleet) throws(Problem) {
        if let vm = Fleet.vm(of: record.plan.change), fleet.turns[vm] == record.plan.id { delete(StateKey.turn(vm)) }
        let claim = Fleet.claim(of: record.plan.change).flatMap { fleet.claims[$0] }
        switch record.plan.change {
        case .start: try concludeStart(claim, record, in: fleet)
        case .stop(let vm, _, _, _, _): try concludeStop(of: vm, claim, record, in: fleet)
        case .define(let spec): if case .rolledBack = record.phase { forget(spec.name, in: fleet) }
        case .undefine(let spec): if record.phase == .applied { forget(spec.name, in: fleet) }
        case .undo(let plan, _): try concludeUndo(of: plan, record, in: fleet)
        case .prepare, .release: break
        }
        if record.phase == .applied { forgetBindings(record.plan, in: fleet) }
    }

    /// What was given back is Patchbay's no more, also where nothing was left to do, as after a reboot of the host.
    private mutating func forgetBindings(_ plan: Plan, in fleet: Fleet) {
        for member in Set(plan.change.givenBack.flatMap(\.members)).sorted()
        where fleet.hosts[plan.host]?.bindings[member] != nil {
            delete(StateKey.binding(DeviceID(host: plan.host, address: member)))
        }
    }

    private mutating func forget(_ vm: String, in fleet: Fleet) {
        if fleet.vms[vm] != nil { delete(StateKey.vm(vm)) }
    }

    /// Applied: the VM has them. Rolled back: nobody has. Stuck: nobody else may have them until a person looked.
    private mutating func concludeStart(
        _ claim: Claim?, _ record: PlanRecord, in fleet: Fleet
    ) throws(Problem) {
        switch record.phase {
        case .applied:
            if let claim { try move(claim, to: .attached) }
        case .rolledBack: if let claim { try release(claim, in: fleet) }
        case .stuck, .queued, .running, .undoing: break
        }
    }

    /// Applied: nobody has them. Rolled back: the VM still does. Stuck: as with a start.
    private mutating func concludeStop(
        of vm: String, _ claim: Claim?, _ record: PlanRecord, in fleet: Fleet
    ) throws(Problem) {
        switch record.phase {
        case .applied:
            if let claim { try release(claim, in: fleet) }
        case .rolledBack:
            if let claim { try move(claim, to: .attached) }
            if fleet.intents[vm] != nil { delete(StateKey.intent(vm)) }
        case .stuck: if fleet.intents[vm] != nil { delete(StateKey.intent(vm)) }
        case .queued, .running, .undoing: break
        }
    }

    /// A plan that could not be taken back after all may be tried again. An undone definition is forgotten.
    private mutating func concludeUndo(of plan: String, _ record: PlanRecord, in fleet: Fleet) throws(Problem) {
        guard var original = fleet.record(ofPlan: plan) else { return }
        if record.phase == .applied {
            if case .define(let spec) = original.plan.change { forget(spec.name, in: fleet) }
            if case .undefine(let spec) = original.plan.change, fleet.vms[spec.name] == nil {
                try put(
                    StateKey.vm(spec.name), VM(name: spec.name, host: original.plan.host, origin: .managed(spec)))
            }
        } else {
            original.undoneBy = nil
            try put(StateKey.plan(plan, host: original.plan.host), original)
        }
    }

    private mutating func move(_ claim: Claim, to phase: Claim.Phase) throws(Problem) {
        var claim = claim
        claim.phase = phase
        try put(StateKey.claim(claim.id), claim)
    }
}

extension Change {
    /// Units that end with the drivers they had.
    fileprivate var givenBack: [DeviceUnit] {
        switch self {
        case .release(let units), .stop(_, _, _, let units, _): units
        case .prepare, .start, .define, .undefine, .undo: []
        }
    }
}
