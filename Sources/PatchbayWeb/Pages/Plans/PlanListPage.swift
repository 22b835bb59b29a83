import PatchbayAPI

/// History, differences, progress, undo.
struct PlanListPage: Sendable, Hashable {
    let rows: [PlanRow]
    let isEmpty: Bool
    let hasRows: Bool

    init(_ plans: [API.Plan], now: Int) {
        self.rows = plans.map { PlanRow($0, now: now) }
        self.hasRows = !rows.isEmpty
        self.isEmpty = plans.isEmpty
    }
}

struct PlanRow: Sendable, Hashable {
    let id: String
    let href: String
    let title: String
    let phase: PhaseMark
    let host: Anchor
    let actor: String
    let created: Moment
    let problem: String?

    init(_ plan: API.Plan, now: Int) {
        self.id = plan.id
        self.href = Link.plan(plan.id)
        self.title = plan.title
        self.phase = PhaseMark(plan.phase)
        self.host = Anchor(text: plan.host, href: Link.host(plan.host))
        self.actor = plan.actor
        self.created = Moment(plan.createdAt, now: now)
        self.problem = plan.problem?.detail
    }
}

/// How a plan ended, or is going: glyph, word, colour.
struct PhaseMark: Sendable, Hashable {
    let glyph: String
    let word: String
    let css: String

    /// `phase` is the wire's word; one that is not known yet is shown as it is.
    init(_ phase: String) {
        self.word = phase
        (self.glyph, self.css) =
            switch phase {
            case "applied": ("✓", "good")
            case "rolled-back": ("↩", "attention")
            case "stuck": ("!", "bad")
            case "running", "undoing": ("…", "busy")
            default: ("·", "quiet")
            }
    }
}
