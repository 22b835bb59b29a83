import PatchbayAPI
import PatchbayCore

/// Waits until a plan is over.
struct PlanWatch {
    let service: any PatchbayService
    let timeoutSeconds: Int?

    /// - Parameter show: told of every state that was seen, the last one included.
    /// - Returns: the plan as it ended.
    func follow(_ id: String, show: (API.Plan) -> Void) async throws -> API.Plan {
        let watch = Watch<API.Plan>(
            service: service, subject: id, timeoutSeconds: timeoutSeconds,
            look: { () async throws(Problem) in try await service.plan(id) }, isOver: { $0.isOver }, late: late,
            interrupted: interrupted)
        return try await watch.follow(show: show)
    }

    private func late(_ plan: API.Plan) -> Problem {
        Problem(
            .timedOut, "Plan \(plan.id) is still \(plan.phase) after \(timeoutSeconds ?? 0) s; it goes on.",
            next: ["See its progress:  patchbay plan show \(plan.id)"])
    }

    private func interrupted(_ plan: API.Plan) -> Problem {
        Problem(
            .interrupted, "You stopped waiting; plan \(plan.id) goes on.",
            next: [
                "See its progress:  patchbay plan show \(plan.id)",
                "Cancel it:  patchbay plan cancel \(plan.id)",
            ])
    }
}
