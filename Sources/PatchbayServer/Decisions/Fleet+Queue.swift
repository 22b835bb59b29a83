import PatchbayCore

extension Fleet {
    /// In the order in which they are tried.
    func queue(at now: Int, with newcomer: Claim? = nil) -> [Claim] {
        var waiting = ledger.pending
        if let newcomer { waiting[newcomer.id] = newcomer }
        return ClaimQueue.ordered(Array(waiting.values), held: ledger.held, at: now)
    }

    /// The claim of the queue that is served next, with its decision; nil: none can be.
    ///
    /// - Parameter failed: claims that were tried and fitted nowhere. They are not tried again, and grow in number.
    func nextServed(_ waiting: [Claim], at now: Int, failed: inout Set<String>) -> Claim? {
        var tried = failed
        defer { failed = tried }
        let next = ClaimQueue.next(waiting, held: ledger.held, at: now) { claim in
            placement.couldEverPlace(PlacementWish(claim))
        } place: { claim in
            guard !tried.contains(claim.id) else { return nil }
            guard let decision = decision(for: claim, at: now) else {
                tried.insert(claim.id)
                return nil
            }
            return decision
        }
        guard let next else { return nil }
        var served = next.claim
        served.state = .allocated(next.decision)
        return served
    }

    /// What a newcomer gets at once: what is left when everybody whose turn is before its own has been served.
    ///
    /// Only those that ask for something that it asks for, too, are in its way.
    func decisionInTurn(for newcomer: Claim, at now: Int) -> ClaimDecision? {
        let rivals = ledger.pending.values.filter { newcomer.competes(with: $0) && $0.id != newcomer.id }
        guard !rivals.isEmpty else { return decision(for: newcomer, at: now) }
        var fleet = self
        var waiting = Dictionary((rivals + [newcomer]).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var failed: Set<String> = []
        while let served = fleet.nextServed(Array(waiting.values), at: now, failed: &failed) {
            if served.id == newcomer.id { return served.decision }
            waiting[served.id] = nil
            fleet.take(served)
        }
        return nil
    }

    /// The claim that has waited so long that what `requests` want of a pool is kept for it; nil: there is none.
    func impatientRival(of requests: [Request], at now: Int) -> Claim? {
        let wanted = Set(requests.map(\.target))
        let rivals = ledger.pending.values.filter { claim in
            ClaimQueue.isImpatient(claim, at: now)
                && claim.requests.contains { !$0.isOptional && wanted.contains($0.target) }
        }
        guard !rivals.isEmpty else { return nil }
        return ClaimQueue.ordered(rivals, held: [:], at: now).first { placement.couldEverPlace(PlacementWish($0)) }
    }

    /// As far as the next decision of the queue sees it: its devices are held and its tenant has them.
    private mutating func take(_ claim: Claim) {
        ledger.replace(claims[claim.id], with: claim)
        guard let host = claim.host else { return }
        placement.setHeld(claim.units.flatMap(\.unit.members), on: host, true)
    }
}

extension Claim {
    /// They ask for the same pool, or one asks for a device by name, which may be in any.
    fileprivate func competes(with other: Claim) -> Bool {
        let mine = Set(requests.map(\.target))
        return other.requests.contains { request in
            if case .device = request.target { return true }
            return mine.contains(request.target)
        } || requests.contains { if case .device = $0.target { true } else { false } }
    }
}
