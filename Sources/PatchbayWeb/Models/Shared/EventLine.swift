import PatchbayAPI

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
