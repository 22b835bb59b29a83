/// Times and durations as people say them. Exact ones are in JSON.
package enum TimeWords {
    /// `4 s`, `3 min`, `2 h`, `5 days`; `times.js` of the dashboard says the same.
    package static func span(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: return "\(max(0, seconds)) s"
        case ..<3600: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3600) h"
        default: return "\(seconds / 86_400) days"
        }
    }

    /// From the difference of two times in milliseconds.
    package static func age(from then: Int, to now: Int) -> String { span(max(0, now - then) / 1000) }

    package static func ago(_ then: Int, now: Int) -> String { "\(age(from: then, to: now)) ago" }

    /// `95 ms`, `1.1 s`, `2 min 5 s`
    package static func duration(milliseconds: Int) -> String {
        switch milliseconds {
        case ..<1000: return "\(milliseconds) ms"
        case ..<60_000: return "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
        default: return "\(milliseconds / 60_000) min \(milliseconds / 1000 % 60) s"
        }
    }
}
