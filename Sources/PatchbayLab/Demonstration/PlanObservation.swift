import PatchbayAPI
import PatchbayCore

/// Watches a plan until it is over.
package struct PlanObservation: Sendable {
    let service: any PatchbayService

    package init(service: any PatchbayService) { self.service = service }

    /// - Parameter onStep: told about each step once, when it is neither waiting nor running any more.
    /// - Throws: `.timedOut`; a plan that was rolled back or is stuck is returned, not thrown.
    @discardableResult
    package func end(
        of id: String, within limit: Duration = .seconds(600), onStep: (API.Step) -> Void = { _ in }
    ) async throws(Problem) -> API.Plan {
        var told: Set<Int> = []
        var last: API.Plan?
        try await Observation.until(limit, "plan \(id) is over") { () async throws(Problem) in
            let plan = try await service.plan(id)
            for step in plan.steps where !["waiting", "running"].contains(step.status) {
                if told.insert(step.number).inserted { onStep(step) }
            }
            last = plan
            return plan.isOver
        }
        guard let last else { throw Problem(.unknownPlan, "There is no plan \(id).") }
        return last
    }
}
