import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// Runs one change the way all commands do: try it, ask when it must be asked, do it, wait until it is over.
struct ChangeRunner {
    typealias Perform = (_ dryRun: Bool) async throws(Problem) -> API.Change

    /// How the plans of a command are to end.
    enum Wish { case applied, cancelled }

    private let service: any PatchbayService
    private let options: ChangeOptions
    private let out: Output

    init(
        _ service: any PatchbayService, _ options: ChangeOptions, _ output: OutputOptions, _ global: GlobalOptions
    ) {
        self.service = service
        self.options = options
        out = Output(global, format: output.format())
    }

    /// - Parameters:
    ///   - onlyPlans: without a plan there is nothing to do, so `--exit-code` says 0.
    ///   - command: the one that was typed only to look, and the one to do it with.
    ///   - wished: how its plans are to end.
    ///   - isStatement: it takes a reason without a risk, too.
    ///   - settle: waits for what is no plan; nil from it: there is nothing to wait for.
    func run(
        onlyPlans: Bool = false, wished: Wish = .applied, isStatement: Bool = false,
        insteadOf command: (looking: String, doing: String)? = nil,
        settle: (API.Change) async throws -> API.Change? = { _ in nil }, _ perform: Perform
    ) async throws {
        let risk = try options.takenRisk(isStatement: isStatement)
        try await TakenRisk.$current.withValue(risk) {
            try await carryOut(onlyPlans: onlyPlans, wished: wished, insteadOf: command, settle: settle, perform)
        }
    }

    private func carryOut(
        onlyPlans: Bool, wished: Wish, insteadOf command: (looking: String, doing: String)?,
        settle: (API.Change) async throws -> API.Change?, _ perform: Perform
    ) async throws {
        if options.dryRun {
            try preview(try await perform(true), onlyPlans: onlyPlans, wished: wished, command)
            return
        }
        // What is cancelled is not carried out: there is nothing to be asked about.
        if !options.yes, wished == .applied { try ask(about: try await perform(true)) }
        var change = try await perform(false)
        if out.isForPeople { tell(change, wished) }
        if let settled = try await settle(change) {
            change = settled
            if out.isForPeople { tell(change, wished) }
        }
        if options.wait { change.plans = try await follow(change.plans) }
        try report(change, wished)
        for plan in change.plans {
            if let failure = Self.failure(of: plan, wished) { throw failure }
        }
    }

    /// nil: it ended as was wished, or is not over.
    private static func failure(of plan: API.Plan, _ wished: Wish) -> (any Error)? {
        switch wished {
        case .applied: return PlanFailure(plan)
        case .cancelled:
            guard plan.isOver else { return nil }
            let isTakenBack = plan.problem?.code == ProblemCode.cancelled.rawValue && !plan.leftVMOff
            guard !isTakenBack else { return nil }
            if let failure = PlanFailure(plan) { return failure }
            return tooLate(plan)
        }
    }

    private func preview(
        _ change: API.Change, onlyPlans: Bool, wished: Wish, _ command: (looking: String, doing: String)?
    ) throws {
        let isPending = change.isPending(onlyPlans: onlyPlans)
        switch out.format {
        case .json: out.write(try JSONText.pretty(change))
        case .yaml: out.write(try YAMLText.render(change))
        case .name:
            for difference in change.differences ?? [] where difference.action != .unchanged {
                out.line("\(difference.kind) \(difference.name)")
            }
        case .table, .wide, .tree:
            if let differences = change.differences {
                out.write(DifferenceText(differences).render(out.style, isWhole: true))
            }
            if change.plans.isEmpty || change.differences != nil || wished == .cancelled { say(change) }
            for plan in change.plans where wished == .applied {
                out.write(PlanText(plan, style: out.style).preview())
                out.findings(plan.findings)
            }
            out.findings(change.findings)
            if isPending || change.differences == nil {
                out.talk("Nothing changed. To do it:  \(Self.sameWithoutDryRun(command))")
            }
        }
        if options.exitCode && isPending { throw Ending(status: .changesPending) }
    }

