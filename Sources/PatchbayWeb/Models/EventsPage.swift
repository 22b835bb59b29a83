import PatchbayAPI

/// Who did what, newest first.
struct EventsPage: Sendable, Hashable {
    let filter: String
    let lines: [EventLine]
    let isEmpty: Bool
    let hasLines: Bool
    let isWithoutMatch: Bool

    /// `filter`: words that must all occur, whatever the case.
    init(_ events: [API.Event], filter: String, now: Int) {
        let words = filter.lowercased().split(separator: " ")
        self.filter = filter
        self.lines = events.filter { event in
            let text = "\(event.kind) \(event.subject) \(event.actor ?? "") \(event.sentence)".lowercased()
            return words.allSatisfy { text.contains($0) }
        }.map { EventLine($0, now: now) }
        self.isEmpty = events.isEmpty
        self.hasLines = !lines.isEmpty
        self.isWithoutMatch = !events.isEmpty && lines.isEmpty
    }
}
