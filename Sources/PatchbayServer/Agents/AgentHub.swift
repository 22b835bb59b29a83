import PatchbayAPI
import PatchbayCore

/// Who is on the line: agents that wait for work, questions under way, open consoles. Nothing here outlives the process.
actor AgentHub {
    struct Contact: Sendable {
        var isConnected: Bool
        var lastSeenAt: Int?
    }

    /// Another agent that calls itself by the name of a host.
    struct Rival: Sendable {
        var identity: AgentIdentity?
        var lastSeenAt: Int
    }

    /// Which hosts may not be as they were said to be last.
    struct Hearing: Hashable, Sendable {
        /// Their agents have said nothing for `patience`.
        var silent: Set<String> = []
        /// Their agents call again and have not reported since: by now something else may run there.
        var awaited: Set<String> = []

        var all: Set<String> { silent.union(awaited) }
    }

    /// What the agent said last could not be believed.
    struct Refusal: Sendable {
        /// The first of those that followed one another; milliseconds since 1970-01-01T00:00:00Z.
        var since: Int
        var problem: Problem
        /// It was a whole report, not the guests alone.
        var isWhole: Bool
    }

    private struct Line {
        var lastSeenAt: Int?
        /// Its connection was closed since; it has not called again.
        var isAway = false
        /// It was silent, or is another one than before, and has not reported since.
        var isLost = false
        /// It was told that it is to report, since it is lost.
        var isAsked = false
        var rival: Rival?
        /// Calls for work that were begun.
        var polls = 0
        var mail: [AgentProtocol.Work] = []
        /// Grows with everything that may be work; a waiting poll looks again.
        var news = 0
        /// The number of the last refresh that it was asked for.
        var asked = 0
        /// The greatest number of a refresh that it has answered.
        var refreshed = 0
        var refusal: Refusal?
        /// What it said last of guests and is not believed.
        var doubts: [Finding] = []
        /// Claims whose guest was off in the last report.
        var goneOff: Set<String> = []
        /// Devices that were pulled while a guest had them, and since when that is known.
        var pulled: [DeviceKey: Int] = [:]
        /// When each queued plan was last handed out.
        var handedOut: [String: Int] = [:]
        /// The refresh that was asked for on account of a queued plan.
        var rereading: [String: Int] = [:]
    }

    private let now: @Sendable () -> Int
    private var lines: [String: Line] = [:]
    /// When it was first asked who is silent: agents that were never heard of have had time to call since.
    private var listeningSince: Int?
    private var waiting: [Int: (host: String, resume: AsyncStream<Void>.Continuation)] = [:]
    private var lastWaiter = 0
    private var answers: [String: AsyncStream<Result<[UInt8], Problem>>.Continuation] = [:]
    private var consoles: [String: ConsoleLine] = [:]

    /// Three heartbeats: an agent that was not heard of for so long is gone.
    static let patience = 15_000
    /// So long after its last call another agent of the same name is still told of.
    static let rivalPatience = 600_000
    /// A plan whose agent said nothing for so long is handed out again.
    static let handOutAgain = 10_000

    init(now: @escaping @Sendable () -> Int) { self.now = now }

    func contact(of host: String) -> Contact {
        guard let line = lines[host] else { return Contact(isConnected: false, lastSeenAt: nil) }
        let isFresh = line.lastSeenAt.map { now() - $0 < Self.patience } ?? false
        return Contact(isConnected: isFresh && !line.isAway, lastSeenAt: line.lastSeenAt)
    }

    /// An agent that is new to this process has `patience` to call.
    func hearing(among hosts: some Sequence<String> & Sendable) -> Hearing {
        let now = now()
        let since = listeningSince ?? now
        listeningSince = since
        var hearing = Hearing()
        for host in hosts {
            let line = lines[host]
            if line?.isAway == true || now - (line?.lastSeenAt ?? since) >= Self.patience {
                lines[host, default: Line()].isLost = true
                hearing.silent.insert(host)
            } else if line?.isLost == true {
                hearing.awaited.insert(host)
            }
        }
        return hearing
    }

    /// What was last known of the host may not be so any more.
    func isLost(_ host: String) -> Bool { lines[host]?.isLost == true }

    func heard(from host: String) {
        lines[host, default: Line()].lastSeenAt = now()
        lines[host]?.isAway = false
    }

    /// A lost host is asked how it is.
    ///
    /// - Returns: which call for work this is.
    func pollBegan(_ host: String) -> Int {
        lines[host, default: Line()].polls += 1
        if let line = lines[host], line.isLost, !line.isAsked {
            lines[host]?.isAsked = true
            _ = refresh(host)
        }
        return lines[host]?.polls ?? 0
    }

    /// The connection that waited for work was closed at the other end. One that called again since is not away.
    func left(_ host: String, poll: Int) {
        if lines[host]?.polls == poll { lines[host]?.isAway = true }
    }

    func refused(_ rival: AgentIdentity?, callingItself host: String) {
        lines[host, default: Line()].rival = Rival(identity: rival, lastSeenAt: now())
    }

    /// Who called itself by this name in the last minutes though another is known by it.
    func rival(of host: String) -> Rival? {
        lines[host]?.rival.flatMap { now() - $0.lastSeenAt < Self.rivalPatience ? $0 : nil }
    }

    /// It was removed.
    func forget(_ host: String) {
        lines[host] = nil
        wake(host)
    }

    /// Everything that was known of it is about another agent.
    func replaced(_ host: String) {
        lines[host] = Line(isLost: true)
        wake(host)
    }

    /// The agent reported everything: whoever waits for that goes on, and plans it may have lost are handed out again.
    ///
    /// - Parameter number: of the last refresh that came before it was read; nil: the agent says none, and any report is one.
    func reported(_ host: String, refreshed number: Int?) {
        heard(from: host)
        answered(host, number)
        lines[host]?.handedOut = [:]
        lines[host]?.isLost = false
        lines[host]?.isAsked = false
        lines[host]?.refusal = nil
        wake(host)
    }

    func reportedGuests(_ host: String) {
        heard(from: host)
        if lines[host]?.refusal?.isWhole == false { lines[host]?.refusal = nil }
        wake(host)
    }

    /// Whoever waits for a report of it goes on: there is none to wait for.
    func unreadable(_ host: String) {
        heard(from: host)
        answered(host, nil)
        wake(host)
    }

    /// - Returns: those of `claims` that the report before this one said, too.
    func saidTwice(_ claims: [String], on host: String) -> [String] {
        let before = lines[host]?.goneOff ?? []
        lines[host, default: Line()].goneOff = Set(claims)
        return claims.filter(before.contains)
    }

    /// - Parameter devices: all that were pulled from the host while a guest had them.
    /// - Returns: those that have been so for `patience` milliseconds.
    func pulled(_ devices: [DeviceKey], for patience: Int, on host: String) -> Set<DeviceKey> {
        guard let before = lines[host]?.pulled else { return [] }
        let since = Dictionary(uniqueKeysWithValues: devices.map { ($0, before[$0] ?? now()) })
        lines[host]?.pulled = since
        return Set(since.filter { now() - $0.value >= patience }.keys)
    }

    /// Whoever waits for a report goes on: there is none to wait for.
    ///
    /// - Returns: false when it was refused for the same reason before.
    func refused(_ host: String, because problem: Problem, isWhole: Bool) -> Bool {
        let before = lines[host]?.refusal
        lines[host]?.refusal = Refusal(
            since: before?.since ?? now(), problem: problem, isWhole: isWhole || before?.isWhole == true)
        unreadable(host)
        return before?.problem != problem
    }

    func doubted(_ host: String, _ doubts: [Finding]) { lines[host]?.doubts = doubts }

    func doubts(of host: String) -> [Finding] { lines[host]?.doubts ?? [] }

    func refusal(of host: String) -> Refusal? { lines[host]?.refusal }

    /// By host.
    var refusals: [(host: String, refusal: Refusal)] {
        lines.compactMap { host, line in line.refusal.map { (host, $0) } }.sorted { $0.host < $1.host }
    }

    /// Has the host read again and reported.
    ///
    /// - Returns: the number of this refresh. It is greater than those that an earlier process gave.
    @discardableResult
    func refresh(_ host: String) -> Int {
        let number = max(now(), (lines[host]?.asked ?? 0) + 1)
        lines[host, default: Line()].asked = number
        post(.refresh(number: number), to: host)
        return number
    }

    /// Has the host read again, and waits for what was read after this was asked.
    ///
    /// - Returns: false when the time was over first, or when the host was removed or given to another agent meanwhile.
    func refreshed(_ host: String, within time: Duration) async -> Bool {
        let number = refresh(host)
        await until(host, within: time) { self.isRefreshed(host, number) || !self.isAsked(host, number) }
        return isRefreshed(host, number)
    }

    /// - Parameter number: of a refresh, with all before it; nil: all that were asked for.
    private func answered(_ host: String, _ number: Int?) {
        guard var line = lines[host] else { return }
        line.refreshed = max(line.refreshed, number ?? line.asked)
        lines[host] = line
    }

    private func isAsked(_ host: String, _ number: Int) -> Bool { (lines[host]?.asked ?? 0) >= number }

    private func isRefreshed(_ host: String, _ number: Int) -> Bool { (lines[host]?.refreshed ?? 0) >= number }

    func post(_ work: AgentProtocol.Work, to host: String) {
        lines[host, default: Line()].mail.append(work)
        wake(host)
    }

    func takeMail(_ host: String) -> [AgentProtocol.Work] {
        defer { lines[host]?.mail = [] }
        return lines[host]?.mail ?? []
    }

    /// True once, until the agent has had time to say something about it.
    func mayHandOut(_ plan: String, to host: String) -> Bool {
        if let last = lines[host]?.handedOut[plan], now() - last < Self.handOutAgain { return false }
        lines[host, default: Line()].handedOut[plan] = now()
        return true
    }

    /// Before a queued plan is refused for what may be over by now: the host is to be read again, once.
    func readAgain(_ host: String, for plan: String) {
        guard lines[host]?.rereading[plan] == nil else { return }
        lines[host, default: Line()].rereading[plan] = refresh(host)
    }

    /// The host was read again for the plan, and told since.
    func hasReadAgain(_ host: String, for plan: String) -> Bool {
        lines[host]?.rereading[plan].map { isRefreshed(host, $0) } ?? false
    }

    func news(of host: String) -> Int { lines[host]?.news ?? 0 }

    func wake(_ host: String) {
        lines[host, default: Line()].news += 1
        for (_, waiter) in waiting where waiter.host == host { waiter.resume.yield() }
    }

    /// Waits until there are newer news than `seen`, or the time is over, or the caller is cancelled.
    func news(of host: String, after seen: Int, within time: Duration) async {
        await until(host, within: time) { self.news(of: host) != seen }
    }

    private func until(_ host: String, within time: Duration, _ condition: () -> Bool) async {
        guard !condition() else { return }
        let (signals, resume) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        lastWaiter += 1
        let waiter = lastWaiter
        waiting[waiter] = (host, resume)
        defer { waiting[waiter] = nil }
        let alarm = Task {
            try? await Task.sleep(for: time)
            resume.finish()
        }
        defer { alarm.cancel() }
        for await _ in signals where condition() { return }
    }
}

