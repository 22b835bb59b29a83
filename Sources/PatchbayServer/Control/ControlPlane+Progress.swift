import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    /// Keeps how a plan is going that is not over.
    package func progress(_ progress: AgentProtocol.Progress, host: String) async throws(Problem) {
        try await admit(host)
        guard !progress.phase.isOver else {
            throw Problem(
                .malformedInput, "Plan \(progress.plan) cannot end without a report of \"\(host)\".",
                next: ["Send the ending together with a report that was read after it."])
        }
        try await deciding { fleet throws(Problem) -> Decision<Void> in
            guard let record = try fleet.record(after: progress, on: host, at: now()) else {
                return Decision(answer: (), commit: nil)
            }
            var commit = Commit()
            try keep(record, in: fleet, seeing: nil, &commit)
            return Decision(answer: (), commit: commit)
        }
    }

    /// What became of an ending that an agent told.
    struct Ended: Sendable {
        /// The commit has something of it.
        var isTaken = false
        /// The plan, when it is over now and was not before.
        var record: PlanRecord?
    }

    /// Takes in how a plan, or its first half, ended. One that makes no sense is logged and left out: what was read is true
    /// all the same.
    ///
    /// - Parameter inventory: what was read after it.
    func end(
        _ ending: AgentProtocol.Progress, on host: String, with inventory: Inventory, in fleet: Fleet,
        _ commit: inout Commit
    ) throws(Problem) -> Ended {
        let told: PlanRecord?
        do throws(Problem) { told = try fleet.record(after: ending, on: host, at: now()) } catch {
            logger.warning(
                "ending not accepted",
                metadata: ["host": "\(host)", "plan": "\(ending.plan)", "problem": "\(error.detail)"])
            return Ended()
        }
        guard var record = told, record.phase.isOver else { return Ended() }
        guard record.resolution == nil else {
            try keepLate(record, told: ending.phase, in: fleet, seeing: inventory, &commit)
            return Ended(isTaken: true)
        }
        if try goOn(&record, with: inventory, in: fleet, &commit) { return Ended(isTaken: true) }
        record.endedAt = now()
        if record.phase == .applied, let before = fleet.hosts[host]?.inventory {
            record.plan.findings += inventory.differences(from: before, after: record.plan.steps)
        }
        try keep(record, in: fleet, seeing: inventory, &commit)
        return Ended(isTaken: true, record: record)
    }

    /// When the first half is done: what leaves is free, and the second half is made of what was read. False: the plan is
    /// over, also when nothing could be made: then the VM is off.
    func goOn(
        _ record: inout PlanRecord, with inventory: Inventory, in fleet: Fleet, _ commit: inout Commit
    ) throws(Problem) -> Bool {
        guard case .restart(let restart) = record.plan.change else { return false }
        guard !record.isInSecondHalf, record.phase == .applied else {
            if record.isInSecondHalf, case .rolledBack(let problem) = record.phase {
                record.phase = .rolledBack(.startAgainFailed(record.plan, problem))
            }
            return false
        }
        do throws(Problem) {
            if let cancellation = record.cancellation {
                throw Problem(.cancelled, "\(cancellation.actor) cancelled the plan.")
            }
            let steps = try fleet.planner(
                for: record.plan.host, seeing: inventory, after: record, stopped: restart.vm
            ).startAgain(restart)
            record.go(on: steps)
        } catch {
            record.go(on: [])
            record.phase = .rolledBack(.startAgainFailed(record.plan, error))
            return false
        }
        if let claim = restart.claim.flatMap({ fleet.claims[$0] }) {
            try commit.release(leaving: restart, record.claimBefore, of: claim, in: fleet)
        }
        try keep(record, in: fleet, seeing: nil, &commit)
        return true
    }

    func tell(_ ended: PlanRecord) {
        logger.info(
            "plan ended",
            metadata: [
                "plan": "\(ended.plan.id)", "host": "\(ended.plan.host)", "phase": "\(ended.phase.word)",
            ])
        for finding in ended.plan.findings where finding.code == "not-as-planned" {
            logger.warning(
                "host is not as planned",
                metadata: [
                    "plan": "\(ended.plan.id)", "device": "\(finding.subject)", "finding": "\(finding.sentence)",
                ])
        }
    }

    /// - Parameter inventory: what was read after its end; nil: it is not over.
    func keep(
        _ record: PlanRecord, in fleet: Fleet, seeing inventory: Inventory?, _ commit: inout Commit
    ) throws(Problem) {
        let plan = record.plan
        try note(record, &commit)
        let key = StateKey.plan(plan.id, host: plan.host)
        commit.require(unchanged: key, in: fleet)
        try commit.put(key, record)
        for (device, binding) in plan.bindings(after: record.progress).sorted(by: { $0.key < $1.key }) {
            try keep(binding, of: DeviceID(host: plan.host, key: device), in: fleet, &commit)
        }
        if let inventory { try commit.conclude(record, in: fleet, seeing: inventory) }
    }

    /// Somebody looked after the plan before its agent told how it ended: claim and turn stay as that left them. What it
    /// bound, as far as that is seen, is Patchbay's all the same, and what it gave back is not.
    private func keepLate(
        _ record: PlanRecord, told phase: PlanPhase, in fleet: Fleet, seeing inventory: Inventory,
        _ commit: inout Commit
    ) throws(Problem) {
        let plan = record.plan
        let at = now()
        let sentence = "\(plan.title): its agent reported the ending after the plan was resolved: \(phase.word)."
        try commit.put(
            StateKey.audit(at: at, id: newID()),
            AuditRecord(
                kind: "plan.late", subject: "plan \(plan.id)", sentence: sentence, actor: record.actor, at: at))
        let key = StateKey.plan(plan.id, host: plan.host)
        commit.require(unchanged: key, in: fleet)
        try commit.put(key, record)
        for (device, binding) in plan.bindings(after: record.progress).sorted(by: { $0.key < $1.key }) {
            let isBound = inventory[device]?.isTaken ?? false
            guard isBound == (binding != nil) else { continue }
            try keep(binding, of: DeviceID(host: plan.host, key: device), in: fleet, &commit)
        }
    }

    /// - Parameter binding: nil: it was given back.
    private func keep(
        _ binding: Binding?, of id: DeviceID, in fleet: Fleet, _ commit: inout Commit
    ) throws(Problem) {
        let state = fleet.hosts[id.host]
        if var binding {
            binding.identity = state?.identity(of: id.key)
            if state?.bindings[id.key] == nil { try commit.put(StateKey.binding(id), binding) }
        } else if state?.bindings[id.key] != nil {
            commit.delete(StateKey.binding(id))
        }
    }

    /// Endings are written into the audit log in the name of who asked; what lies between is a notice.
    private func note(_ record: PlanRecord, _ commit: inout Commit) throws(Problem) {
        let at = now()
        let subject = "plan \(record.plan.id)"
        let title = record.plan.title
        let sentence: String
        switch record.phase {
        case .queued, .running, .undoing:
            return try commit.put(
                StateKey.notice,
                AuditRecord(
                    kind: "plan.\(record.phase.word)", subject: subject, sentence: "", actor: Caller.current, at: at))
        case .applied: sentence = "\(title): done."
        case .rolledBack(let problem): sentence = "\(title): failed and rolled back. \(problem.detail)"
        case .stuck(let problem, let left):
            sentence = "\(title): stuck with \(left.count) steps not undone. \(problem.detail)"
        }
        try commit.put(
            StateKey.audit(at: at, id: newID()),
            AuditRecord(
                kind: "plan.\(record.phase.word)", subject: subject, sentence: sentence, actor: record.actor, at: at))
    }
}

