import PatchbayAPI
import PatchbayCore

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
