import PatchbayCore

extension Fleet {
    /// Why a claim that does not wait is not served.
    func refusal(of claim: Claim, at now: Int) -> Problem {
        guard decision(for: claim, at: now) == nil else {
            let waiting = queue(at: now).prefix(Self.mostEvidence).map { "claim \($0.id) of \($0.owner.words) waits" }
            return Problem(
                .noFit,
                "The devices that \(claim.owner.words) requests are due to claims ahead in the "
                    + "queue.", evidence: waiting,
                next: [NextStep("See the queue", .listClaims()), "Let it wait in the queue: --wait"])
        }
        return noFit(claim, at: now)
    }

    /// Nothing fits, with what every host lacks.
    private func noFit(_ claim: Claim, at now: Int) -> Problem {
        let explanation = explanation(of: claim, at: now)
        let fits = explanation.hosts
        var evidence: [String] = []
        for fit in fits {
            guard let reason = fit.reason else { continue }
            let asked = fit.devices.filter { $0.request != nil }
            if asked.isEmpty { evidence.append("\(fit.host): \(reason.sentence)") }
            for device in asked {
                guard let why = device.reason else { continue }
                let isNamed = device.holder.map { why.sentence.contains($0) } ?? true
                evidence.append(
                    "\(device.device.short): \(why.sentence)" + (isNamed ? "" : " (held by \(device.holder ?? ""))"))
            }
        }
        let rest = evidence.count - Self.mostEvidence
        if rest > 0 { evidence = evidence.prefix(Self.mostEvidence) + ["and \(rest) more"] }
        if evidence.isEmpty { evidence = ["There are no hosts yet."] }
        return Problem(
            .noFit, "No host can serve the claim of \(claim.owner.words).", evidence: evidence,
            next: explanation.fixes.prefix(Self.mostFixes).map(\.step)
                + [
                    NextStep("See more, with the same options", .explainRequests),
                    "Or let it wait in the queue: --wait",
                ])
    }

    private static let mostEvidence = 20
}
