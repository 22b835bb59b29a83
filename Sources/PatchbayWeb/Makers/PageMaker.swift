import PatchbayAPI
import PatchbayCore

/// Makes pages and changes out of what the service says. Knows nothing of HTTP.
struct PageMaker: Sendable {
    let service: any PatchbayService

    /// Names of pools, for a form that must not fail because a pool is being edited.
    func poolNames() async throws(Problem) -> [String] { try await service.pools().map(\.name) }
}
