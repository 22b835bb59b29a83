import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayHost

/// The one who acts on a host: tells the server what is there, and applies the plans it gets, one at a time.
///
/// Agents call in; the host opens no port. A server or a hypervisor that cannot be reached stops nothing: the agent
/// tries again, and what the server has not acknowledged is kept. Parts: `+Work` takes orders, `+Publish` reports,
/// `+Watch` notices changes, `+Consoles` carries serial consoles.
package actor HostAgent {
    /// How often and how long.
    package struct Timing: Sendable {
        /// How long the server may keep a call for work open: its end is the agent's heartbeat.
        package var workWaitSeconds = 5
        /// A safety net under the hypervisor's events; nil: none.
        package var domainsEvery: Duration? = .seconds(15)
        /// A safety net under the kernel's events; nil: none.
        package var inventoryEvery: Duration? = .seconds(300)
        /// For what programs have open and what is in namespaces, of which no event tells; nil: never.
        package var programsEvery: Duration? = .seconds(60)
        /// When it is looked again at a program that has a device open for the first time.
        package var programsAgain: Duration = .seconds(5)
        /// For what else no event tells of: link speeds, error counts; nil: never.
        package var surveyEvery: Duration? = .seconds(3600)
        /// How long recovery waits for a hypervisor that is not up yet.
        package var hypervisorAtStart: Duration = .seconds(60)
        package var retry = Backoff()
        package var steps = StepRunner.Patience()

        package init() {}
    }

    let host: String
    /// Who it is, beside its name; nil: it does not say.
    let identity: AgentIdentity?
    let kernel: any Kernel
    let hypervisor: any Hypervisor
    let journal: any Journal
    let link: any AgentLink
    let logger: Logger
    let clock: any Clock<Duration>
    let timing: Timing
    let underWay: PlansUnderWay
    /// From 0 up to 1, for the jitter of retries.
    let random: @Sendable () -> Double

    /// Plans that wait for their turn or are being applied.
    var accepted: Set<String> = []
    let plans: AsyncStream<Plan>
    let planQueue: AsyncStream<Plan>.Continuation
    let wakes: AsyncStream<Void>
    let waker: AsyncStream<Void>.Continuation
    let steps: AsyncStream<Void>
    let stepTeller: AsyncStream<Void>.Continuation
    let newcomers: AsyncStream<Void>
    let newcomerTeller: AsyncStream<Void>.Continuation
    var outbox = Outbox()
    var wanted = Wanted()
    var observed = Observed()
    var reported: Observed?
    var isServerReachable = true
    /// The last reading failed, and the server was or will be told.
    var isUnreadable = false
    var isHypervisorReachable = true
    var consoles: [String: any ConsoleChannel] = [:]

    package init(
        host: String, identity: AgentIdentity? = nil, kernel: any Kernel, hypervisor: any Hypervisor,
        journal: any Journal, link: any AgentLink, logger: Logger, clock: any Clock<Duration> = ContinuousClock(),
        timing: Timing = Timing(), underWay: PlansUnderWay = PlansUnderWay(),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.host = host
        self.identity = identity
        self.kernel = kernel
        self.hypervisor = hypervisor
        self.journal = journal
        self.link = link
        var logger = logger
        logger[metadataKey: "host"] = "\(host)"
        self.logger = logger
        self.clock = clock
        self.timing = timing
        self.underWay = underWay
        self.random = random
        (plans, planQueue) = AsyncStream.makeStream()
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (steps, stepTeller) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (newcomers, newcomerTeller) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Ends what a crash left unfinished, then works until the task is cancelled; a plan under way is then taken back.
    ///
    /// Throws only when the journal cannot be read (`.corruptJournal`, `.storeFailed`, `.busy`): without it nobody may
    /// touch this host. Call it once.
    package func run() async throws(Problem) {
        let outcome = await AgentIdentity.$current.withValue(identity) { () async -> Result<Void, Problem> in
            do throws(Problem) { return .success(try await self.work()) } catch { return .failure(error) }
        }
        try outcome.get()
    }

    /// Every call to the server from here on says who calls.
    private func work() async throws(Problem) {
        let applier = makeApplier()
        let endings = try await applier.recover(waitingForHypervisor: timing.hypervisorAtStart)
        for finding in await journal.findings() {
            logger.warning("journal mended", metadata: ["code": "\(finding.code)", "finding": "\(finding.sentence)"])
        }
        for ending in endings { heard(ending) }
        want(Wanted(survey: true, domains: true, force: true))
        await withDiscardingTaskGroup { group in
            group.addTask { await self.publish() }
            group.addTask { await self.tellProgress(of: applier) }
            group.addTask { await self.watchKernel() }
            group.addTask { await self.watchHypervisor() }
            group.addTask { await self.lookNowAndThen() }
            group.addTask { await self.applyPlans(with: applier) }
            await self.takeWork(with: applier, in: &group)
        }
        await closeConsoles()
    }

    private func makeApplier() -> Applier {
        let runner = StepRunner(kernel: kernel, hypervisor: hypervisor, clock: clock, patience: timing.steps)
        let check = WriteCheck(kernel, hypervisor)
        return Applier(
            runner: runner, journal: journal, clock: clock, logger: logger, underWay: underWay,
            recheck: { plan, step in await check(plan, step) },
            listener: { [weak self] progress in await self?.heard(progress) })
    }

    /// Waits before another try. Returns at once when the task was cancelled.
    func pause(_ backoff: inout Backoff) async {
        await pause(backoff.next(random: random()))
    }

    func pause(_ duration: Duration) async {
        do {
            try await clock.sleep(for: duration)
        } catch {
            return
        }
    }
}
