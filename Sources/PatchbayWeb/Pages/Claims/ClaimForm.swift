import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

extension PageMaker {
    func newClaim(_ visit: Visit) async throws(Problem) -> Page { try await newClaimPage(visit, typed: visit.query) }

    private func newClaimPage(
        _ visit: Visit, typed: FormFields, problem: Problem? = nil
    ) async throws(Problem) -> Page {
        let entry = ClaimEntry(typed)
        let model = ClaimForm(
            entry, pools: try await poolNames(), preview: await preview(of: entry, now: visit.now),
            made: Self.claimName(for: visit), problem: problem)
        return Page(
            title: "New claim", section: .claims, template: "page-claim-new", model: model, problem: problem)
    }

    /// One name for each time the form is opened: sent twice, it makes one claim.
    private static func claimName(for visit: Visit) -> String {
        "c-" + String(FNV1a("\(visit.now) \(visit.visitor?.name ?? "")").value, radix: 36)
    }

    private func preview(of entry: ClaimEntry, now: Int) async -> ClaimPreview {
        let isUnfinished = !entry.state.problems.isEmpty
        guard !entry.draft.requests.isEmpty else {
            return ClaimPreview(
                isUnfinished
                    ? Hint("The request is incomplete.") : Hint("Choose a pool to see which host would serve it."),
                isUnfinished: isUnfinished)
        }
        do throws(Problem) {
            let explanation = try await service.explain(entry.draft)
            let fixes = try await fixLines(explanation.fixes, now: now) { fix in
                entry.use(for: fix).map { .use(FixLine.Use(value: $0, label: "Change it")) }
            }
            return ClaimPreview(
                ExplanationNote(explanation, .draft, fixes: fixes, now: now), isUnfinished: isUnfinished)
        } catch {
            return ClaimPreview(Hint(error))
        }
    }

    /// Makes a claim; `do=preview` only shows where it would be served, `use` makes a fix in the form.
    func createClaim(_ visit: Visit, _ fields: FormFields) async throws(Problem) -> FormAnswer {
        let typed = fields.without(["do", "use"])
        if let use = fields["use"] {
            return .page(try await newClaimPage(visit, typed: ClaimEntry.using(use, in: typed)))
        }
        guard fields["do"] != "preview" else { return .page(try await newClaimPage(visit, typed: typed)) }
        let draft: API.ClaimDraft
        do throws(Problem) {
            draft = try ClaimEntry(typed).claim()
        } catch {
            return .page(try await newClaimPage(visit, typed: typed, problem: error))
        }
        let service = service
        let maker = self
        return .change(
            Mutation(
                title: "Claim \(words(draft.requests)) for \(draft.owner.words)",
                back: "/claims/new?\(typed.encoded)", done: Link.claim(draft.id ?? ""),
                command: ShellLine(claiming: draft)?.text,
                run: { dryRun async throws(Problem) in try await service.createClaim(draft, dryRun: dryRun) },
                form: { problem async throws(Problem) in
                    try await maker.newClaimPage(visit, typed: typed, problem: problem)
                }))
    }

    private func words(_ requests: [API.RequestDraft]) -> String {
        requests.map { "\($0.count ?? 1) × \($0.pool ?? $0.device ?? "")" }.joined(separator: ", ")
    }
}

/// A claim that is being written, with where it would be served beside it.
struct ClaimForm: Sendable {
    let kinds: [Choice]
    let owner: String
    let tenant: String
    let claim: String
    /// The claim's name where none is typed: the same every time this form is sent, so that nothing is made twice.
    let made: String
    let lines: [ClaimRequestFields]
    let hosts: String
    let labels: String
    let strategies: [Choice]
    let priority: String
    let lease: LeaseLength
    let isWaiting: Bool
    let reservation: String
    let hasTerms: Bool
    let hasNoPools: Bool
    let hints: Hints
    let problem: ProblemNote?
    let preview: ClaimPreview

    /// What is wrong with single fields, for the places beside them.
    struct Hints: Sendable {
        let owner: Hint?
        let tenant: Hint?
        let claim: Hint?
        let labels: Hint?
        let priority: Hint?
        let lease: Hint?
    }

