import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayHost

extension Applier {
    /// Takes back everything that was begun, last first. What cannot be taken back stays and is named; what does not
    /// build on it is taken back all the same.
    ///
    /// A journal that fails now does not stop it: the `begin` lines are there, so a later start finds the plan
    /// unfinished and can do all of this again.
    func undo(
        _ undoing: inout Undoing, _ story: inout PlanStory, because problem: Problem
    ) async -> AgentProtocol.Progress {
        if !undoing.begun.isEmpty {
            story.enter(.undoing)
            logger.warning(
                "plan failed, rolling back", metadata: ["plan": "\(story.plan.id)", "problem": "\(problem.detail)"])
            await listener(story.progress)
        }
        for index in undoing.order { await undo(index, &undoing, &story) }
        let left = undoing.stepsLeft
        guard !left.isEmpty else { return await end(&story, .rolledBack(problem)) }
        return await end(&story, .stuck(Self.stuck(story.plan, problem, undoing), left: left))
    }

    private func undo(_ index: Int, _ undoing: inout Undoing, _ story: inout PlanStory) async {
        let plan = story.plan
        let step = plan.steps[index]
        if step.wayBack == .notNeeded, undoing.outcomes[index] == .performed { return undoing.takenBack(index) }
        guard !undoing.isBlocked(index) else { return undoing.leave(index) }
        if let refusal = await refusal(toTakeBack: step, of: plan, after: undoing.outcomes[index] ?? .unknown) {
            return undoing.leave(index, because: refusal)
        }
        await note(.beginUndo(plan: plan.id, index: index))
        let watch = Stopwatch(clock)
        do throws(Problem) {
            try await runner.takeBack(step, after: undoing.outcomes[index] ?? .unknown)
        } catch {
            return undoing.leave(index, because: error)
        }
        let milliseconds = watch.milliseconds
        undoing.takenBack(index)
        await note(.undone(plan: plan.id, index: index, milliseconds: milliseconds))
        logger.info("step undone", metadata: Self.metadata(plan, index))
        guard undoing.outcomes[index] == .performed else { return }
        story.mark(index, .undone(milliseconds: milliseconds))
        await listener(story.progress)
    }

    /// What was given back may be in use by now: to take it again is to take it. A probe that bound nothing gave nothing back,
    /// and one that ended otherwise may have given it to another driver than it was for.
    private func refusal(
        toTakeBack step: Step, of plan: Plan, after outcome: StepRunner.Outcome
    ) async -> Problem? {
        guard case .by(let inverse) = step.wayBack else { return nil }
        switch inverse {
        case .unbind(let address, let driver):
            do throws(Problem) {
                guard let now = try await runner.driver(of: address), outcome != .performed || now == driver else {
                    return nil
                }
                return await recheck(plan, .unbind(address, from: now))
            } catch { return error }
        case .startVM where plan.change.chosen.isEmpty: return await recheck(plan, inverse)
        case .unbindInterface: return await recheck(plan, inverse)
        case .startVM, .loadModule, .setOverride, .probe, .bindInterface, .defineVM, .undefineVM, .plug, .unplug,
            .attach, .detach, .seat, .unseat, .resetVM, .stopVM:
            return nil
        }
    }

    private func note(_ entry: JournalEntry) async {
        do throws(Problem) {
            try await journal.append(entry)
        } catch {
            logger.error(
                "journal not written while rolling back a plan",
                metadata: [
                    "plan": "\(entry.plan)", "problem": "\(error.detail)", "cause": "\(error.cause ?? "none")",
                ])
        }
    }

    private static func stuck(_ plan: Plan, _ problem: Problem, _ undoing: Undoing) -> Problem {
        let left = undoing.stepsLeft
        return Problem(
            .planStuck, "Plan \(plan.id) failed, and \(left.count) of its steps could not be undone.",
            evidence: ["failed: \(problem.detail)"] + problem.evidence
                + undoing.failures.map { "undo: \($0.detail)" }
                + left.map { "not undone: \($0.verb) \($0.object) \($0.remark)" },
            next: undoing.failures.flatMap(\.next).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
                + [NextStep("See the remaining steps", .showPlan(plan.id))],
            cause: ([problem] + undoing.failures).lazy.compactMap(\.cause).first)
    }
}
