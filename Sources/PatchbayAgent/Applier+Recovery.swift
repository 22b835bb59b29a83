import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayHost

extension Applier {
    /// Ends every plan that a crash, a power cut or a kill left unfinished, and returns the endings that the server may
    /// not have heard: theirs, and before them that of the plan which ended last. It was written down, and whether it was
    /// told before the agent was gone is not; one before it was told, or its successor would not have been handed out.
    ///
    /// A plan whose every step is in effect counts as applied: only its last journal line was missing. Any other is
    /// taken back, and so is one whose undo had started. Throws `.corruptJournal`, `.storeFailed` or `.busy` when the
    /// journal cannot be read: then nobody may touch this host.
    ///
    /// - Parameter patience: how long to wait for a hypervisor that is not up yet, where a plan needs it.
    package func recover(waitingForHypervisor patience: Duration = .zero) async throws(Problem)
        -> [AgentProtocol.Progress]
    {
        let lines = try await journal.entries()
        var endings = [lines.lastEnding].compactMap(\.self)
        for unfinished in unfinishedPlans(in: lines) {
            if unfinished.plan.steps.contains(where: { $0.vm != nil }) {
                await runner.waitForHypervisor(patience)
            }
            endings.append(await inTurn { await self.finish(unfinished, lines) })
        }
        return endings
    }

    private func finish(_ unfinished: UnfinishedPlan, _ lines: [JournalEntry]) async -> AgentProtocol.Progress {
        var story = PlanStory(unfinished.plan, in: lines)
        logger.notice("unfinished plan found", metadata: ["plan": "\(unfinished.plan.id)"])
        if !unfinished.isUndoing, await isInEffect(unfinished.plan, story) {
            for index in unfinished.plan.steps.indices where !story.isDone(index) {
                story.mark(index, .done(milliseconds: 0))
            }
            return await end(&story, .applied)
        }
        let problem = Self.interrupted(unfinished)
        var undoing = Undoing(unfinished, lines)
        for index in undoing.order where story.isRunning(index) { story.mark(index, .failed(problem)) }
        return await undo(&undoing, &story, because: problem)
    }

    /// When the host cannot be asked the plan does not count as applied; taking it back asks again.
    private func isInEffect(_ plan: Plan, _ story: PlanStory) async -> Bool {
        for index in plan.lastingSteps {
            let step = plan.steps[index]
            guard !step.leavesNoTrace || story.isDone(index) else { return false }
            do throws(Problem) {
                guard try await runner.isInEffect(step) else { return false }
            } catch {
                logger.warning(
                    "unfinished plan cannot be checked",
                    metadata: [
                        "plan": "\(plan.id)", "problem": "\(error.detail)",
                    ])
                return false
            }
        }
        return true
    }

    private static func interrupted(_ unfinished: UnfinishedPlan) -> Problem {
        let plan = unfinished.plan
        let reached = unfinished.begun.last.map { "while step \($0 + 1) of \(plan.steps.count) was under way" }
        let unseen = unfinished.begun.suffix(1).map { plan.steps[$0] }.filter(\.leavesNoTrace).map { step in
            "Whether \"\(step.verb) \(step.object)\" was done is unknown."
        }
        return Problem(
            .interrupted, "The agent of \(plan.host) stopped before plan \(plan.id) had ended.",
            evidence: ["It stopped \(reached ?? "before the first step") of \"\(plan.title)\"."]
                + unseen,
            next: ["Repeat the command."])
    }
}

extension Plan {
    /// The numbers of the steps whose effect shows when the plan is over: a later step on the same thing replaces an earlier
    /// one, as a probe does with the unbind before it.
    var lastingSteps: [Int] {
        var seen: Set<StepSubject> = []
        return steps.indices.reversed().filter { seen.insert(steps[$0].makes).inserted }.reversed()
    }
}

/// What of a host a step decides about.
private enum StepSubject: Hashable {
    case module(String)
    case driver(PCIAddress)
    case interface(USBInterfaceAddress)
    case override(PCIAddress)
    case definition(String)
    case devices([DeviceKey], String)
    case live(DeviceKey, String)
    case seat(String)
    case power(String)
    case reset(String)
}

extension Step {
    /// Nothing of the host tells whether it was performed, and it matters.
    fileprivate var leavesNoTrace: Bool { !showsItself && wayBack != .notNeeded }

    fileprivate var makes: StepSubject {
        switch self {
        case .loadModule(let name): .module(name)
        case .unbind(let address, _), .probe(let address, _): .driver(address)
        case .setOverride(let address, _, _): .override(address)
        case .unbindInterface(let interface, _), .bindInterface(let interface, _): .interface(interface)
        case .defineVM(let spec), .undefineVM(let spec): .definition(spec.name)
        case .plug(let vm, let devices, _), .unplug(let vm, let devices, _): .devices(devices, vm)
        case .attach(let vm, let device, _), .detach(let vm, let device, _): .live(device, vm)
        case .seat(let vm, _, _), .unseat(let vm): .seat(vm)
        case .resetVM(let vm): .reset(vm)
        case .startVM(let vm), .stopVM(let vm, _, _): .power(vm)
        }
    }
}
