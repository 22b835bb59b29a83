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
}

extension PatchbayClient: PatchbayService {}
