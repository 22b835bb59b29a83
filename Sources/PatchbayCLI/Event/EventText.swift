import PatchbayAPI
import PatchbayText

/// One event on one line.
enum EventText {
    static func line(_ event: API.Event, now: Int) -> String {
        let what = event.sentence.isEmpty ? "\(event.kind) \(event.subject)" : event.sentence
        let when = event.at.map { TimeWords.ago($0, now: now) }
        return [when, what, event.actor.map { "(\($0))" }].compactMap { $0 }.joined(separator: "  ")
    }
}
