import NIOHTTP1
import PatchbayAPI
import PatchbayCore

extension PatchbayClient {
    package func pools() async throws(Problem) -> [API.Pool] { try await list(Endpoint(.pools)) }
    package func pool(_ name: String) async throws(Problem) -> API.Pool {
        try await value(Endpoint(.pool, name))
    }
    package func createPool(_ draft: API.PoolDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.createPool, dryRun: dryRun), body: try Payload(draft))
    }
    package func editPool(
        _ name: String, _ draft: API.PoolDraft, revision: Int?, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        var headers = HTTPHeaders()
        if let revision { headers.add(name: "if-match", value: "\"\(revision)\"") }
        return try await value(
            Endpoint(.editPool, name, dryRun: dryRun), body: try Payload(draft), headers: headers)
    }
    package func deletePool(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.deletePool, name, dryRun: dryRun))
    }
    package func previewRules(_ request: API.RulePreviewRequest) async throws(Problem) -> API.RulePreview {
        try await value(Endpoint(.previewRules), body: try Payload(request))
    }
}
