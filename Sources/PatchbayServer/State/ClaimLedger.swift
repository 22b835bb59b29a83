import PatchbayCore

/// What decisions ask of all claims at once, kept up to date claim by claim, so that no decision looks at each of them.
struct ClaimLedger: Sendable {
    /// Those that wait.
    private(set) var pending: Sharded<String, Claim> = [:]
    /// How many units each tenant holds; `nil` is the operator.
    private(set) var held: [String?: Int] = [:]
    /// When leases end, in milliseconds since 1970-01-01T00:00:00Z; a VM's claim ends with the VM, whatever its lease says.
    private(set) var leases: Sharded<String, Int> = [:]

    mutating func replace(_ old: Claim?, with new: Claim?) {
        if let old {
            pending[old.id] = nil
            leases[old.id] = nil
            count(old, -1)
        }
        guard let new else { return }
        if new.phase == .pending { pending[new.id] = new }
        if new.owner.vm == nil, let end = new.decision?.expiresAt { leases[new.id] = end }
        count(new, 1)
    }

    private mutating func count(_ claim: Claim, _ sign: Int) {
        guard !claim.units.isEmpty else { return }
        let left = (held[claim.owner.tenant] ?? 0) + sign * claim.units.count
        held[claim.owner.tenant] = left == 0 ? nil : left
    }
}
