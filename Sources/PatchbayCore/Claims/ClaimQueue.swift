/// The claims that wait, and who goes first.
package enum ClaimQueue {
    /// A claim that has waited so long, in milliseconds, is not overtaken by later ones for the same pools.
    package static let patience = 10 * 60 * 1000

    /// In the order in which they are tried: those whose patience is at its end by age; then the others by priority, by
    /// what their tenant holds already, the least first, and by age.
    ///
    /// - Parameter held: how many units each tenant holds now; `nil` is the operator.
    package static func ordered(_ pending: [Claim], held: [String?: Int], at now: Int) -> [Claim] {
        pending.map { claim in
            let isImpatient = isImpatient(claim, at: now)
            return (
                claim,
                Rank(
                    turn: isImpatient ? 0 : 1, priority: isImpatient ? 0 : -claim.terms.priority,
                    held: isImpatient ? 0 : held[claim.owner.tenant] ?? 0, createdAt: claim.createdAt, id: claim.id)
            )
        }.sorted { $0.1 < $1.1 }.map(\.0)
    }

    /// Who is served next, with what was decided for it; nil: nobody can be.
    ///
    /// Whoever fits is served, though one before it does not: what waits for much does not keep the others idle. But once
    /// its patience is at its end, all that later ones want of its pools is kept for it, unless it would fit nowhere even
    /// if nobody held anything. What a reservation keeps is for those who name it, so they are not kept from it.
    ///
    /// - Parameters:
    ///   - held: how many units each tenant holds now.
    ///   - couldEver: whether it would fit if nobody held anything. Asked of the impatient only.
    ///   - place: where it would be served now; nil: nowhere.
    package static func next(
        _ pending: [Claim], held: [String?: Int], at now: Int, couldEver: (Claim) -> Bool,
        place: (Claim) -> ClaimDecision?
    ) -> (claim: Claim, decision: ClaimDecision)? {
        var barred: Set<Request.Target> = []
        for claim in ordered(pending, held: held, at: now) {
            if isBarred(claim, barred) { continue }
            if let decision = place(claim) { return (claim, decision) }
            guard isImpatient(claim, at: now), couldEver(claim) else { continue }
            for request in claim.requests where !request.isOptional { barred.insert(request.target) }
        }
        return nil
    }

    private static func isBarred(_ claim: Claim, _ barred: Set<Request.Target>) -> Bool {
        guard claim.terms.reservation == nil, !barred.isEmpty else { return false }
        return claim.requests.contains { barred.contains($0.target) }
    }

    /// It has waited too long to be overtaken.
    package static func isImpatient(_ claim: Claim, at now: Int) -> Bool { now - claim.createdAt >= patience }

    /// Less goes first; the id makes it total.
    private struct Rank: Comparable {
        var turn: Int
        var priority: Int
        var held: Int
        var createdAt: Int
        var id: String

        static func < (a: Rank, b: Rank) -> Bool {
            (a.turn, a.priority, a.held, a.createdAt, a.id) < (b.turn, b.priority, b.held, b.createdAt, b.id)
        }
    }
}
