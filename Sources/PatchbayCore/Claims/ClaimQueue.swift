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
