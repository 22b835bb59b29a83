import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// Runs the changes of one command the way all commands do: try them, ask when it must be asked, make them, wait until they are
/// over.
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

    /// The same for several things that one command names: each is answered for itself, all are asked about at once, and the
    /// command ends with the worst of their exit codes. JSON and YAML have them as a list.
    func run(
        each names: [String], onlyPlans: Bool = false, wished: Wish = .applied,
        _ perform: (_ name: String, _ dryRun: Bool) async throws(Problem) -> API.Change
    ) async throws {
        var seen: Set<String> = []
        let names = names.filter { seen.insert($0).inserted }
        guard names.count > 1 else {
            return try await run(onlyPlans: onlyPlans, wished: wished) { (dryRun) async throws(Problem) in
                try await perform(names[0], dryRun)
            }
        }
        let risk = try options.takenRisk(isStatement: false)
        try await TakenRisk.$current.withValue(risk) {
            try await carryOut(each: names, onlyPlans: onlyPlans, wished: wished, perform)
        }
    }

    private func carryOut(
        onlyPlans: Bool, wished: Wish, insteadOf command: (looking: String, doing: String)?,
        settle: (API.Change) async throws -> API.Change?, _ perform: Perform
    ) async throws {
        if options.dryRun {
            let change = try await perform(true)
            let status = try preview(.one(change), onlyPlans: onlyPlans, wished: wished, command)
            if status != .done { throw Ending(status: status) }
            return
        }
        if isAsking(wished) { try ask(about: [try await perform(true)]) }
        var change = try await perform(false)
        if out.isForPeople { tell(change, wished) }
        if let settled = try await settle(change) {
            change = settled
            if out.isForPeople { tell(change, wished) }
        }
        if options.wait { change.plans = try await follow(change.plans) }
        try report(.one(change), wished)
        for plan in change.plans {
            if let failure = Self.failure(of: plan, wished) { throw failure }
        }
    }

    private func carryOut(
        each names: [String], onlyPlans: Bool, wished: Wish,
        _ perform: (_ name: String, _ dryRun: Bool) async throws(Problem) -> API.Change
    ) async throws {
        var statuses: [ExitStatus] = []
        var names = names
        var changes: [API.Change] = []

        /// Those that were not refused, with their names.
        func performEach(dryRun: Bool, told: (API.Change) -> Void) async -> [(name: String, change: API.Change)] {
            var done: [(name: String, change: API.Change)] = []
            for name in names {
                do throws(Problem) {
                    let change = try await perform(name, dryRun)
                    told(change)
                    done.append((name, change))
                } catch {
                    statuses.append(await CLI.tell(error) ?? .failed)
                }
            }
            return done
        }

        if options.dryRun {
            changes = await performEach(dryRun: true) { _ in }.map(\.change)
            statuses.append(try preview(.several(changes), onlyPlans: onlyPlans, wished: wished, nil))
        } else {
            if isAsking(wished) {
                let tried = await performEach(dryRun: true) { _ in }
                try ask(about: tried.map(\.change))
                names = tried.map(\.name)
            }
            changes = await performEach(dryRun: false) { if out.isForPeople { tell($0, wished) } }.map(\.change)
            statuses += try await end(&changes, wished)
        }
        let worst = ExitStatus.worst(statuses)
        if worst != .done { throw Ending(status: worst) }
    }

    /// Waits for the plans of several changes, which are all under way, and says how each ended.
    private func end(_ changes: inout [API.Change], _ wished: Wish) async throws -> [ExitStatus] {
        var statuses: [ExitStatus] = []
        if options.wait {
            for index in changes.indices {
                do {
                    changes[index].plans = try await follow(changes[index].plans)
                } catch let problem as Problem where problem.code != .interrupted {
                    statuses.append(await CLI.tell(problem) ?? .failed)
                } catch {
                    for plan in changes[(index + 1)...].flatMap(\.plans) where !plan.isOver { tellHowToFollow(plan) }
                    throw error
                }
            }
        }
        try report(.several(changes), wished)
        for plan in changes.flatMap(\.plans) {
            if let failure = Self.failure(of: plan, wished) { statuses.append(await CLI.tell(failure) ?? .failed) }
        }
        return statuses
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

    /// - Returns: whether something is pending, where that was asked for.
    private func preview(
        _ answer: Answer, onlyPlans: Bool, wished: Wish, _ command: (looking: String, doing: String)?
    ) throws -> ExitStatus {
        let isPending = answer.changes.contains { $0.isPending(onlyPlans: onlyPlans) }
        switch out.format {
        case .json: out.write(try JSONText.pretty(answer))
        case .yaml: out.write(try YAMLText.render(answer))
        case .name:
            for difference in answer.changes.flatMap({ $0.differences ?? [] }) where difference.action != .unchanged {
                out.line("\(difference.kind) \(difference.name)")
            }
        case .table, .wide, .tree:
            for change in answer.changes { show(change, wished) }
            if isPending || answer.changes.contains(where: { $0.differences == nil }) {
                out.talk("Nothing changed. To do it:  \(Self.sameWithoutDryRun(command))")
            }
        }
        return options.exitCode && isPending ? .changesPending : .done
    }

    /// What would be done.
    private func show(_ change: API.Change, _ wished: Wish) {
        if let differences = change.differences {
            out.write(DifferenceText(differences).render(out.style, isWhole: true))
        }
        if change.plans.isEmpty || change.differences != nil || wished == .cancelled { say(change) }
        for plan in change.plans where wished == .applied {
            out.write(PlanText(plan, style: out.style).preview())
            out.findings(plan.findings)
        }
        out.findings(change.findings)
    }

    /// What is cancelled is not carried out: there is nothing to be asked about.
    private func isAsking(_ wished: Wish) -> Bool { !options.yes && wished == .applied }

    /// Only for what cannot be undone, or stops a guest.
    private func ask(about changes: [API.Change]) throws {
        let plans = changes.flatMap(\.plans)
        let lasting = plans.filter { !$0.canBeUndone && !$0.startsAgain }
        let stopping = plans.filter { plan in plan.steps.contains { $0.verb == "stop" } }
        guard let plan = lasting.first ?? stopping.first else { return }
        guard Surroundings.current.terminal.isInputTerminal else {
            guard !lasting.isEmpty else { return }
            throw Problem(
                .usage, "\"\(plan.title)\" cannot be undone, and there is no terminal to confirm it at.",
                next: ["Confirm it:  \(Self.commandLine()) --yes"])
        }
        for plan in plans { Surroundings.current.talk(PlanText(plan, style: out.talkStyle).preview()) }
        out.findings(plans.flatMap(\.findings) + changes.flatMap(\.findings))
        guard out.confirms("\(Self.consequence(lasting: lasting.count, stopping: stopping.count)) Go on?") else {
            throw Problem(.interrupted, "Nothing was changed.", next: ["Answer y, or give --yes."])
        }
    }

    private static func consequence(lasting: Int, stopping: Int) -> String {
        switch (lasting, stopping) {
        case (0, 1): "It stops a running VM."
        case (0, _): "\(stopping) running VMs are stopped."
        case (1, _): "It cannot be undone."
        default: "\(lasting) of these cannot be undone."
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
                    ? "Undo it:  patchbay plan undo \(plan.id)" : "See what it did:  patchbay plan show \(plan.id)"
            ])
    }

    private func report(_ answer: Answer, _ wished: Wish) throws(Problem) {
        switch out.format {
        case .json: out.write(try JSONText.pretty(answer))
        case .yaml: out.write(try YAMLText.render(answer))
        case .name:
            for change in answer.changes {
                let names = change.plans.isEmpty ? [change.claim?.id ?? change.subject] : change.plans.map(\.id)
                for name in names { out.line(name) }
            }
        case .table, .wide, .tree:
            let plans = answer.changes.flatMap(\.plans)
            for plan in plans where !plan.isOver { tellHowToFollow(plan) }
            for plan in plans where plan.phase == "applied" && wished == .applied {
                out.line("Done." + (plan.canBeUndone ? " Undo with  patchbay plan undo \(plan.id)" : ""))
            }
            for plan in plans where wished == .cancelled && plan.steps.contains(where: { $0.status == "undone" }) {
                if Self.failure(of: plan, wished) == nil { out.line("The steps it had done were undone.") }
            }
        }
    }

    private func tellHowToFollow(_ plan: API.Plan) { out.talk("Follow it with  patchbay plan wait \(plan.id)") }

    /// What was typed.
    private static func commandLine() -> String { ShellLine(Surroundings.current.arguments).text }

    private static func sameWithoutDryRun(_ command: (looking: String, doing: String)?) -> String {
        var kept = Surroundings.current.arguments.filter { !["-n", "--dry-run", "--exit-code"].contains($0) }
        if let command, let index = kept.firstIndex(of: command.looking) { kept[index] = command.doing }
        return ShellLine(kept).text
    }
}

/// What a command did, in the form in which programs read it: one change, or a list where several things were named.
private enum Answer: Encodable {
    case one(API.Change)
    case several([API.Change])

    var changes: [API.Change] {
        switch self {
        case .one(let change): [change]
        case .several(let changes): changes
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .one(let change): try container.encode(change)
        case .several(let changes): try container.encode(changes)
        }
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
