import PatchbayAPI

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
