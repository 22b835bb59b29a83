import PatchbayText

/// A time for people: how long ago, and exactly.
struct Moment: Sendable, Hashable {
    /// `3 min ago`
    let ago: String
    /// `2026-11-21 14:02:11 UTC`
    let exact: String
    /// `2026-11-21T14:02:11Z`
    let iso: String

    /// Both in milliseconds since 1970-01-01T00:00:00Z.
    init(_ time: Int, now: Int) {
        let seconds = max(0, now - time) / 1000
        self.ago = seconds < 2 ? "just now" : "\(TimeWords.span(seconds)) ago"
        let (date, clock) = Self.parts(of: time)
        self.exact = "\(date) \(clock) UTC"
        self.iso = "\(date)T\(clock)Z"
    }

    /// Days to civil date by 400-year eras of the proleptic Gregorian calendar, years starting in March.
    private static func parts(of milliseconds: Int) -> (date: String, clock: String) {
        let seconds = max(0, milliseconds) / 1000
        let shifted = seconds / 86400 + 719_468
        let era = shifted / 146_097
        let day = shifted % 146_097
        let yearOfEra = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
        let date = "\(year)-\(two(month < 10 ? month + 3 : month - 9))-\(two(dayOfYear - (153 * month + 2) / 5 + 1))"
        return (date, "\(two(seconds / 3600 % 24)):\(two(seconds / 60 % 60)):\(two(seconds % 60))")
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
