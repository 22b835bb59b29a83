import PatchbayAPI
import PatchbayCore

extension PlanRecord {
    /// Whether an agent's progress says something new: phases and steps only go forward. False: it is older than what is
    /// known, or an ending that was told twice.
    ///
    /// Throws `.malformedInput` for what cannot be so, and `.cancelled` for a plan that was withdrawn and must not go on.
    func isNews(_ news: AgentProtocol.Progress) throws(Problem) -> Bool {
        let steps = part.steps
        guard news.progress.count == steps.count else {
            throw wrong("has \(steps.count) steps, not \(news.progress.count)", "Report one state for each step.")
        }
        if case .rolledBack(let problem) = phase, [.cancelled, .planExpired].contains(problem.code),
            !news.phase.isOver
        {
            throw problem
        }
        // Somebody looked after it in the meantime; the agent takes back what it has done.
        if phase.isOver, resolution != nil, let cancellation, news.phase == .running {
            throw Problem(.cancelled, "\(cancellation.actor) cancelled the plan.")
        }
        try check(news, steps)
        guard !phase.isOver, news.phase.rank >= phase.rank else { return false }
        return news.phase.isOver || zip(partProgress, news.progress).allSatisfy { $0.mayBecome($1) }
    }

    /// Whether it is how a plan ended after somebody had looked after it, and not known yet.
    func isLate(_ news: AgentProtocol.Progress) -> Bool {
        phase.isOver && resolution != nil && news.phase.isOver && forward(to: news.progress) != partProgress
    }

    private func check(_ news: AgentProtocol.Progress, _ steps: [Step]) throws(Problem) {
        switch news.phase {
        case .applied:
            guard news.progress.allSatisfy(\.isDone) else {
                throw wrong("is not applied: steps of it are not done", "Report applied when every step is done.")
            }
        case .stuck(_, let left):
            guard left.count <= steps.count, Set(left).isSubset(of: steps) else {
                throw wrong("has no such steps left", "Report those of its own steps that still stand.")
            }
        case .queued, .running, .undoing, .rolledBack: break
        }
    }

    /// How the part is going with what an agent tells: an agent that was started again may know less of a step than it told.
    func forward(to news: [StepProgress]) -> [StepProgress] {
        zip(partProgress, news).map { $0.mayBecome($1) ? $1 : $0 }
    }

    private func wrong(_ what: String, _ next: NextStep) -> Problem {
        Problem(.malformedInput, "Plan \(part.id) \(what).", next: [next])
    }
}

extension PlanPhase {
    fileprivate var rank: Int {
        switch self {
        case .queued: 0
        case .running: 1
        case .undoing: 2
        case .applied, .rolledBack, .stuck: 3
        }
    }
}

extension StepProgress {
    fileprivate var isDone: Bool {
        switch self {
        case .done: true
        case .waiting, .running, .failed, .undone: false
        }
    }

    private var rank: Int {
        switch self {
        case .waiting: 0
        case .running: 1
        case .done, .failed: 2
        case .undone: 3
        }
    }

    fileprivate func mayBecome(_ next: StepProgress) -> Bool { next.rank >= rank }
}
