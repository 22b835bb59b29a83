import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    package func claims(_ query: API.ClaimQuery) async throws(Problem) -> [API.Claim] {
        let fleet = try await view.fleet()
        let now = now()
        let places = Dictionary(
            uniqueKeysWithValues: fleet.queue(at: now).enumerated().map { ($0.element.id, $0.offset + 1) })
        return fleet.claims.values.filter { claim in
            (query.phase == nil || claim.phase == query.phase)
                && (query.owner == nil || claim.owner.name == query.owner)
                && (query.tenant == nil || claim.owner.tenant == query.tenant)
        }.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
            .map { fleet.shown($0, position: places[$0.id], at: now) }
    }

    package func claim(_ id: String) async throws(Problem) -> API.Claim {
        let fleet = try await view.fleet()
        return fleet.shown(try fleet.claim(named: id), at: now())
    }

    package func createClaim(_ draft: API.ClaimDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        guard draft.owner.kind != .vm else {
            throw Problem(
                .malformedInput, "A VM's claim is made from its requests when the VM starts.",
                next: [
                    NextStep("Add a request to the VM", .attach(nil, to: draft.owner.name)),
                    "Or claim devices for a system or a reservation.",
                ])
        }
        let id = draft.id ?? "c-\(newID())"
        let change = try await deciding(inTurn: true, dryRun: dryRun) { context throws(Problem) in
            try ClaimDecider(context: context).create(draft, id: id)
        }
        return try await showing(change)
    }

    package func releaseClaim(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await deciding(dryRun: dryRun) { context throws(Problem) in
            try ClaimDecider(context: context).release(id)
        }
    }

    package func renewClaim(
        _ id: String, _ request: API.RenewRequest, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        let change = try await deciding(dryRun: dryRun) { context throws(Problem) in
            try ClaimDecider(context: context).renew(id, request)
        }
        return try await showing(change)
    }

    /// With the claim as it is now that the change is committed.
    private func showing(_ change: API.Change) async throws(Problem) -> API.Change {
        guard !change.dryRun, let id = change.claim?.id else { return change }
        let fleet = try await view.fleet()
        guard let claim = fleet.claims[id] else { return change }
        var change = change
        change.claim = fleet.shown(claim, at: now())
        return change
    }

}
