import PatchbayCore

extension Fleet {
    /// Where a claim would be served now; nil: nowhere.
    func decision(for claim: Claim, at now: Int) -> ClaimDecision? {
        let index = placement(for: claim)
        let wish = PlacementWish(claim)
        // Beside the rest of its reservation first.
        if let home = claim.terms.reservation.flatMap({ claims[$0]?.host }), let standing = index[home],
            standing.closed == nil, let found = try? standing.place(wish, on: home)
        {
            return ClaimDecision(claim, home, found, at: now)
        }
        guard let found = try? index.place(wish) else { return nil }
        return ClaimDecision(claim, found.host, found.placement, at: now)
    }

    /// Why a claim is served as it is, or would be, or cannot be.
    ///
    /// - Parameter guest: what it needs of a host beside devices; nil: nothing.
    func explanation(of claim: Claim, guest: GuestNeeds? = nil, at now: Int) -> Explanation {
        let explainer = Explainer(
            PlacementWish(claim, guest: guest), in: placement(for: claim), for: claim.owner.vm, world: world(for: claim)
        )
        var explanation = explainer.explain(claim.decision)
        if claim.decision == nil, let decision = decision(for: claim, at: now), guest == nil {
            explanation.decision = decision
        }
        return explanation
    }
}

extension ClaimDecision {
    fileprivate init(_ claim: Claim, _ host: String, _ placement: HostPlacement, at now: Int) {
        self.init(
            host: host, units: placement.units, seat: placement.seat, at: now,
            expiresAt: claim.terms.leaseSeconds.map { now + $0 * 1000 })
    }
}
