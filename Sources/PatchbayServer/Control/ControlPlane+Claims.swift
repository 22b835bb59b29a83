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
        let change = try await deciding(inTurn: true) { fleet throws(Problem) -> Decision<API.Change> in
            let claim = try fleet.claim(from: draft, id: id, at: now())
            guard let known = fleet.claims[id] else { return try claiming(claim, in: fleet, dryRun: dryRun) }
            guard known.asksTheSame(as: claim) else {
                throw Problem(
                    .alreadyExists, "A claim \"\(id)\" already exists with other requests.",
                    next: [NextStep("See it", .showClaim(id)), "Or choose another name."])
            }
            var decision = answering(
                known, in: fleet, dryRun: dryRun, message: "Claim \(id) already exists; nothing changes.")
            decision.answer.differences = []
            return decision
        }
        return try await showing(change)
    }

    /// Serves it now, or puts it into the queue.
    private func claiming(_ wanted: Claim, in fleet: Fleet, dryRun: Bool) throws(Problem) -> Decision<API.Change> {
        var claim = wanted
        claim.state = fleet.decisionInTurn(for: claim, at: now()).map(Claim.State.allocated) ?? .pending
        guard claim.decision != nil || claim.terms.waits else {
            let (refused, at) = (claim, now())
            throw LateRefusal.refuse { fleet.refusal(of: refused, at: at) }
        }
        let message = claim.sentence(dryRun: dryRun)
        var decision = answering(claim, in: fleet, dryRun: dryRun, message: message)
        guard !dryRun else { return decision }
        let kind = claim.decision == nil ? "claim.queued" : "claim.allocated"
        var commit = try audited(kind, "claim \(claim.id)", message)
        try commit.claim(claim, in: fleet)
        decision.commit = commit
        return decision
    }

    package func releaseClaim(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            let claim = try fleet.claim(named: id)
            let risk = try riskOfReleasing(claim, in: fleet)
            let message =
                dryRun
                ? "Claim \(id) would be released."
                : "Claim \(id) of \(claim.owner.words) was released."
            var decision = answering(claim, in: fleet, dryRun: dryRun, message: message)
            decision.answer.claim?.position = nil
            decision.answer.findings += fleet.releaseFindings(claim).map(API.Finding.init)
            guard !dryRun else { return decision }
            var commit = try audited(
                "claim.released", "claim \(id)", risk.sentence(after: message, [claim.owner.words]))
            commit.require(unchanged: StateKey.claim(id), in: fleet)
            try commit.release(claim, in: fleet)
            decision.commit = commit
            return decision
        }
    }

    /// A claim of a VM ends with the VM; where the host is lost, with a person's word.
    private func riskOfReleasing(_ claim: Claim, in fleet: Fleet) throws(Problem) -> Allowance? {
        guard let vm = claim.owner.vm else { return nil }
        guard let host = claim.host, fleet.isLost(host) else {
            throw Problem(
                .wrongState, "Claim \"\(claim.id)\" belongs to VM \(vm) and ends when the VM stops.",
                next: [NextStep("Stop it", .stopVM(vm))])
        }
        try fleet.requireNoTurn(vm)
        return try taken(.hostLost, of: host, evidence: ["VM \(vm) may still run"])
    }

    package func renewClaim(
        _ id: String, _ request: API.RenewRequest, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            var claim = try fleet.claim(named: id)
            let seconds = try request.seconds(for: claim)
            guard claim.decision != nil else {
                throw Problem(
                    .wrongState, "Claim \"\(id)\" is still waiting: its lease begins when it is served.",
                    next: [NextStep("See its place in the queue", .showClaim(id))])
            }
            let end = now() + seconds * 1000
            claim.amend { $0.expiresAt = end }
            let message = "The lease of claim \(id) \(dryRun ? "would end" : "ends") \(seconds) s from now."
            var decision = answering(claim, in: fleet, dryRun: dryRun, message: message)
            guard !dryRun else { return decision }
            var commit = try audited("claim.renewed", "claim \(id)", message)
            commit.require(unchanged: StateKey.claim(id), in: fleet)
            try commit.put(StateKey.claim(id), claim)
            decision.commit = commit
            return decision
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

    /// The answer that shows a claim; nothing is committed yet.
    private func answering(
        _ claim: Claim, in fleet: Fleet, dryRun: Bool, message: String
    ) -> Decision<API.Change> {
        let answer = API.Change(
            dryRun: dryRun, message: message, subject: "claim \(claim.id)", claim: fleet.shown(claim, at: now()))
        return Decision(answer: answer, commit: nil)
    }
}

extension Claim {
    func sentence(dryRun: Bool) -> String {
        guard let decision else {
            return "Nothing fits now; claim \(id) of \(owner.words) \(dryRun ? "would wait" : "waits")."
        }
        let devices = decision.units.map { DeviceID(host: decision.host, key: $0.unit.primary).short }
        let what = devices.isEmpty ? "nothing on \(decision.host)" : devices.joined(separator: ", ")
        return "Claim \(id) \(dryRun ? "would hold" : "holds") \(what) for \(owner.words)."
    }
}
