import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// What `claim show` says.
enum ClaimRecord {
    static func make(_ claim: API.Claim, now: Int) -> Record {
        var record = Record(
            mark: claim.mark, title: claim.id, ClaimWords.owner(claim.owner),
            verdict: Cell(claim.phase.rawValue, claim.phase.mark.colour))
        record.add("tenant", claim.owner.tenant)
        record.add("host", claim.host)
        record.add("devices", claim.devices.map(ClaimWords.device))
        if let seat = claim.seat { record.add("placement", ClaimWords.seat(seat)) }
        record.add("wants", claim.requests.map { "\($0.name)  \($0.words)" })
        record.add("hosts", ClaimWords.hosts(claim.hosts, claim.labels))
        record.add(
            "terms",
            joining: [
                claim.strategy.rawValue, claim.priority == 0 ? nil : "priority \(claim.priority)",
                claim.reservation.map { "from reservation \($0)" },
                "made \(TimeWords.ago(claim.createdAt, now: now))",
            ])
        record.add("lease", lease(claim, now: now))
        if let position = claim.position {
            record.add(
                "queue", ["number \(position)", "next  See why it waits:  patchbay claim explain \(claim.id)"])
        }
        for finding in claim.findings {
            record.add(finding.severity.rawValue, [finding.sentence] + finding.next.map { "next  \($0)" })
        }
        return record
    }

    private static func lease(_ claim: API.Claim, now: Int) -> String? {
        if let end = claim.expiresAt {
            return "\(ClaimWords.end(end, now: now)); to renew it:  patchbay claim renew \(claim.id)"
        }
        return claim.leaseSeconds.map { "\(TimeWords.age(from: 0, to: $0 * 1000)) once it is served" }
    }
}
