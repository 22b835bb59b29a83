import PatchbayCore

/// Claims, and questions about what would be.
package struct ClaimEndpoints: Sendable {
    private static let draft = API.ClaimDraft(
        owner: API.ClaimOwner(kind: .system, name: "slurm/4711"), requests: [API.RequestDraft(pool: "gpus", count: 2)],
        leaseSeconds: 3600, waits: true)

    package let claims = Endpoint(
        .get, "/v1/claims", "List claims of VMs, other systems and reservations",
        query: [Query.phase, Query.owner, Query.tenant], answer: .list(by: { (claim: API.Claim) in claim.id })
    ) {
        try await $0.claims(
            API.ClaimQuery(phase: try $1[Query.phase], owner: try $1[Query.owner], tenant: try $1[Query.tenant]))
    }

    package let createClaim = Endpoint(
        .post, "/v1/claims", "Claim devices for a system or a reservation, on any host that fits",
        body: .json(example: draft), answer: .change
    ) { try await $0.createClaim($1.body, dryRun: $1.dryRun) }

    package let explainDraft = Endpoint(
        .post, "/v1/claims/explain", "Explain how a claim would be served, and what would make it fit; changes nothing",
        body: .json(example: draft), answer: .json(API.Explanation.self), statuses: [404, 409, 422]
    ) { try await $0.explain($1.body) }

    package let claim = Endpoint(
        .get, "/v1/claims/{claim}", "Show a claim: what it holds, or its place in the queue",
        answer: .json(API.Claim.self, revision: \.revision)
    ) { try await $0.claim($1.name) }

    package let releaseClaim = Endpoint(
        .delete, "/v1/claims/{claim}", "End a claim and free its devices", answer: .change, precondition: .claim
    ) { try await $0.releaseClaim($1.name, dryRun: $1.dryRun) }

    package let renewClaim = Endpoint(
        .post, "/v1/claims/{claim}/renew", "Renew a claim's lease",
        body: .json(default: API.RenewRequest(), example: API.RenewRequest(leaseSeconds: 3600)), answer: .change,
        precondition: .claim
    ) { try await $0.renewClaim($1.name, $1.body, dryRun: $1.dryRun) }

    package let explainClaim = Endpoint(
        .get, "/v1/claims/{claim}/explain", "Explain why a claim is served as it is, or why it waits",
        answer: .json(API.Explanation.self)
    ) { try await $0.explainClaim($1.name) }

    package let whatIf = Endpoint(
        .post, "/v1/whatif", "Simulate host or device loss, policy changes and new VMs; changes nothing",
        body: .json(
            example: API.WhatIf(
                changes: [API.ScenarioChange(drain: "atlas")],
                guest: API.GuestShape(
                    vcpus: 8, memoryMiB: 32768, requests: [API.RequestDraft(pool: "gpus", count: 2)]), count: 4)),
        answer: .json(API.Outlook.self), statuses: [404, 409, 422]
    ) { try await $0.whatIf($1.body) }
}
