import PatchbayHost

/// What the server should be told again.
struct Wanted {
    /// What to read again of the host; nil: nothing.
    var inventory: HostChange?
    /// Everything about the host, with what only a survey reads.
    var survey = false
    var domains = false
    /// Also when nothing changed.
    var force = false
    /// The last refresh that the server asked for; 0: none.
    var refresh = 0

    var isEmpty: Bool { inventory == nil && !survey && !domains && !force }

    mutating func formUnion(_ other: Wanted) {
        if let change = other.inventory {
            var all = inventory ?? HostChange()
            all.formUnion(change)
            inventory = all
        }
        survey = survey || other.survey
        domains = domains || other.domains
        force = force || other.force
        refresh = max(refresh, other.refresh)
    }
}
