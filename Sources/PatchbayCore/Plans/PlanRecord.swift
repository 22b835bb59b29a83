/// A plan with its story: the value under `plans/HOST/PLAN`.
package struct PlanRecord: Hashable, Codable, Sendable {
    package var plan: Plan
    package var phase: PlanPhase
    /// As many as the plan has steps.
    package var progress: [StepProgress]
    /// Who asked for it: `token admin`, `uid 0`, `server`.
    package var actor: String
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var createdAt: Int
    package var endedAt: Int?
    /// The plan that takes this one back, where there is one.
    package var undoneBy: String?
    /// nil: it is in the first half, or has no halves.
    private var secondHalf: Bool?
    /// What the VM's claim was before the plan; nil: it had none, or the plan does not change it.
    package var claimBefore: Claim?
    /// The part that its agent said it begins: `p-7f31`, `p-7f31.2`.
    package var begun: String?
    /// The VM that the plan makes Patchbay forget, as it was.
    package var forgets: VM?
    /// Somebody wants it stopped; its agent takes back what it did.
    package var cancellation: Cancellation?
    /// Somebody looked after what a stuck or lost plan left behind.
    package var resolution: Resolution?
    /// When the step that is under way began, as far as its agent told; nil: none is.
    package private(set) var stepStartedAt: Int?

    package struct Cancellation: Hashable, Codable, Sendable {
        package var actor: String
        package var at: Int

        package init(actor: String, at: Int) {
            self.actor = actor
            self.at = at
        }
    }

    package struct Resolution: Hashable, Codable, Sendable {
        package var actor: String
        package var reason: String
        package var at: Int

        package init(actor: String, reason: String, at: Int) {
            self.actor = actor
            self.reason = reason
            self.at = at
        }
    }

    package init(plan: Plan, phase: PlanPhase = .queued, actor: String, createdAt: Int) {
        self.plan = plan
        self.phase = phase
        self.progress = Array(repeating: .waiting, count: plan.steps.count)
        self.actor = actor
        self.createdAt = createdAt
    }
}

extension PlanRecord {
    /// Its numbers are about the steps that it has. One that was stored and is not so cannot be carried out.
    package var isConsistent: Bool {
        progress.count == plan.steps.count && (0...plan.steps.count).contains(plan.firstHalf ?? 0)
    }
}

/// An agent carries halves out one by one, each as a plan of its own: `p-7f31`, then `p-7f31.2`.
extension PlanRecord {
    /// The second half is the agent's to do, or was when the plan ended.
    package var isInSecondHalf: Bool { secondHalf == true }

    /// What the agent has to do now.
    package var part: Plan {
        var part = plan
        part.firstHalf = nil
        part.steps = Array(plan.steps[partSteps])
        if isInSecondHalf { part.id += Self.secondHalfMark }
        return part
    }

    /// The record's id for the id of one of its parts.
    package static func id(ofPart id: String) -> String {
        id.hasSuffix(secondHalfMark) ? String(id.dropLast(secondHalfMark.count)) : id
    }

    private static let secondHalfMark = ".2"

    private var partSteps: Range<Int> {
        guard let first = plan.firstHalf else { return plan.steps.indices }
        return isInSecondHalf ? first..<plan.steps.count : 0..<first
    }

    /// It can be withdrawn: its agent has not even said that it begins with what is to do now.
    package var canBeWithdrawn: Bool { waitsForAgent && (phase == .queued || isInSecondHalf) && begun != part.id }

    /// How the part is going that the agent has now.
    package var partProgress: [StepProgress] { Array(progress[partSteps]) }

    /// How the part is going that the agent has now. False: it speaks of other steps than the part has.
    package mutating func take(_ progress: [StepProgress], at now: Int) -> Bool {
        guard progress.count == partSteps.count else { return false }
        let before = self.progress.firstIndex(of: .running)
        self.progress.replaceSubrange(partSteps, with: progress)
        let running = self.progress.firstIndex(of: .running)
        if running != before { stepStartedAt = running.map { _ in now } }
        return true
    }

    /// Nothing was done of it yet: of the whole plan, or of its second half. Its agent may have said that it begins.
    package var waitsForAgent: Bool {
        switch phase {
        case .queued: true
        case .running: partProgress.allSatisfy { $0 == .waiting }
        case .undoing, .applied, .rolledBack, .stuck: false
        }
    }

    /// The first half is done: these steps are left, made of what was read after it.
    package mutating func go(on steps: [Step]) {
        let first = plan.firstHalf ?? plan.steps.count
        plan.steps = Array(plan.steps.prefix(first)) + steps
        progress = Array(progress.prefix(first)) + steps.map { _ in .waiting }
        phase = .running
        secondHalf = true
    }
}

extension PlanRecord {
    /// `undo` can take it back now, as far as the plan itself tells.
    package var canBeUndone: Bool {
        guard undoneBy == nil else { return false }
        return switch phase {
        case .applied: plan.canBeUndone
        case .stuck(_, let left): plan.canBeUndone && !left.isEmpty
        case .queued, .running, .undoing, .rolledBack: false
        }
    }
}
