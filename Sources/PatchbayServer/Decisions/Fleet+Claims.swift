import PatchbayAPI
import PatchbayCore

extension Fleet {
    func claim(named id: String) throws(Problem) -> Claim {
        guard let claim = claims[id] else {
            throw Problem(
                .unknownClaim, "There is no claim \"\(id)\".",
                next: hint(forClaim: id) + [NextStep("List them", .listClaims())])
        }
        return claim
    }

    /// People know a claim by whom it is for; its id is another word.
    private func hint(forClaim name: String) -> [NextStep] {
        let meant = claims.values.filter { $0.owner.name == name }.map(\.id).sorted()
        guard let first = meant.first else { return Spelling.hint(for: name, among: Array(claims.keys)) }
        return meant.count == 1
            ? [NextStep("The claim of \"\(name)\" is \(first)", .showClaim(first))]
            : [NextStep("See the claims of \"\(name)\"", .listClaims(owner: name))]
    }

    /// The claim that a draft makes; nothing is decided yet.
    func claim(from draft: API.ClaimDraft, id: String, at now: Int) throws(Problem) -> Claim {
        try draft.checkForm()
        let owner = try draft.owner.owner()
        var requests: [Request] = []
        for wanted in draft.requests { requests.append(try wish(wanted, besides: requests, of: "The claim")) }
        for host in draft.hosts ?? [] where hosts[host]?.inventory == nil { throw unknownHost(host) }
        var reservation: String?
        if let name = draft.reservation { reservation = try self.reservation(named: name).id }
        return Claim(
            id: id, owner: owner, requests: requests, terms: try draft.terms(reservation: reservation),
            createdAt: now)
    }

    /// A reservation by its claim or by its name.
    private func reservation(named name: String) throws(Problem) -> Claim {
        if let claim = claims[name], claim.owner.kind == .reservation { return claim }
        let meant = claims.values.filter { $0.owner.kind == .reservation && $0.owner.name == name }
        guard let first = meant.first else {
            throw Problem(
                .unknownClaim, "There is no reservation \"\(name)\".",
                next: [NextStep("List them", .listClaims())])
        }
        guard meant.count == 1 else {
            throw Problem(
                .ambiguousName, "There are \(meant.count) reservations named \"\(name)\".",
                evidence: meant.map { "claim \($0.id)" }.sorted(), next: ["Use the claim's ID."])
        }
        return first
    }

    func shown(_ claim: Claim, at now: Int) -> API.Claim {
        let place = claim.phase == .pending ? queue(at: now, with: claim).firstIndex { $0.id == claim.id } : nil
        return shown(claim, position: place.map { $0 + 1 }, at: now)
    }

    func shown(_ claim: Claim, position: Int?, at now: Int) -> API.Claim {
        API.Claim(
            claim,
            standing: API.Claim.Standing(
                devices: claim.decision.map { API.ClaimDevice.all(of: $0) { describe($0, in: claim) } } ?? [],
                position: position,
                findings: findings(of: claim, at: now)),
            revision: revision(of: StateKey.claim(claim.id)))
    }

    /// A device's name, and the reservation that it was taken from, or will be for this claim.
    func describe(_ id: DeviceID, in claim: Claim? = nil) -> (name: String, reservation: String?) {
        let state = hosts[id.host]
        let allocation = state?.allocations[id.key]
        let lender = allocation?.claim == claim?.terms.reservation ? allocation?.claim : allocation?.reservation
        return (state?.name(of: id.key) ?? id.key.description, lender)
    }

    /// What a person should know about the end of a claim.
    func releaseFindings(_ claim: Claim) -> [Finding] {
        guard claim.owner.kind == .reservation, let host = claim.host, let state = hosts[host] else { return [] }
        let borrowers = Set(state.allocations.values.filter { $0.reservation == claim.id }.map(\.claim)).sorted()
        return borrowers.map { borrower in
            Finding(
                "borrowed", .note, subject: "claim \(borrower)",
                "Claim \(borrower) has devices of the reservation; it keeps them until it ends, then they are free.")
        }
    }

    /// Devices that it holds and that its host does not have.
    private func missing(of claim: Claim) -> [Finding] {
        guard let host = claim.host, let state = hosts[host], let inventory = state.inventory else { return [] }
        let gone = claim.units.flatMap(\.unit.members).filter { inventory[$0] == nil }
        return gone.filter { (state.domains ?? []).guest(ofPulled: $0) == nil }.map { address in
            let id = DeviceID(host: host, key: address)
            return Finding(
                "device-missing", .warning, subject: "claim \(claim.id)",
                "\(id.short), which claim \(claim.id) holds, is no longer in the inventory of \(host).",
                next: [
                    NextStep("Read the host again", .refreshHost(host)),
                    claim.owner.vm.map { NextStep("Or release it", .stopVM($0)) }
                        ?? NextStep("Or release it", .releaseClaim(claim.id)),
                ])
        }
    }

    private func findings(of claim: Claim, at now: Int) -> [Finding] {
        guard let decision = claim.decision else { return [] }
        var findings = claim.requests.leftOut(by: decision.units, of: "claim \(claim.id)") + missing(of: claim)
        if let end = decision.expiresAt, end <= now {
            findings.append(
                Finding(
                    "lease-over", .warning, subject: "claim \(claim.id)",
                    "The lease of claim \(claim.id) has ended.",
                    next: [NextStep("Renew it", .renewClaim(claim.id))]))
        }
        return findings
    }
}

extension Claim {
    /// What was asked for is the same; what became of it does not matter.
    func asksTheSame(as other: Claim) -> Bool {
        owner == other.owner && requests == other.requests && terms == other.terms
    }
}