    init(_ entry: ClaimEntry, pools: [String], preview: ClaimPreview, made: String, problem: Problem? = nil) {
        let typed = entry.fields
        let kind = typed.raw("kind") ?? ClaimOwner.Kind.system.rawValue
        self.kinds = [
            Choice("system", "system", selected: kind), Choice("reservation", "reservation", selected: kind),
        ]
        self.owner = typed.raw("owner") ?? ""
        self.tenant = typed.raw("tenant") ?? ""
        self.claim = typed.raw("claim") ?? ""
        self.made = typed.raw("made") ?? made
        let written = entry.written
        self.lines =
            written.indices.map { index in
                ClaimRequestFields(index + 1, written[index], pools: pools, note: entry.state.problems[.request(index)])
            } + [ClaimRequestFields(written.count + 1, nil, pools: pools, note: nil)]
        self.hosts = typed.raw("hosts") ?? ""
        self.labels = typed.raw("labels") ?? ""
        self.strategies = HostChoice.strategies(typed)
        self.priority = typed.raw("priority") ?? ""
        self.lease = LeaseLength(typed: typed)
        self.isWaiting = typed["waits"] != nil
        self.reservation = typed.raw("reservation") ?? ""
        self.hasTerms = HostChoice.isMade(typed) || !(priority + reservation).isEmpty
        self.hasNoPools = pools.isEmpty
        self.hints = Hints(
            owner: entry.state.hint(.owner), tenant: entry.state.hint(.tenant), claim: entry.state.hint(.claim),
            labels: entry.state.hint(.labels), priority: entry.state.hint(.priority),
            lease: entry.state.hint(.lease))
        self.problem = problem.map { ProblemNote($0) }
        self.preview = preview
    }

    /// The form filled in as a claim was: to ask again with other words.
    static func link(like claim: API.Claim) -> String { "/claims/new?\(fields(like: claim).encoded)" }

    static func fields(like claim: API.Claim) -> FormFields {
        var fields = FormFields()
        func add(_ name: String, _ value: String) { fields.fields.append(.init(name: name, value: value)) }
        let kind = claim.owner.kind == .vm ? ClaimOwner.Kind.system : claim.owner.kind
        add("kind", kind.rawValue)
        add("owner", claim.owner.name)
        if let tenant = claim.owner.tenant { add("tenant", tenant) }
        for request in claim.requests {
            add("pool", request.pool ?? "")
            add("device", request.device ?? "")
            add("count", String(request.count))
            add("numa", request.numa?.rawValue ?? "")
            add("topology", request.topology?.rawValue ?? "")
            add("group", request.groupPolicy.rawValue)
            add("need", request.isOptional ? "optional" : "")
            add("tags", NamedValues.text(request.tags))
            add("name", request.name)
        }
        if !claim.hosts.isEmpty { add("hosts", claim.hosts.joined(separator: ", ")) }
        if !claim.labels.isEmpty { add("labels", NamedValues.text(claim.labels)) }
        if claim.strategy != .pack { add("strategy", claim.strategy.rawValue) }
        if claim.priority != 0 { add("priority", String(claim.priority)) }
        if let seconds = claim.leaseSeconds {
            let lease = LeaseLength(typed: FormFields(), seconds: seconds)
            add("lease", lease.count)
            add("leaseUnit", lease.units.first { $0.isSelected }?.value ?? "")
        }
        if claim.waits { add("waits", "yes") }
        if let reservation = claim.reservation { add("reservation", reservation) }
        return fields
    }
}

/// What stands beside the form for a claim: where it would be served, or what is still missing.
struct ClaimPreview: Sendable, Hashable {
    let explanation: ExplanationNote?
    /// Why there is none.
    let hint: Hint?
    /// Some of what was typed cannot be read yet: the rest is explained.
    let isUnfinished: Bool
    /// For those who listen.
    let said: String

    init(_ explanation: ExplanationNote, isUnfinished: Bool) {
        self.explanation = explanation
        self.hint = nil
        self.isUnfinished = isUnfinished
        self.said = explanation.headline
    }

    init(_ hint: Hint, isUnfinished: Bool = true) {
        self.explanation = nil
        self.hint = hint
        self.isUnfinished = isUnfinished
        self.said = hint.sentence
    }
}
