import PatchbayAPI

/// A plan: what it does, how it goes, how to take it back.
struct PlanPage: Sendable, Hashable {
    let id: String
    let plan: String
    let title: String
    let phase: PhaseMark
    let isOver: Bool
    let sentence: String
    let host: Anchor
    let vm: Anchor?
    let devices: [Anchor]
    let hasDevices: Bool
    let actor: String
    let basis: String
    let created: Moment
    let ended: Moment?
    let reversibility: String
    let steps: [StepLine]
    let findings: [FindingNote]
    let problem: ProblemNote?
    let isStuck: Bool
    let left: [StepLine]
    let undoAction: String
    let canUndo: Bool
    let undoneBy: Anchor?
    let waitsFor: String?
    let allowed: [String]
    let resolution: String?
    let base: String
    let canCancel: Bool
    let canRetry: Bool
    let canResolve: Bool
    let command: String
    let fragment: String

    init(_ plan: API.Plan, now: Int) {
        self.id = "plan-\(API.Device.elementID(of: plan.id))"
        self.plan = plan.id
        self.title = plan.title
        self.phase = PhaseMark(plan.phase)
        self.isOver = plan.isOver
        self.host = Anchor(text: plan.host, href: Link.host(plan.host))
        self.vm = plan.vm.map { Anchor(text: $0, href: Link.vm($0)) }
        self.devices = (plan.devices ?? []).map(DeviceName.init).map { Anchor(text: $0.short, href: $0.href) }
        self.hasDevices = !devices.isEmpty
        self.actor = plan.actor
        self.basis = String(plan.basis.prefix(12))
        self.created = Moment(plan.createdAt, now: now)
        self.ended = plan.endedAt.map { Moment($0, now: now) }
        // Nothing of a plan that was taken back is left: neither to undo, nor to know before.
        let isBack = plan.phase == "rolled-back" || plan.undoneBy != nil
        self.reversibility = isBack ? "" : plan.canBeUndone ? "can be undone" : "cannot be undone"
        self.steps = plan.steps.map { StepLine($0, besides: plan.problem, now: now) }
        self.findings = isBack ? [] : plan.findings.map(FindingNote.init)
        self.problem = plan.problem.map { ProblemNote($0) }
        self.isStuck = plan.phase == "stuck"
        self.left = plan.stepsLeft.map { StepLine($0) }
        self.undoAction = Link.plan(plan.id) + "/undo"
        self.waitsFor = plan.waitsFor
        self.allowed = (plan.allowed ?? []).map { "\($0.code), by \($0.actor): \($0.reason)" }
        self.resolution = plan.resolution.map { "\($0.actor): \($0.reason)" }
        self.base = Link.plan(plan.id)
        self.canCancel = !plan.isOver && plan.cancelledBy == nil
        self.canRetry = plan.canBeRetried == true
        self.canResolve = plan.canBeResolved == true
        self.canUndo = plan.isOver && plan.canBeUndone
        self.undoneBy = plan.undoneBy.map { Anchor(text: $0, href: Link.plan($0)) }
        self.command = "patchbay plan show \(plan.id)"
        self.fragment = "/fragments" + Link.plan(plan.id)
        self.sentence = Self.sentence(of: plan)
    }

    private static func sentence(of plan: API.Plan) -> String {
        let done = plan.steps.filter { $0.status == "done" }.count
        return switch plan.phase {
        case "queued": "Waits for the agent of \(plan.host)."
        case "running" where plan.cancelledBy != nil: "Cancelled: it stops after this step and is rolled back."
        case "running": "\(done) of \(plan.steps.count) steps done."
        case "undoing": "A step failed; the steps before it are being rolled back."
        case "applied":
            plan.undoneBy == nil ? "Every step was done and verified." : "It was applied and later undone."
        case "rolled-back" where plan.steps.allSatisfy({ $0.status == "waiting" }): "It was withdrawn before it began."
        case "rolled-back" where plan.leftVMOff:
            "The VM was stopped and could not be started again: it is off."
        case "rolled-back": "A step failed; everything was rolled back and verified."
        case "stuck": "A step failed, and so did rolling back. The host needs manual cleanup."
        default: ""
        }
    }
}
