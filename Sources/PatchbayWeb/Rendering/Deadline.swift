import PatchbayText

/// A time to come, for people: how long until then, and exactly.
struct Deadline: Sendable, Hashable {
    /// `in 59 min`; `over` when it has passed.
    let left: String
    /// `2026-11-21 15:02:11 UTC`
    let exact: String
    /// `2026-11-21T15:02:11Z`
    let iso: String

    /// Both in milliseconds since 1970-01-01T00:00:00Z.
    init(_ time: Int, now: Int) {
        let moment = Moment(time, now: now)
        self.left = time > now ? "in \(TimeWords.span((time - now + 999) / 1000))" : "over"
        self.exact = moment.exact
        self.iso = moment.iso
    }
}
