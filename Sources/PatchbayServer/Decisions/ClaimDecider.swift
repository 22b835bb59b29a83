import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// Claims that systems and people make, renew and release; those of VMs are made by starts.
struct ClaimDecider: Decider {
    let context: DecisionContext

    /// One that exists and asks for the same is answered as it is.
    func create(_ draft: API.ClaimDraft, id: String) throws(Problem) -> Decision<API.Change> {
        let claim = try fleet.claim(from: draft, id: id, at: now)
        guard let known = fleet.claims[id] else { return try claiming(claim) }
        guard known.asksTheSame(as: claim) else {
            throw Problem(
                .alreadyExists, "A claim \"\(id)\" already exists with other requests.",
                next: [NextStep("See it", .showClaim(id)), "Or choose another name."])
        }
        var decision = answering(known, message: "Claim \(id) already exists; nothing changes.")
        decision.answer.differences = []
        return decision
    }

    /// Serves it now, or puts it into the queue.
    private func claiming(_ wanted: Claim) throws(Problem) -> Decision<API.Change> {
        var claim = wanted
        claim.state = fleet.decisionInTurn(for: claim, at: now).map(Claim.State.allocated) ?? .pending
        guard claim.decision != nil || claim.terms.waits else {
            let (refused, fleet, at) = (claim, fleet, now)
            throw LateRefusal.refuse { fleet.refusal(of: refused, at: at) }
        }
        let message = claim.sentence(dryRun: dryRun)
        var decision = answering(claim, message: message)
        guard !dryRun else { return decision }
        let kind = claim.decision == nil ? "claim.queued" : "claim.allocated"
        var commit = try audited(kind, "claim \(claim.id)", message)
        try commit.claim(claim, in: fleet)
        decision.commit = commit
        return decision
    }

    func release(_ id: String) throws(Problem) -> Decision<API.Change> {
        let claim = try fleet.claim(named: id)
        let risk = try riskOfReleasing(claim)
        let message =
            dryRun ? "Claim \(id) would be released." : "Claim \(id) of \(claim.owner.words) was released."
        var decision = answering(claim, message: message)
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

    /// A claim of a VM ends with the VM; where the host is lost, with a person's word.
    private func riskOfReleasing(_ claim: Claim) throws(Problem) -> Allowance? {
        guard let vm = claim.owner.vm else { return nil }
        guard let host = claim.host, fleet.isLost(host) else {
            throw Problem(
                .wrongState, "Claim \"\(claim.id)\" belongs to VM \(vm) and ends when the VM stops.",
                next: [NextStep("Stop it", .stopVM(vm))])
        }
        try fleet.requireNoTurn(vm)
        return try taken(.hostLost, of: host, evidence: ["VM \(vm) may still run"])
    }

    func renew(_ id: String, _ request: API.RenewRequest) throws(Problem) -> Decision<API.Change> {
        var claim = try fleet.claim(named: id)
        let seconds = try request.seconds(for: claim)
        guard claim.decision != nil else {
            throw Problem(
                .wrongState, "Claim \"\(id)\" is still waiting: its lease begins when it is served.",
                next: [NextStep("See its place in the queue", .showClaim(id))])
        }
        let end = now + seconds * 1000
        claim.amend { $0.expiresAt = end }
        let message = "The lease of claim \(id) \(dryRun ? "would end" : "ends") \(seconds) s from now."
        var decision = answering(claim, message: message)
        guard !dryRun else { return decision }
        var commit = try audited("claim.renewed", "claim \(id)", message)
        commit.require(unchanged: StateKey.claim(id), in: fleet)
        try commit.put(StateKey.claim(id), claim)
        decision.commit = commit
        return decision
    }

    /// The answer that shows a claim; nothing is committed yet.
    private func answering(
        _ claim: Claim, message: String
    ) -> Decision<API.Change> {
        let answer = API.Change(
            dryRun: dryRun, message: message, subject: "claim \(claim.id)", claim: fleet.shown(claim, at: now))
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
