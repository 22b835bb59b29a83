import PatchbayCore
import PatchbayText

extension API.ClaimDraft {
    private static let mostRequests = 64
    private static let longestLease = 10 * 366 * 86_400

    /// Throws `.malformedInput` when the claim's own name is none, or there are too many requests.
    package func checkForm() throws(PatchbayCore.Problem) {
        // `/v1/claims/explain` and the dashboard's `/claims/new` are something else.
        if let id, id == "explain" || id == "new" {
            throw Problem(
                .malformedInput, "\"\(id)\" is not a valid claim name: the word is reserved.",
                next: ["Choose another name."])
        }
        if let id, !LabelWords.isName(id) {
            throw Problem(
                .malformedInput, "\"\(id)\" is not a valid claim name.",
                next: ["Use at most 63 letters, digits, -, _ and .; begin with a letter or digit."])
        }
        guard (1...Self.mostRequests).contains(requests.count) else {
            throw Problem(
                .malformedInput, "\"requests\" has \(requests.count) entries.",
                next: ["Send 1 to \(Self.mostRequests)."])
        }
    }

    /// - Parameter reservation: the claim that `reservation` means.
    package func terms(reservation: String?) throws(PatchbayCore.Problem) -> ClaimTerms {
        for (name, value) in (labels ?? [:]).sorted(by: { $0.key < $1.key }) { try LabelWords.check(name, value) }
        if let leaseSeconds { try Self.check(leaseSeconds: leaseSeconds) }
        if let priority, !(-1000...1000).contains(priority) {
            throw Problem(
                .malformedInput, "\"priority\" is \(priority), which is out of range.",
                next: ["Use -1000 to 1000."])
        }
        return ClaimTerms(
            hosts: HostConstraint(names: Set(hosts ?? []).sorted(), labels: labels ?? [:]),
            strategy: strategy ?? .pack, priority: priority ?? 0, leaseSeconds: leaseSeconds, waits: waits ?? false,
            reservation: reservation)
    }

    fileprivate static func check(leaseSeconds: Int) throws(PatchbayCore.Problem) {
        guard (1...longestLease).contains(leaseSeconds) else {
            throw Problem(
                .malformedInput, "\"leaseSeconds\" is \(leaseSeconds), which is out of range.",
                next: ["Use 1 to \(longestLease), or omit it for a claim without end."])
        }
    }
}

extension API.RenewRequest {
    /// How long the lease lasts from now. Throws `.wrongState` where the claim has none and none is said.
    package func seconds(for claim: PatchbayCore.Claim) throws(PatchbayCore.Problem) -> Int {
        guard let seconds = leaseSeconds ?? claim.terms.leaseSeconds else {
            throw Problem(
                .wrongState, "Claim \"\(claim.id)\" has no lease: it lasts until it is released.",
                next: [NextStep("To give it a lease", .renewClaim(claim.id, givesLease: true))])
        }
        try API.ClaimDraft.check(leaseSeconds: seconds)
        return seconds
    }
}