    /// Only for what cannot be undone, or stops a guest.
    private func ask(about change: API.Change) throws {
        let lasting = change.plans.filter { !$0.canBeUndone && !$0.startsAgain }
        let stopping = change.plans.filter { plan in plan.steps.contains { $0.verb == "stop" } }
        guard let plan = lasting.first ?? stopping.first else { return }
        let consequence = lasting.isEmpty ? "It stops a running VM." : "It cannot be undone."
        guard Surroundings.current.terminal.isInputTerminal else {
            guard !lasting.isEmpty else { return }
            throw Problem(
                .usage, "\"\(plan.title)\" cannot be undone, and there is nobody to ask.",
                next: ["Say that you mean it:  \(Self.commandLine()) --yes"])
        }
        for plan in change.plans { Surroundings.current.talk(PlanText(plan, style: out.talkStyle).preview()) }
        out.findings(change.plans.flatMap(\.findings) + change.findings)
        guard out.confirms("\(consequence) Go on?") else {
            throw Problem(.interrupted, "Nothing was changed.", next: ["Answer y, or say --yes."])
        }
    }

    private func tell(_ change: API.Change, _ wished: Wish) {
        if let differences = change.differences {
            out.write(DifferenceText(differences).render(out.style, isWhole: false))
        }
        if change.plans.isEmpty || !options.wait || change.differences != nil || wished == .cancelled { say(change) }
        out.findings((wished == .applied ? change.plans.flatMap(\.findings) : []) + change.findings)
    }

    /// The sentence, and what a claim holds.
    private func say(_ change: API.Change) {
        out.line(change.message)
        guard let claim = change.claim else { return }
        for device in claim.devices { out.line("  " + ClaimWords.device(device)) }
        if let note = ClaimWords.note(claim, now: out.now) { out.line("  " + note) }
    }

    private func follow(_ plans: [API.Plan]) async throws -> [API.Plan] {
        var ended: [API.Plan] = []
        for plan in plans {
            guard !plan.isOver else {
                ended.append(plan)
                continue
            }
            var printer = PlanPrinter(out)
            let watch = PlanWatch(service: service, timeoutSeconds: options.timeout?.seconds)
            defer { printer.closeLine() }
            ended.append(try await watch.follow(plan.id) { printer.update($0) })
        }
        return ended
    }

    private static func tooLate(_ plan: API.Plan) -> Problem {
        Problem(
            .wrongState, "Plan \(plan.id) was done before it could be stopped.",
            next: [
                plan.canBeUndone
                    ? "Take it back: patchbay plan undo \(plan.id)" : "See what it did: patchbay plan show \(plan.id)"
            ])
    }

    private func report(_ change: API.Change, _ wished: Wish) throws(Problem) {
        switch out.format {
        case .json: out.write(try JSONText.pretty(change))
        case .yaml: out.write(try YAMLText.render(change))
        case .name:
            let names = change.plans.isEmpty ? [change.claim?.id ?? change.subject] : change.plans.map(\.id)
            for name in names { out.line(name) }
        case .table, .wide, .tree:
            for plan in change.plans where !plan.isOver {
                out.talk("Follow it with  patchbay plan show \(plan.id)")
            }
            for plan in change.plans where plan.phase == "applied" && wished == .applied {
                out.line("Done." + (plan.canBeUndone ? " Undo with  patchbay plan undo \(plan.id)" : ""))
            }
            for plan in change.plans where wished == .cancelled && plan.steps.contains(where: { $0.status == "undone" })
            {
                if Self.failure(of: plan, wished) == nil { out.line("What it had done was taken back.") }
            }
        }
    }

    /// What was typed.
    private static func commandLine() -> String { ShellLine(Surroundings.current.arguments).text }

    private static func sameWithoutDryRun(_ command: (looking: String, doing: String)?) -> String {
        var kept = Surroundings.current.arguments.filter { !["-n", "--dry-run", "--exit-code"].contains($0) }
        if let command, let index = kept.firstIndex(of: command.looking) { kept[index] = command.doing }
        return ShellLine(kept).text
    }
}

extension API.Plan {
    /// What it stops it starts: there is nothing to take back.
    fileprivate var startsAgain: Bool {
        steps.contains { stop in
            stop.verb == "stop" && steps.contains { $0.verb == "start" && $0.object == stop.object }
        }
    }
}

extension API.Change {
    /// Doing it would make a difference.
    fileprivate func isPending(onlyPlans: Bool) -> Bool {
        guard let differences else { return !plans.isEmpty || !onlyPlans }
        return !plans.isEmpty || differences.contains { $0.action != .unchanged }
    }
}
