import PatchbayAPI

/// Who did what, newest first.
struct EventsPage: Sendable, Hashable {
    /// How far back the server is asked: as far as it remembers.
    static let limit = 5000

    let filter: String
    let shown: String
    let lines: [EventLine]
    let isEmpty: Bool
    let hasLines: Bool
    let isWithoutMatch: Bool
    let newer: Anchor?
    let older: Anchor?

    /// `filter`: words that must all occur, whatever the case.
    init(_ events: [API.Event], filter: String, page: Int = 0, now: Int) {
        let words = filter.lowercased().split(separator: " ")
        let matching =
            words.isEmpty
            ? events
            : events.filter { event in
                let text = "\(event.kind) \(event.subject) \(event.actor ?? "") \(event.sentence)".lowercased()
                return words.allSatisfy { text.contains($0) }
            }
        let slice = ListSlice(matching, page: page)
        let noun = "event\(events.count == 1 ? "" : "s")"
        self.filter = filter
        self.shown =
            matching.count == events.count ? "\(slice.which) \(noun)" : "\(slice.which) of \(events.count) \(noun)"
        self.lines = slice.rows.map { EventLine($0, now: now) }
        self.isEmpty = events.isEmpty
        self.hasLines = !lines.isEmpty
        self.isWithoutMatch = !events.isEmpty && matching.isEmpty
        self.newer = slice.earlier.map { Anchor(text: "Newer", href: Self.link(filter, page: $0)) }
        self.older = slice.later.map { Anchor(text: "Older", href: Self.link(filter, page: $0)) }
    }

    private static func link(_ filter: String, page: Int) -> String {
        let pairs = [("filter", filter), ("page", page > 0 ? String(page) : "")].filter { !$0.1.isEmpty }
        let fields = FormFields(pairs.map { .init(name: $0.0, value: $0.1) })
        return fields.fields.isEmpty ? "/events" : "/events?\(fields.encoded)"
    }
}

/// One entry of the audit log.
struct EventLine: Sendable, Hashable {
    let time: Moment?
    let actor: String
    let kind: String
    let subject: String
    let subjectLink: String?
    let sentence: String

    init(_ event: API.Event, now: Int) {
        self.time = event.at.map { Moment($0, now: now) }
        self.actor = event.actor ?? "server"
        self.kind = event.kind
        self.subject = event.subject
        self.subjectLink = Link.subject(event.subject)
        self.sentence = event.sentence
    }
}
