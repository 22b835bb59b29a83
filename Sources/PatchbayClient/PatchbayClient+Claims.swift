import PatchbayAPI
import PatchbayCore

extension PatchbayClient {
    package func claims(_ query: API.ClaimQuery) async throws(Problem) -> [API.Claim] {
        try await list(
            Endpoint(
                .claims,
                query: [("phase", query.phase?.rawValue), ("owner", query.owner), ("tenant", query.tenant)]))
    }
    package func claim(_ id: String) async throws(Problem) -> API.Claim { try await value(Endpoint(.claim, id)) }
    package func createClaim(_ draft: API.ClaimDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.createClaim, dryRun: dryRun), body: try Payload(draft))
    }
    package func releaseClaim(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.releaseClaim, id, dryRun: dryRun))
    }
    package func renewClaim(
        _ id: String, _ request: API.RenewRequest, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await value(Endpoint(.renewClaim, id, dryRun: dryRun), body: try Payload(request))
    }
    package func explain(_ draft: API.ClaimDraft) async throws(Problem) -> API.Explanation {
        try await value(Endpoint(.explainDraft), body: try Payload(draft))
    }
    package func explainClaim(_ id: String) async throws(Problem) -> API.Explanation {
        try await value(Endpoint(.explainClaim, id))
    }
    package func explainVM(_ name: String) async throws(Problem) -> API.Explanation {
        try await value(Endpoint(.explainVM, name))
    }
    package func whatIf(_ question: API.WhatIf) async throws(Problem) -> API.Outlook {
        try await value(Endpoint(.whatIf), body: try Payload(question))
    }
}
