import PatchbayAPI
import PatchbayCore

/// A server for tests: keeps what it was told, hands out what it is given, and can be unreachable.
actor RecordingLink: AgentLink {
    struct Told: Sendable {
        var reports: [AgentProtocol.Report] = []
        var domains: [[Domain]] = []
        var progress: [AgentProtocol.Progress] = []
        var answers: [String: [UInt8]] = [:]
        var failures: [String: Problem] = [:]
        var console: [String: [UInt8]] = [:]
        var endedConsoles: Set<String> = []
        var unreadable: [Problem] = []
        var refusedCalls = 0
        var polls = 0
        /// Plans that the agent asked for.
        var begun: [String] = []

        var endings: [AgentProtocol.Progress] { reports.flatMap(\.endings) }
        func ending(of plan: String) -> PlanPhase? { endings.last { $0.plan == plan }?.phase }
    }

    private(set) var told = Told()
    private var isReachable: Bool
    private var refusedReports = 0
    private var reportRefusal: Problem?
    private var refusals: [String: Problem] = [:]
    private let mail: AsyncStream<[AgentProtocol.Work]>
    private let post: AsyncStream<[AgentProtocol.Work]>.Continuation
    private var waiting: [Int: Waiter] = [:]
    private var waits = 0

    private struct Waiter {
        var condition: @Sendable (Told) -> Bool
        var resume: CheckedContinuation<Told, any Error>
    }

    struct NeverTold: Error {}

    init(isReachable: Bool = true) {
        self.isReachable = isReachable
        (mail, post) = AsyncStream.makeStream()
    }

    func give(_ work: AgentProtocol.Work...) { post.yield(work) }
    func setReachable(_ value: Bool) { isReachable = value }
    /// The plan is not to be begun.
    func refuse(_ plan: String, _ problem: Problem) { refusals[plan] = problem }
    /// The next `count` reports are lost, or refused for a reason.
    func loseReports(_ count: Int, because problem: Problem? = nil) {
        refusedReports = count
        reportRefusal = problem
    }

    /// Waits until what the agent told fits, five minutes at most.
    func until(_ condition: @escaping @Sendable (Told) -> Bool) async throws -> Told {
        if condition(told) { return told }
        waits += 1
        let wait = waits
        let deadline = Task {
            try await Task.sleep(for: .seconds(300))
            waiting.removeValue(forKey: wait)?.resume.resume(throwing: NeverTold())
        }
        defer { deadline.cancel() }
        return try await withCheckedThrowingContinuation {
            waiting[wait] = Waiter(condition: condition, resume: $0)
        }
    }

    func report(_ report: AgentProtocol.Report, host: String) async throws(Problem) {
        try call()
        if refusedReports > 0 {
            refusedReports -= 1
            let lost = refused()
            throw reportRefusal ?? lost
        }
        note { $0.reports.append(report) }
    }

    func report(domains: [Domain], host: String) async throws(Problem) {
        try call()
        note { $0.domains.append(domains) }
    }

    func unreadable(_ problem: Problem, host: String) async throws(Problem) {
        try call()
        note { $0.unreadable.append(problem) }
    }

    func work(host: String, waitSeconds: Int) async throws(Problem) -> [AgentProtocol.Work] {
        try call()
        note { $0.polls += 1 }
        var iterator = mail.makeAsyncIterator()
        return await iterator.next() ?? []
    }

    func begin(_ plan: Plan, host: String) async throws(Problem) {
        try call()
        note { $0.begun.append(plan.id) }
        if let refusal = refusals[plan.id] { throw refusal }
    }

    func progress(_ progress: AgentProtocol.Progress, host: String) async throws(Problem) {
        try call()
        note { $0.progress.append(progress) }
    }

    func answer(_ bytes: [UInt8], to question: String, host: String) async throws(Problem) {
        try call()
        note { $0.answers[question] = bytes }
    }

    func fail(_ question: String, because problem: Problem, host: String) async throws(Problem) {
        try call()
        note { $0.failures[question] = problem }
    }

    func consoleOutput(_ bytes: [UInt8], session: String, isEnd: Bool, host: String) async throws(Problem) {
        try call()
        note {
            $0.console[session, default: []] += bytes
            if isEnd { $0.endedConsoles.insert(session) }
        }
    }

    private func call() throws(Problem) { if !isReachable { throw refused() } }

    private func refused() -> Problem {
        note { $0.refusedCalls += 1 }
        return Problem(.serverUnreachable, "The server does not answer.", cause: "Connection refused")
    }

    private func note(_ change: (inout Told) -> Void) {
        change(&told)
        let now = told
        let due = waiting.filter { $0.value.condition(now) }
        for (wait, waiter) in due {
            waiting[wait] = nil
            waiter.resume.resume(returning: now)
        }
    }
}
