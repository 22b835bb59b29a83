import PatchbayAPI
import PatchbayCore

/// How far one plan got, as a report to the server.
struct PlanStory {
    let plan: Plan
    private(set) var progress: AgentProtocol.Progress

    init(_ plan: Plan) {
        self.plan = plan
        progress = AgentProtocol.Progress(
            plan: plan.id, phase: .running, progress: Array(repeating: .waiting, count: plan.steps.count))
    }

    /// Retells it from the journal. What a step's own lines do not tell, because a crash came between them, the ending
    /// does: an applied plan has no step that is not done, and in any other the step under way is the one that failed.
    init(_ plan: Plan, in journal: [JournalEntry]) {
        self.init(plan)
        for entry in journal where entry.plan == plan.id { tell(entry) }
        for index in plan.steps.indices {
            switch progress.phase {
            case .applied: if !isDone(index) { mark(index, .done(milliseconds: 0)) }
            case .rolledBack(let problem), .stuck(let problem, _): if isRunning(index) { mark(index, .failed(problem)) }
            case .queued, .running, .undoing: continue
            }
        }
    }

    private mutating func tell(_ entry: JournalEntry) {
        switch entry {
        case .planned: self = PlanStory(plan)
        case .begin(_, let index): mark(index, .running)
        case .done(_, let index, let milliseconds): mark(index, .done(milliseconds: milliseconds))
        case .beginUndo: progress.phase = .undoing
        case .undone(_, let index, let milliseconds): mark(index, .undone(milliseconds: milliseconds))
        case .ended(_, let phase): progress.phase = phase
        }
    }

    /// Nothing when the plan has no such step: a journal line may speak of another version of it.
    mutating func mark(_ index: Int, _ step: StepProgress) {
        guard progress.progress.indices.contains(index) else { return }
        progress.progress[index] = step
    }

    /// The report of a plan that was over before it began.
    func ended(_ phase: PlanPhase) -> AgentProtocol.Progress {
        var story = self
        story.enter(phase)
        return story.progress
    }

    mutating func enter(_ phase: PlanPhase) { progress.phase = phase }

    /// Begun, and nobody saw how it ended.
    func isRunning(_ index: Int) -> Bool {
        progress.progress.indices.contains(index) && progress.progress[index] == .running
    }

    func isDone(_ index: Int) -> Bool {
        guard progress.progress.indices.contains(index), case .done = progress.progress[index] else { return false }
        return true
    }
}

extension [JournalEntry] {
    /// The story of the plan that ended last; nil: none has.
    var lastEnding: AgentProtocol.Progress? {
        for case .ended(let id, _) in reversed() {
            for case .planned(let plan) in reversed() where plan.id == id { return PlanStory(plan, in: self).progress }
        }
        return nil
    }

    /// The ending of a plan, or nil while it has none.
    func ending(of plan: String) -> PlanPhase? {
        for entry in reversed() where entry.plan == plan {
            switch entry {
            case .ended(_, let phase): return phase
            case .planned, .begin, .done, .beginUndo, .undone: return nil
            }
        }
        return nil
    }
}
