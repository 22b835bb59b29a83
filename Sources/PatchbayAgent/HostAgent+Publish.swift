import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayHost

extension HostAgent {
    func want(_ more: Wanted) {
        wanted.formUnion(more)
        waker.yield()
    }

    /// Reads and reports what is wanted; after a failure again, later and later, until it is through.
    func publish() async {
        var backoff = timing.retry
        for await _ in wakes {
            while !Task.isCancelled, !wanted.isEmpty || !outbox.endings.isEmpty {
                do throws(Problem) {
                    try await sendReport()
                    backoff.reset()
                } catch {
                    await pause(&backoff)
                }
            }
        }
    }

    /// Reads what is wanted, and reports it when it differs from what the server has or a plan has ended.
    ///
    /// The endings that go along are those from before the reading; one that comes meanwhile waits for the next.
    private func sendReport() async throws(Problem) {
        var task = wanted
        wanted = Wanted()
        let endings = outbox.endings
        let haveMoved = task.domains ? await lookAtDomains() : false
        if haveMoved { task.inventory?.parts.insert(.programs) }
        do throws(Problem) {
            try await lookAtHost(task)
        } catch {
            wanted.formUnion(task)
            await tellUnreadable(error)
            throw error
        }
        if haveMoved, task.inventory == nil, !task.survey { await lookAtPrograms() }
        let now = observed
        do throws(Problem) {
            let isNews = task.force || isUnreadable || !endings.isEmpty
            try await report(now, with: endings, refreshed: task.refresh, evenIfSame: isNews)
            reported = now
            isUnreadable = false
            outbox.acknowledged(endings: endings)
            reachedServer()
        } catch {
            wanted.formUnion(Wanted(force: true, refresh: task.refresh))
            if error.isFinal {
                logger.error("server refuses the report", metadata: ["problem": "\(error.detail)"])
            } else {
                lostServer(error)
            }
            throw error
        }
    }

    /// So that nobody takes the last report for how the host is now.
    private func tellUnreadable(_ problem: Problem) async {
        logger.error(
            "host cannot be read", metadata: ["problem": "\(problem.detail)", "cause": "\(problem.cause ?? "none")"])
        isUnreadable = true
        do throws(Problem) {
            try await link.unreadable(problem, host: host)
            reachedServer()
        } catch { lostServer(error) }
    }

    /// The first look is a survey; later ones read what changed. Guests that come and go may take hugepages along.
    private func lookAtHost(_ task: Wanted) async throws(Problem) {
        if task.survey || observed.inventory == nil {
            take(try await kernel.survey(), isAsked: task.force)
        } else if let change = task.inventory ?? (task.domains && hasHugepages ? HostChange() : nil) {
            take(try await kernel.inventory(after: change))
        }
    }

    private func take(_ inventory: Inventory, isAsked: Bool = false) {
        if observed.take(inventory, isAsked: isAsked) { newcomerTeller.yield() }
    }

    /// Guests that came or went have opened their devices, or let go of them. They are told all the same when the host cannot
    /// be read now: it is read again for the next report.
    private func lookAtPrograms() async {
        let change = HostChange(parts: [.programs])
        do throws(Problem) {
            take(try await kernel.inventory(after: change))
        } catch {
            wanted.formUnion(Wanted(inventory: change))
        }
    }

    private var hasHugepages: Bool {
        let cells = observed.inventory?.survey?.platform.numaCells ?? []
        return cells.contains { $0.hugepages.contains { $0.total > 0 } }
    }

    private func report(
        _ now: Observed, with endings: [AgentProtocol.Progress], refreshed: Int, evenIfSame force: Bool
    ) async throws(Problem) {
        guard let inventory = now.told else { return }
        if force || reported?.told?.isSame(as: inventory) != true {
            let report = AgentProtocol.Report(
                inventory: inventory, domains: now.domains, agentVersion: AgentProtocol.version, endings: endings,
                refreshed: refreshed)
            try await link.report(report, host: host)
        } else if reported?.domains != now.domains {
            try await link.report(domains: now.domains, host: host)
        }
    }

    /// While the hypervisor cannot be asked, the guests it last showed stand: they go on running without it, and a
    /// report without them would make their devices look free.
    ///
    /// - Returns: whether other guests have other devices than before. They are looked at before the host, so that the nodes
    ///   of a guest that is shown are never somebody else's.
    private func lookAtDomains() async -> Bool {
        let before = observed.domains.liveDevices
        do throws(Problem) {
            observed.domains = try await hypervisor.domains().sorted { $0.name < $1.name }
            if !isHypervisorReachable { logger.notice("hypervisor is back") }
            isHypervisorReachable = true
        } catch {
            if isHypervisorReachable {
                logger.warning(
                    "hypervisor cannot be asked",
                    metadata: [
                        "problem": "\(error.detail)", "cause": "\(error.cause ?? "none")",
                    ])
            }
            isHypervisorReachable = false
        }
        return observed.domains.liveDevices != before
    }

    /// Tells how plans are going, whatever else is being read or reported. What the server has withdrawn is taken back.
    func tellProgress(of applier: Applier) async {
        var backoff = timing.retry
        for await _ in steps {
            while !Task.isCancelled, let progress = outbox.first {
                do throws(Problem) {
                    try await link.progress(progress, host: host)
                    reachedServer()
                    backoff.reset()
                    outbox.acknowledged(progress)
                } catch let refusal where refusal.isFinal {
                    logger.warning(
                        "server refuses progress",
                        metadata: ["plan": "\(progress.plan)", "problem": "\(refusal.detail)"])
                    outbox.acknowledged(progress)
                    if refusal.isWithdrawal { _ = await applier.cancel(progress.plan) }
                } catch {
                    lostServer(error)
                    await pause(&backoff)
                }
            }
        }
    }

    func reachedServer() {
        if !isServerReachable { logger.notice("server is back") }
        isServerReachable = true
    }

    /// It may come back as another one that knows less, so everything is told again.
    func lostServer(_ problem: Problem) {
        guard !Task.isCancelled else { return }
        if isServerReachable {
            logger.warning(
                problem.code == .otherAgent ? "server knows another agent with this name" : "server cannot be reached",
                metadata: [
                    "problem": "\(problem.detail)", "cause": "\(problem.cause ?? "none")",
                ])
            want(Wanted(force: true))
        }
        isServerReachable = false
    }
}

extension [Domain] {
    /// What each of those that run has, by name.
    fileprivate var liveDevices: [String: [DeviceKey]] {
        Dictionary(map { ($0.name, $0.liveDevices) }, uniquingKeysWith: { first, _ in first }).filter {
            !$0.value.isEmpty
        }
    }
}

extension Problem {
    /// Saying the same again would get the same answer.
    fileprivate var isFinal: Bool {
        code.category == .notFound || code.category == .invalid || isWithdrawal
    }

    /// The plan must not go on.
    fileprivate var isWithdrawal: Bool { code == .cancelled || code == .planExpired }
}
