import PatchbayCore

/// Pools, profiles and policies.
package struct PoolEndpoints: Sendable {
    private static let rule = API.Rule(
        name: "a100", conditions: [API.Condition(field: "name", comparison: "*=", value: "A100")])

    package let pools = Endpoint(
        .get, "/v1/pools", "List pools", answer: .list(by: { (pool: API.Pool) in pool.name })
    ) { service, _ in try await service.pools() }

    package let createPool = Endpoint(
        .post, "/v1/pools", "Create a pool",
        body: .json(example: API.PoolDraft(name: "gpus", deviceClass: .gpu, preparation: .onDemand, rules: [rule])),
        answer: .change
    ) { try await $0.createPool($1.body, dryRun: $1.dryRun) }

    package let previewRules = Endpoint(
        .post, "/v1/pools/preview", "Show what rules would match, without saving them",
        body: .json(example: API.RulePreviewRequest(rules: [rule])), answer: .json(API.RulePreview.self),
        statuses: [404, 422]
    ) { try await $0.previewRules($1.body) }

    package let pool = Endpoint(
        .get, "/v1/pools/{pool}", "Show a pool, its rules and what they match",
        answer: .json(API.Pool.self, revision: \.revision)
    ) { try await $0.pool($1.name) }

    package let editPool = Endpoint(
        .patch, "/v1/pools/{pool}", "Change a pool; omitted fields stay, and rules replace all rules",
        body: .json(example: API.PoolDraft(description: "A100 of rack b2")), answer: .change, precondition: .argument
    ) {
        try await $0.editPool($1.name, $1.body, revision: try $1.request.expectedRevision(), dryRun: $1.dryRun)
    }

    package let deletePool = Endpoint(
        .delete, "/v1/pools/{pool}", "Delete a pool that nothing requests", answer: .change, precondition: .pool
    ) { try await $0.deletePool($1.name, dryRun: $1.dryRun) }

    package let applyPolicy = Endpoint(
        .post, "/v1/policy", "Apply pools and profiles: all of them, or nothing",
        body: .json(
            example: API.PolicyDraft(
                pools: [API.PoolDraft(name: "gpus", rules: [rule])],
                expectations: [API.Expectation(text: "gpus matches 4 on atlas", place: "gpus.yaml:12")])),
        answer: .change
    ) { try await $0.applyPolicy($1.body, dryRun: $1.dryRun) }

    package let profiles = Endpoint(
        .get, "/v1/profiles", "List profiles", answer: .list(by: { (profile: API.Profile) in profile.name })
    ) { service, _ in try await service.profiles() }

    package let profile = Endpoint(
        .get, "/v1/profiles/{profile}", "Show a profile: the size of a VM and its requests",
        answer: .json(API.Profile.self, revision: \.revision)
    ) { try await $0.profile($1.name) }

    package let deleteProfile = Endpoint(
        .delete, "/v1/profiles/{profile}", "Delete a profile; VMs created from it stay as they are", answer: .change,
        precondition: .profile
    ) { try await $0.deleteProfile($1.name, dryRun: $1.dryRun) }
}
