import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

extension PageMaker {
    func planList(_ visit: Visit) async throws(Problem) -> Page {
        Page(
            title: "Plans", section: .plans, template: "page-plans",
            model: PlanListPage(try await service.plans(host: nil), now: visit.now))
    }

    func plan(_ visit: Visit, id: String) async throws(Problem) -> Page {
        let plan = try await service.plan(id)
        return Page(
            title: plan.title, section: .plans, template: "page-plan", model: PlanPage(plan, now: visit.now))
    }

    func undo(_ visit: Visit, _ fields: FormFields, id: String) async throws(Problem) -> FormAnswer {
        let service = service
        return change("Undo plan \(id)", of: id, ShellLine("plan", "undo", id)) { dryRun async throws(Problem) in
            try await service.undoPlan(id, dryRun: dryRun)
        }
    }

    func cancel(_ visit: Visit, _ fields: FormFields, id: String) async throws(Problem) -> FormAnswer {
        let service = service
        return change("Cancel plan \(id)", of: id, ShellLine("plan", "cancel", id)) { dryRun async throws(Problem) in
            try await service.cancelPlan(id, dryRun: dryRun)
        }
    }

    func retry(_ visit: Visit, _ fields: FormFields, id: String) async throws(Problem) -> FormAnswer {
        let service = service
        return change("Retry plan \(id)", of: id, ShellLine("plan", "retry", id)) { dryRun async throws(Problem) in
            try await service.retryPlan(id, dryRun: dryRun)
        }
    }

    func resolve(_ visit: Visit, _ fields: FormFields, id: String) async throws(Problem) -> FormAnswer {
        let statement = API.Statement(reason: try fields.required("statement", "The reason"))
        let service = service
        let line = ShellLine("plan", "resolve", id, reason: statement.reason)
        return change("Resolve plan \(id)", of: id, line) { dryRun async throws(Problem) in
            try await service.resolvePlan(id, statement, dryRun: dryRun)
        }
    }

    private func change(
        _ title: String, of plan: String, _ line: ShellLine,
        run: @escaping @Sendable (_ dryRun: Bool) async throws(Problem) -> API.Change
    ) -> FormAnswer {
        .change(Mutation(title: title, back: Link.plan(plan), done: Link.plan(plan), command: line.text, run: run))
    }

    func events(_ visit: Visit) async throws(Problem) -> Page {
        let page = try visit.query.number("page", "The page", in: 0...100_000) ?? 0
        let events = try await service.events(limit: EventsPage.limit)
        return Page(
            title: "Events", section: .events, template: "page-events",
            model: EventsPage(events, filter: visit.query["filter"] ?? "", page: page, now: visit.now))
    }

    /// The last event so far: what comes after it is news to a page that is made now. nil: it cannot be told.
    func newestEvent() async -> Int? {
        do throws(Problem) { return try await service.events(limit: 1).first?.id } catch { return nil }
    }

    /// What was written down about any of the subjects, newest first.
    ///
    /// - Parameters:
    ///   - vm: the plans for it are part of the history; nil: no VM's.
    ///   - start: nothing before it, in milliseconds since 1970-01-01T00:00:00Z.
    func history(
        of subjects: [String], vm: String? = nil, host: String? = nil, since start: Int = 0
    ) async throws(Problem) -> [API.Event] {
        var subjects = Set(subjects)
        if let vm {
            for plan in try await service.plans(host: host) where plan.vm == vm { subjects.insert("plan \(plan.id)") }
        }
        return try await service.events(limit: EventsPage.limit).filter { event in
            subjects.contains(event.subject) && event.at.map { $0 >= start } ?? true
        }
    }

    func keys(_ visit: Visit) async throws(Problem) -> Page {
        Page(title: "Keys", section: .none, template: "page-keys", model: KeysPage())
    }
}

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

/// One step as a line: mark, number, verb, object, remark, time.
struct StepLine: Sendable, Hashable {
    let mark: String
    let number: Int
    let verb: String
    let object: String
    let remark: String
    let status: String
    let time: String
    /// How long it has been under way; nil: it is not, or nobody told.
    let running: Elapsed?
    let stepProblem: ProblemNote?

    /// - Parameters:
    ///   - told: a problem that stands elsewhere on the page already.
    ///   - now: nil: it is only planned.
    init(_ step: API.Step, besides told: API.Problem? = nil, now: Int? = nil) {
        self.mark =
            switch step.status {
            case "done": "✓"
            case "running": "…"
            case "failed": "✕"
            case "undone": "↩"
            default: ""
            }
        self.number = step.number
        self.verb = step.verb
        self.object = step.object
        self.remark = step.remark
        self.status = step.status
        self.running = step.startedAt.flatMap { start in now.map { Elapsed(start, now: $0) } }
        self.time = step.milliseconds.map(Self.words) ?? (step.status == "waiting" ? "" : step.status)
        self.stepProblem = step.problem.flatMap { $0.detail == told?.detail ? nil : ProblemNote($0) }
    }

    static func words(_ milliseconds: Int) -> String {
        guard milliseconds >= 1000 else { return "\(milliseconds) ms" }
        return "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
    }
}
