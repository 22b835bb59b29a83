import PatchbayText

/// A time that goes on, for people: for how long, and since when exactly.
struct Elapsed: Sendable, Hashable {
    /// `for 12 s`
    let words: String
    /// `2026-11-21 14:02:11 UTC`
    let exact: String
    /// `2026-11-21T14:02:11Z`
    let iso: String

    /// Both in milliseconds since 1970-01-01T00:00:00Z.
    init(_ start: Int, now: Int) {
        let moment = Moment(start, now: now)
        self.words = "for \(TimeWords.span(max(0, now - start) / 1000))"
        self.exact = moment.exact
        self.iso = moment.iso
    }
}
