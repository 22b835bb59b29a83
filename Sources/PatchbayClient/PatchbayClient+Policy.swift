import PatchbayAPI
import PatchbayCore

extension PatchbayClient {
    package func applyPolicy(_ draft: API.PolicyDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.applyPolicy, dryRun: dryRun), body: try Payload(draft))
    }
    package func profiles() async throws(Problem) -> [API.Profile] { try await list(Endpoint(.profiles)) }
    package func profile(_ name: String) async throws(Problem) -> API.Profile {
        try await value(Endpoint(.profile, name))
    }
    package func deleteProfile(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.deleteProfile, name, dryRun: dryRun))
    }
}