extension Fleet {
    /// The record of a plan with what an agent says of it; nil: it was over before, so this is old news.
    fileprivate func record(
        after progress: AgentProtocol.Progress, on host: String, at now: Int
    ) throws(Problem) -> PlanRecord? {
        guard var record = hosts[host]?.plans[PlanRecord.id(ofPart: progress.plan)] else {
            throw unknownPlan(progress.plan, of: host)
        }
        guard record.part.id == progress.plan else { return nil }
        let isNews = try record.isNews(progress)
        guard isNews || record.isLate(progress), record.take(record.forward(to: progress.progress), at: now) else {
            return nil
        }
        if isNews { record.phase = progress.phase }
        return record
    }
}

extension Commit {
    /// What the end of a plan means for the VM and its claim.
    ///
    /// - Parameter inventory: what was read after it, or last where nothing was done; nil: nothing is known.
    mutating func conclude(_ record: PlanRecord, in fleet: Fleet, seeing inventory: Inventory?) throws(Problem) {
        if let vm = Fleet.vm(of: record.plan.change), fleet.turns[vm] == record.plan.id { delete(StateKey.turn(vm)) }
        let claim = Fleet.claim(of: record.plan.change).flatMap { fleet.claims[$0] }
        switch record.plan.change {
        case .start: try concludeStart(claim, record, in: fleet)
        case .stop: try concludeStop(claim, record, in: fleet)
        case .restart(let restart): try concludeRestart(restart, claim, record, in: fleet)
        case .hotplug: try concludeHotplug(claim, record, in: fleet)
        case .hotUnplug(_, _, let units, _): try concludeHotUnplug(units, claim, record, in: fleet)
        case .define(let spec): if case .rolledBack = record.phase { forget(spec.name, in: fleet) }
        case .undefine(let spec): if record.phase == .applied { forget(spec.name, in: fleet) }
        case .undo(let plan, _): try concludeUndo(of: plan, record, in: fleet)
        case .prepare, .release, .surpriseRemoval, .reset: break
        }
        if record.phase == .applied, let inventory { forgetBindings(record.plan, in: fleet, seeing: inventory) }
    }

