import PatchbayStore

/// The last audit records, by the commit that wrote each. Nothing is decided on them, so they are no part of `Fleet`.
struct EventLog: Sendable {
    /// Oldest first.
    private var records: [(revision: Revision, record: AuditRecord)] = []

    /// So many are kept at least, twice as many at most.
    static let limit = 5000

    /// Whatever the order they come in; what is known already is left out.
    mutating func note(_ record: AuditRecord, at revision: Revision) {
        guard !isKnown(at: revision) else { return }
        records.insert((revision, record), at: place(of: revision))
        if records.count > Self.limit * 2 { records.removeFirst(records.count - Self.limit) }
    }

    /// Whether nothing is to be noted of that commit: its record is here, or was and is too old to be kept.
    func isKnown(at revision: Revision) -> Bool {
        if records.count >= Self.limit, let oldest = records.first, revision < oldest.revision { return true }
        let place = place(of: revision)
        return place > 0 && records[place - 1].revision == revision
    }

    /// Behind the last that is not newer.
    private func place(of revision: Revision) -> Int {
        var place = records.count
        while place > 0, records[place - 1].revision > revision { place -= 1 }
        return place
    }

    /// The newest, newest first.
    func last(_ count: Int) -> [(revision: Revision, record: AuditRecord)] { records.suffix(max(0, count)).reversed() }
}
