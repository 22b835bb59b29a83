import PatchbayAPI

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
