import PatchbayCore

@testable import PatchbayAPI

/// Pools, policies and profiles.
extension FakeService {
    func pools() throws(Problem) -> [API.Pool] {
        try check()
        return allPools
    }
    func pool(_ name: String) throws(Problem) -> API.Pool {
        try check()
        return try find(name, in: allPools, by: \.name, .unknownPool, "patchbay pool list")
    }
    func createPool(_ draft: API.PoolDraft, dryRun: Bool) throws(Problem) -> API.Change {
        sent.append(.create(draft))
        guard !allPools.contains(where: { $0.name == draft.name }) else {
            throw Problem(.alreadyExists, "There is a pool of that name.", next: ["Choose another name."])
        }
        return try mutate("create pool \(draft.name ?? "-") \(rules(draft))", dryRun)
    }
    func editPool(
        _ name: String, _ draft: API.PoolDraft, revision: Int?, dryRun: Bool
    ) throws(Problem) -> API.Change {
        sent.append(.edit(name, draft))
        _ = try pool(name)
        return try mutate("edit pool \(name) revision=\(revision ?? -1) \(rules(draft))", dryRun)
    }
    func deletePool(_ name: String, dryRun: Bool) throws(Problem) -> API.Change {
        _ = try pool(name)
        return try mutate("delete pool \(name)", dryRun)
    }
    func previewRules(_ request: API.RulePreviewRequest) throws(Problem) -> API.RulePreview {
        try check()
        return .init(devices: Array(Fleet.devices.prefix(2)), findings: [])
    }
    func makePassthrough(_ request: API.PassthroughRequest, dryRun: Bool) throws(Problem) -> API.Change {
        sent.append(.passthrough(request))
        for name in request.devices { _ = try device(name) }
        if request.create == nil { _ = try pool(request.pool) }
        return try mutate(
            "passthrough \(request.devices.joined(separator: " ")) pool=\(request.pool)"
                + (request.create == nil ? "" : " create"), dryRun)
    }

    func applyPolicy(_ draft: API.PolicyDraft, dryRun: Bool) throws(Problem) -> API.Change {
        policies.append(draft)
        let pools = (draft.pools ?? []).map { "\($0.name ?? "-")\(rules($0))" }.joined(separator: " ")
        let profiles = (draft.profiles ?? []).map(\.name).joined(separator: " ")
        if var change = policyChange {
            change.dryRun = dryRun
            return change
        }
        let expected = (draft.expectations ?? []).map { "\($0.place ?? "-") \($0.text)" }.joined(separator: "; ")
        return try mutate(
            "policy pools=\(pools) profiles=\(profiles) expect=\(expected) prune=\(draft.prune ?? false)", dryRun)
    }
    func profiles() throws(Problem) -> [API.Profile] {
        try check()
        return [Fleet.profile]
    }
    func profile(_ name: String) throws(Problem) -> API.Profile {
        try check()
        return try find(name, in: [Fleet.profile], by: \.name, .unknownProfile, "patchbay profile list")
    }
    func deleteProfile(_ name: String, dryRun: Bool) throws(Problem) -> API.Change {
        _ = try profile(name)
        return try mutate("delete profile \(name)", dryRun)
    }

    private func rules(_ draft: API.PoolDraft) -> String {
        (draft.rules ?? []).map { rule in
            "[\(rule.name)@\(rule.host ?? "*")\(rule.isEnabled ? "" : " off") "
                + (rule.tags ?? [:]).sorted { $0.key < $1.key }.map { "#\($0.key)=\($0.value) " }.joined()
                + rule.conditions.map { $0.field + $0.comparison + $0.value }.joined(separator: " ") + "]"
        }.joined()
    }
}
