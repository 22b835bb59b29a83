import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    /// Ends leases that are over and serves what waits, whenever something has changed that may make a difference, and
    /// when the next lease ends; until cancelled.
    func keepQueue() async {
        var timer: Task<Void, any Error>?
        defer { timer?.cancel() }
        view.tellTime()
        for await _ in view.chances {
            // What comes together is looked at together.
            do { try await Task.sleep(for: .milliseconds(20)) } catch { return }
            let next = await tendQueue()
            timer?.cancel()
            timer = next.map { next in
                let milliseconds = max(0, next - now())
                return Task {
                    try await Task.sleep(for: .milliseconds(milliseconds))
                    view.tellTime()
                }
            }
        }
    }

    /// When to look again though nothing has changed; nil: never.
    private func tendQueue() async -> Int? {
        do throws(Problem) {
            let next = try await endLeases()
            try await serveQueue()
            return next
        } catch {
            logger.error("queue not served", metadata: ["problem": "\(error.detail)"])
            return now() + Self.retryAfter
        }
    }

    /// Milliseconds after which what failed is tried again.
    private static let retryAfter = 5000

    /// Serves what waits, as far as it can be served now: a commit a claim, in the queue's order, which every served claim
    /// may change.
    package func serveQueue() async throws(Problem) {
        var failed: Set<String> = []
        while true {
            let served = try await deciding(inTurn: true) { fleet throws(Problem) -> Decision<Claim?> in
                let waiting = Array(fleet.ledger.pending.values)
                guard !waiting.isEmpty, let claim = fleet.nextServed(waiting, at: now(), failed: &failed) else {
                    return Decision(answer: nil, commit: nil)
                }
                var commit = try audited("claim.allocated", "claim \(claim.id)", claim.sentence(dryRun: false))
                let key = StateKey.claim(claim.id)
                commit.require(unchanged: key, in: fleet)
                try commit.put(key, claim)
                try commit.allocate(claim, in: fleet)
                return Decision(answer: claim, commit: commit)
            }
            guard let served else { return }
            logger.info("waiting claim served", metadata: ["claim": "\(served.id)", "host": "\(served.host ?? "")"])
        }
    }

    /// Releases what systems and reservations hold longer than they said they would.
    ///
    /// - Returns: when the next lease ends; nil: none does.
    @discardableResult
    package func endLeases() async throws(Problem) -> Int? {
        let leases = try await view.fleet().ledger.leases
        let at = now()
        let over = leases.filter { $0.value <= at }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        for (id, _) in over { try await endLease(of: id) }
        return leases.values.filter { $0 > at }.min()
    }

    private func endLease(of id: String) async throws(Problem) {
        let isOver = try await deciding { fleet throws(Problem) -> Decision<Bool> in
            // Renewed or released meanwhile.
            guard let claim = fleet.claims[id], let end = fleet.ledger.leases[id], end <= now() else {
                return Decision(answer: false, commit: nil)
            }
            var commit = try audited(
                "claim.expired", "claim \(id)", "The lease of claim \(id) of \(claim.owner.words) has ended.")
            commit.require(unchanged: StateKey.claim(id), in: fleet)
            try commit.release(claim, in: fleet)
            return Decision(answer: true, commit: commit)
        }
        if isOver { logger.info("lease over", metadata: ["claim": "\(id)"]) }
    }
}