extension AgentHub {
    /// Asks the agent and waits. nil: no answer in time. Throws what kept the agent from answering.
    func ask(
        _ question: AgentProtocol.Question, id: String, of host: String, within time: Duration
    ) async throws(Problem) -> [UInt8]? {
        let (stream, continuation) = AsyncStream.makeStream(of: Result<[UInt8], Problem>.self)
        answers[id] = continuation
        defer { answers[id] = nil }
        post(.question(id: id, question), to: host)
        let alarm = Task {
            try? await Task.sleep(for: time)
            continuation.finish()
        }
        defer { alarm.cancel() }
        for await answer in stream { return try answer.get() }
        return nil
    }

    /// An answer that nobody waits for any more is dropped.
    func answer(_ answer: Result<[UInt8], Problem>, to question: String) { answers[question]?.yield(answer) }
}

extension AgentHub {
    func openConsole(_ session: String, vm: String, host: String) -> AsyncThrowingStream<[UInt8], any Error> {
        let line = ConsoleLine(host: host, vm: vm)
        consoles[session] = line
        post(.consoleOpen(session: session, vm: vm), to: host)
        return line.output
    }

    func console(_ session: String) -> ConsoleLine? { consoles[session] }

    func consoleOutput(_ bytes: [UInt8], session: String, isEnd: Bool) {
        guard let line = consoles[session] else { return }
        if !bytes.isEmpty { line.print.yield(bytes) }
        guard isEnd else { return }
        line.print.finish()
        consoles[session] = nil
    }

    func closeConsole(_ session: String) {
        guard let line = consoles.removeValue(forKey: session) else { return }
        line.print.finish()
        post(.consoleClose(session: session), to: line.host)
    }
}

/// One open console, from the agent to whoever reads it.
struct ConsoleLine: Sendable {
    let host: String
    let vm: String
    let output: AsyncThrowingStream<[UInt8], any Error>
    let print: AsyncThrowingStream<[UInt8], any Error>.Continuation

    /// Pieces kept for a reader that is slow; the oldest are dropped.
    private static let kept = 4096

    init(host: String, vm: String) {
        self.host = host
        self.vm = vm
        (output, print) = AsyncThrowingStream.makeStream(bufferingPolicy: .bufferingNewest(Self.kept))
    }
}
