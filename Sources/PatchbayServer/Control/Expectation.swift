import PatchbayCore
import PatchbayStore

/// The revision that a caller read before it asked for a change: part of the commit's conditions.
struct Expectation: Sendable {
    @TaskLocal static var current: Expectation?

    var key: String
    var revision: Revision

    /// Throws `.changedMeanwhile` when `fleet` knows another one already.
    func check(_ fleet: Fleet) throws(Problem) {
        let now = fleet.revision(of: key)
        guard now != revision else { return }
        throw Problem(
            .changedMeanwhile, "\"\(key)\" was changed after you read it.",
            evidence: ["revision \(now), not \(revision)"],
            next: ["Read it again, then repeat the change."])
    }
}
