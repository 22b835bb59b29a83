import PatchbayAPI
import PatchbayCore

extension PatchbayClient {
    package func plans(host: String?) async throws(Problem) -> [API.Plan] {
        try await list(Endpoint(.plans, query: [("host", host)]))
    }
    package func plan(_ id: String) async throws(Problem) -> API.Plan {
        try await value(Endpoint(.plan, id))
    }
    package func undoPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.undoPlan, id, dryRun: dryRun))
    }
    package func cancelPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.cancelPlan, id, dryRun: dryRun))
    }
    package func retryPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.retryPlan, id, dryRun: dryRun))
    }
    package func resolvePlan(
        _ id: String, _ statement: API.Statement, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await value(Endpoint(.resolvePlan, id, dryRun: dryRun), body: try Payload(statement))
    }
}

extension PatchbayClient: PatchbayService {}
