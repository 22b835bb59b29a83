import PatchbayAPI
import PatchbayCore

/// Waits until a claim in the queue is served.
struct ClaimWatch {
    let service: any PatchbayService
    let timeoutSeconds: Int

    /// - Returns: the claim as it is served.
    func follow(_ id: String) async throws -> API.Claim {
        let watch = Watch<API.Claim>(
            service: service, subject: id, timeoutSeconds: timeoutSeconds,
            look: { () async throws(Problem) in try await service.claim(id) }, isOver: { $0.phase != .pending },
            late: late, interrupted: interrupted)
        return try await watch.follow { _ in }
    }

    private func late(_ claim: API.Claim) -> Problem {
        let place = claim.position.map { ", number \($0) in the queue" } ?? ""
        return Problem(
            .timedOut, "Claim \(claim.id) is still waiting after \(timeoutSeconds) s\(place); it stays in the queue.",
            next: Self.next(claim))
    }

    private func interrupted(_ claim: API.Claim) -> Problem {
        Problem(.interrupted, "You stopped waiting; claim \(claim.id) stays in the queue.", next: Self.next(claim))
    }

    private static func next(_ claim: API.Claim) -> [NextStep] {
        [
            NextStep("See why it waits", .explainClaim(claim.id)), NextStep("Or release it", .releaseClaim(claim.id)),
        ]
    }
}