    /// What was given back is Patchbay's no more, also where nothing was left to do, as after a reboot of the host. What is
    /// seen on vfio-pci all the same stays Patchbay's, so that it can be given back.
    private mutating func forgetBindings(_ plan: Plan, in fleet: Fleet, seeing inventory: Inventory) {
        for member in Set(plan.change.givenBack.flatMap(\.members)).sorted()
        where fleet.hosts[plan.host]?.bindings[member] != nil && inventory[member]?.isHandedOver != true {
            delete(StateKey.binding(DeviceID(host: plan.host, key: member)))
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
            if let claim {
                try move(claim, to: Claim.State.attached)
                try noteDevices(of: claim, knowing: claim.units, in: fleet)
            }
        case .rolledBack: if let claim { try release(claim, in: fleet) }
        case .stuck, .queued, .running, .undoing: break
        }
    }

    /// Applied: nobody has them. Rolled back: the VM still does. Stuck: as with a start.
    private mutating func concludeStop(
        _ claim: Claim?, _ record: PlanRecord, in fleet: Fleet
    ) throws(Problem) {
        switch record.phase {
        case .applied:
            if let claim {
                try noteDevices(of: claim, knowing: [], in: fleet)
                try release(claim, in: fleet)
            }
        case .rolledBack:
            if let claim { try move(claim, to: Claim.State.attached) }
        case .stuck, .queued, .running, .undoing: break
        }
    }

    /// A plan that could not be taken back after all may be tried again. An undone definition is forgotten.
    mutating func concludeUndo(of plan: String, _ record: PlanRecord, in fleet: Fleet) throws(Problem) {
        guard var original = fleet.record(ofPlan: plan) else { return }
        if record.phase == .applied {
            if case .define(let spec) = original.plan.change { forget(spec.name, in: fleet) }
            if let vm = original.forgets, fleet.vms[vm.name] == nil { try put(StateKey.vm(vm.name), vm) }
        } else {
            original.undoneBy = nil
            try put(StateKey.plan(plan, host: original.plan.host), original)
        }
    }

    /// The claim keeps its devices: `move(claim, to: Claim.State.attached)`.
    mutating func move(_ claim: Claim, to next: (ClaimDecision) -> Claim.State) throws(Problem) {
        var claim = claim
        claim.enter(next)
        try put(StateKey.claim(claim.id), claim)
    }
}
