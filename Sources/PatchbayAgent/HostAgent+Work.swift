import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayHost

extension HostAgent {
    /// Asks for work until cancelled, and sees to it that everything asked for is begun.
    func takeWork(with applier: Applier, in group: inout DiscardingTaskGroup) async {
        var backoff = timing.retry
        while !Task.isCancelled {
            do throws(Problem) {
                let batch = try await link.work(host: host, waitSeconds: timing.workWaitSeconds)
                reachedServer()
                var isNews = false
                for work in batch where await take(work, with: applier, in: &group) { isNews = true }
                if batch.isEmpty || isNews { backoff.reset() } else { await pause(&backoff) }
            } catch {
                lostServer(error)
                await pause(&backoff)
            }
        }
    }

    /// False when it was known already: the server says it again until it has heard of progress.
    private func take(
        _ work: AgentProtocol.Work, with applier: Applier, in group: inout DiscardingTaskGroup
    ) async -> Bool {
        switch work {
        case .apply(let plan): return await accept(plan, with: applier)
        case .cancel(let plan): return await cancel(plan, with: applier)
        case .refresh(let number): want(Wanted(survey: true, domains: true, force: true, refresh: number))
        case .question(let id, let question): group.addTask { await self.answer(question, id) }
        case .consoleOpen(let session, let vm): await openConsole(session, of: vm, in: &group)
        case .consoleInput(let session, let bytes): await typeIntoConsole(session, bytes)
        case .consoleClose(let session): await consoles[session]?.close()
        }
        return true
    }

    private func accept(_ plan: Plan, with applier: Applier) async -> Bool {
        guard !accepted.contains(plan.id) else { return false }
        guard plan.host == host else {
            heard(PlanStory(plan).ended(.rolledBack(wrongHost(plan))))
            return true
        }
        guard plan.agent == nil || plan.agent == identity?.id else {
            heard(PlanStory(plan).ended(.rolledBack(otherAgent(plan))))
            return true
        }
        do throws(Problem) {
            if let ending = try await applier.ending(of: plan) {
                heard(ending)
                return false
            }
        } catch {
            logger.error("journal cannot be read", metadata: ["problem": "\(error.detail)"])
            return false
        }
        accepted.insert(plan.id)
        planQueue.yield(plan)
        return true
    }

    /// One at a time, in the order they came.
    func applyPlans(with applier: Applier) async {
        for await plan in plans {
            guard !Task.isCancelled else { return }
            if await mayBegin(plan) { _ = await applier.apply(plan) }
            accepted.remove(plan.id)
        }
    }

    /// Asks the server until it answers: what was cancelled, has expired or was planned again is never begun. Once begun,
    /// a plan needs no server any more.
    private func mayBegin(_ plan: Plan) async -> Bool {
        var backoff = timing.retry
        while !Task.isCancelled {
            do throws(Problem) {
                try await link.begin(plan, host: host)
                reachedServer()
                return true
            } catch let refusal where refusal.isAnAnswer {
                logger.notice(
                    "plan not started", metadata: ["plan": "\(plan.id)", "problem": "\(refusal.detail)"])
                if refusal.code == .cancelled { heard(PlanStory(plan).ended(.rolledBack(refusal))) }
                return false
            } catch {
                lostServer(error)
                await pause(&backoff)
            }
        }
        return false
    }

    /// A plan that is over has its ending said again.
    private func cancel(_ plan: String, with applier: Applier) async -> Bool {
        if await applier.cancel(plan) { return false }
        do throws(Problem) {
            if let ending = try await applier.ending(ofPlan: plan) { heard(ending) }
        } catch {
            logger.error("journal cannot be read", metadata: ["problem": "\(error.detail)"])
        }
        return false
    }

    /// An ending is sent with a look at the host that began after it, so that the server never sees a plan over on an
    /// older inventory: what is put into the outbox here has a look wanted for it in the same turn.
    func heard(_ progress: AgentProtocol.Progress) {
        outbox.post(progress)
        stepTeller.yield()
        if progress.phase.isOver { want(Wanted(inventory: .everything, domains: true)) }
    }

    private func answer(_ question: AgentProtocol.Question, _ id: String) async {
        do throws(Problem) {
            do throws(Problem) {
                try await link.answer(try await bytes(for: question), to: id, host: host)
            } catch {
                try await link.fail(id, because: error, host: host)
            }
        } catch {
            logger.warning("question not answered", metadata: ["question": "\(id)", "problem": "\(error.detail)"])
        }
    }

    private func bytes(for question: AgentProtocol.Question) async throws(Problem) -> [UInt8] {
        switch question {
        case .definition(let vm): Array(try await hypervisor.definition(of: vm).utf8)
        case .consoleLog(let vm): try await hypervisor.consoleLog(of: vm)
        }
    }

    private func wrongHost(_ plan: Plan) -> Problem {
        Problem(
            .unknownHost, "Plan \(plan.id) is for host \(plan.host); this is \(host).",
            next: ["Start each agent with the name of its own host."])
    }

    private func otherAgent(_ plan: Plan) -> Problem {
        Problem(
            .otherAgent, "Plan \(plan.id) was made for another agent named \(host).",
            next: [NextStep("Repeat it", .retryPlan(plan.id))])
    }
}

extension Problem {
    /// The server has decided; asking again gives the same answer.
    fileprivate var isAnAnswer: Bool {
        switch code.category {
        case .refused, .notFound, .conflict, .notAllowed, .invalid: true
        case .failed, .unreachable, .timedOut, .rolledBack, .stuck: false
        }
    }
}
