import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayHost

/// Applies plans to this host, one at a time, and takes them back when they fail.
///
/// For each step: look whether what it expects still holds, write `begin` into the journal, one write, look until it
/// shows, write `done`. Any failure: everything begun is taken back in reverse, the failed step too. There are three
/// endings: `applied`, `rolledBack(problem)`, `stuck(problem, left)`. Nothing is thrown: an ending always comes.
package actor Applier {
    /// Asked right before each step that takes something, from the host or for a VM; a problem stops the plan.
    package typealias Recheck = @Sendable (Plan, Step) async -> Problem?
    /// Told after every change, in order.
    package typealias Listener = @Sendable (AgentProtocol.Progress) async -> Void

    let runner: StepRunner
    let journal: any Journal
    let clock: any Clock<Duration>
    let recheck: Recheck
    let listener: Listener
    let logger: Logger
    let underWay: PlansUnderWay
    /// Endings that the journal would not take; it is asked first.
    private var unwritten: [String: AgentProtocol.Progress] = [:]
    /// Of plans that wait for their turn or are being applied.
    private var signs: [String: StopSign] = [:]
    private var last: Task<Void, Never>?

    package init(
        runner: StepRunner, journal: any Journal, clock: any Clock<Duration> = ContinuousClock(), logger: Logger,
        underWay: PlansUnderWay = PlansUnderWay(), recheck: @escaping Recheck,
        listener: @escaping Listener = { _ in }
    ) {
        self.runner = runner
        self.journal = journal
        self.clock = clock
        self.logger = logger
        self.underWay = underWay
        self.recheck = recheck
        self.listener = listener
    }

    /// Waits for its turn, then applies the plan to its end. A plan that ended before is not touched: its ending is
    /// said again. When the caller's task is cancelled, the plan stops after the step under way and is taken back.
    package func apply(_ plan: Plan) async -> AgentProtocol.Progress {
        let stop = signs[plan.id] ?? StopSign()
        signs[plan.id] = stop
        defer { signs[plan.id] = nil }
        return await withTaskCancellationHandler {
            await inTurn { await self.applyNow(plan, until: stop) }
        } onCancel: {
            stop.raise(.agentStops)
        }
    }

    /// The plan stops after the step under way and is taken back. False: it is not being applied.
    package func cancel(_ plan: String) -> Bool {
        signs[plan]?.raise(.planCancelled)
        return signs[plan] != nil
    }

    /// How a plan ended, told from the journal alone; nil: it did not end here.
    package func ending(ofPlan id: String) async throws(Problem) -> AgentProtocol.Progress? {
        for case .planned(let plan) in try await journal.entries().reversed() where plan.id == id {
            return try await ending(of: plan)
        }
        return nil
    }

    /// Runs `body` after everything that was asked for before. In a task of its own, so that a cancelled caller does not
    /// interrupt the waits inside a step.
    func inTurn<T: Sendable>(_ body: @escaping @Sendable () async -> T) async -> T {
        let before = last
        let turn = Task { [underWay] in
            await before?.value
            underWay.enter()
            defer { underWay.leave() }
            return await body()
        }
        last = Task { _ = await turn.value }
        return await turn.value
    }

    /// How a plan ended, told from the journal; nil: it did not end here.
    package func ending(of plan: Plan) async throws(Problem) -> AgentProtocol.Progress? {
        if let ending = unwritten[plan.id] { return ending }
        let lines = try await journal.entries()
        return lines.ending(of: plan.id) == nil ? nil : PlanStory(plan, in: lines).progress
    }

    private func applyNow(_ plan: Plan, until stop: StopSign) async -> AgentProtocol.Progress {
        var story = PlanStory(plan)
        do throws(Problem) {
            if let ending = try await ending(of: plan) { return ending }
            try await journal.append(.planned(plan))
        } catch {
            return await end(&story, .rolledBack(error), inJournal: false)
        }
        logger.info("plan started", metadata: ["plan": "\(plan.id)", "title": "\(plan.title)"])
        await listener(story.progress)
        var undoing = Undoing(plan)
        for index in plan.steps.indices {
            do throws(Problem) {
                try await advance(index, of: &story, &undoing, until: stop)
            } catch {
                story.mark(index, .failed(error))
                return await undo(&undoing, &story, because: error)
            }
        }
        return await end(&story, .applied)
    }

    private func advance(
        _ index: Int, of story: inout PlanStory, _ undoing: inout Undoing, until stop: StopSign
    ) async throws(Problem) {
        let plan = story.plan
        let step = plan.steps[index]
        if let reason = stop.reason { throw Self.stopped(before: index, of: plan, reason) }
        guard try await runner.check(step) == .holds else {
            story.mark(index, .done(milliseconds: 0))
            return await listener(story.progress)
        }
        if let refusal = await recheck(plan, step) { throw refusal }
        undoing.begin(index)
        try await journal.append(.begin(plan: plan.id, index: index))
        story.mark(index, .running)
        await listener(story.progress)
        let start = Stopwatch(clock)
        do {
            try await runner.perform(step)
        } catch {
            undoing.failed(index, error)
            throw error
        }
        let milliseconds = start.milliseconds
        undoing.performed(index)
        try await journal.append(.done(plan: plan.id, index: index, milliseconds: milliseconds))
        story.mark(index, .done(milliseconds: milliseconds))
        logger.info("step done", metadata: Self.metadata(plan, index))
        await listener(story.progress)
    }

    /// Writes the ending down and tells it. An ending that cannot be written is kept, and told all the same: after a
    /// restart the plan is found unfinished, and looking at the host gives the same ending.
    func end(_ story: inout PlanStory, _ phase: PlanPhase, inJournal: Bool = true) async -> AgentProtocol.Progress {
        story.enter(phase)
        let plan = story.plan.id
        if inJournal {
            do throws(Problem) {
                try await journal.append(.ended(plan: plan, phase))
            } catch {
                unwritten[plan] = story.progress
                logger.error("ending not recorded", metadata: ["plan": "\(plan)", "problem": "\(error.detail)"])
            }
        }
        logger.log(level: phase == .applied ? .info : .warning, "plan ended", metadata: Self.metadata(plan, phase))
        await listener(story.progress)
        return story.progress
    }

    private static func stopped(before index: Int, of plan: Plan, _ reason: StopSign.Reason) -> Problem {
        let place = "before step \(index + 1) of \(plan.steps.count)"
        return switch reason {
        case .agentStops:
            Problem(
                .interrupted, "The agent was stopped \(place).",
                next: ["Start the agent, then repeat the command."])
        case .planCancelled:
            Problem(
                .cancelled, "The plan was cancelled \(place).",
                next: [NextStep("Repeat it", .retryPlan(plan.id))])
        }
    }

    static func metadata(_ plan: Plan, _ index: Int) -> Logger.Metadata {
        let step = plan.steps[index]
        return [
            "plan": "\(plan.id)", "number": "\(index + 1)", "step": "\(step.verb)", "object": "\(step.object)",
            "remark": "\(step.remark)",
        ]
    }

    private static func metadata(_ plan: String, _ phase: PlanPhase) -> Logger.Metadata {
        switch phase {
        case .queued, .running, .undoing, .applied: ["plan": "\(plan)", "ending": "\(phase.word)"]
        case .rolledBack(let problem):
            [
                "plan": "\(plan)", "ending": "\(phase.word)", "code": "\(problem.code.rawValue)",
                "problem": "\(problem.detail)", "cause": "\(problem.cause ?? "none")",
            ]
        case .stuck(let problem, let left):
            [
                "plan": "\(plan)", "ending": "\(phase.word)", "problem": "\(problem.detail)",
                "left": "\(left.map { "\($0.verb) \($0.object)" }.joined(separator: ", "))",
            ]
        }
    }
}
