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

    package init(plan: Plan, phase: PlanPhase = .queued, actor: String, createdAt: Int) {
        self.plan = plan
        self.phase = phase
        self.progress = Array(repeating: .waiting, count: plan.steps.count)
        self.actor = actor
        self.createdAt = createdAt
    }
}
