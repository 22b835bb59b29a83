import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// What a change is decided from. The same again gives the same decision but for the ids.
struct DecisionContext: Sendable {
    var fleet: Fleet
    /// Milliseconds since 1970-01-01T00:00:00Z.
    var now: Int
    /// Who asks.
    var actor: String
    /// Risks that whoever asks takes.
    var takenRisks: [Allowance]
    /// Nothing is to be committed.
    var dryRun: Bool
    /// A short text that was never returned before.
    var newID: @Sendable () -> String
}

/// Decides changes of one kind of thing: the answer, and the commit that makes it true.
protocol Decider {
    var context: DecisionContext { get }
}

extension Decider {
    var fleet: Fleet { context.fleet }
    var now: Int { context.now }
    var dryRun: Bool { context.dryRun }

    func planID() -> String { "p-\(context.newID())" }

    /// The commit of a mutation: with its audit record, told by whoever asked for it.
    func audited(_ kind: String, _ subject: String, _ sentence: String) throws(Problem) -> Commit {
        try Commit(audited: kind, subject, sentence, actor: context.actor, at: now, id: context.newID())
    }

    func change(
        _ records: [PlanRecord] = [], subject: String, message: String, findings: [Finding] = []
    ) -> API.Change {
        API.Change(
            dryRun: dryRun, message: message, subject: subject,
            plans: records.map {
                dryRun ? API.Plan(planned: $0.plan, actor: $0.actor, at: $0.createdAt) : API.Plan($0)
            },
            findings: findings)
    }

    /// The decision to queue plans that belong to no VM.
    func queueing(
        _ plans: [Plan], kind: String, subject: String, message: String, findings: [Finding] = []
    ) throws(Problem) -> Decision<API.Change> {
        let records = plans.map { PlanRecord(plan: $0, actor: context.actor, createdAt: now) }
        let answer = change(records, subject: subject, message: message, findings: findings)
        guard !dryRun, !records.isEmpty else { return Decision(answer: answer, commit: nil) }
        var commit = try audited(kind, subject, plans.sentence(after: message))
        for record in records { try commit.queue(record, in: fleet) }
        return Decision(answer: answer, commit: commit)
    }

    /// The decision to queue a plan that is a VM's turn.
    func turning(
        _ plan: Plan, kind: String, message: String, findings: [Finding] = [], claimBefore: Claim? = nil,
        forgetting vm: VM? = nil, _ more: (inout Commit) throws(Problem) -> Void
    ) throws(Problem) -> Decision<API.Change> {
        let name = Fleet.vm(of: plan.change) ?? plan.title
        var record = PlanRecord(plan: plan, actor: context.actor, createdAt: now)
        record.claimBefore = claimBefore
        record.forgets = vm
        let answer = change([record], subject: "vm \(name)", message: message, findings: findings)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        var commit = try audited(kind, "vm \(name)", [plan].sentence(after: message))
        try commit.queue(record, in: fleet)
        try more(&commit)
        return Decision(answer: answer, commit: commit)
    }

    /// The allowance for a risk that a decision meets; throws the refusal where the caller did not take it.
    func taken(_ code: ProblemCode, of host: String, evidence: [String]) throws(Problem) -> Allowance {
        guard let allowance = context.takenRisks.first(where: { $0.code == code }) else {
            throw .hostLost(host, evidence: evidence)
        }
        try allowance.check()
        return allowance
    }
}

extension Commit {
    /// With the record of who did it.
    init(
        audited kind: String, _ subject: String, _ sentence: String, actor: String, at now: Int, id: String
    ) throws(Problem) {
        self.init()
        try put(
            StateKey.audit(at: now, id: id),
            AuditRecord(kind: kind, subject: subject, sentence: sentence, actor: actor, at: now))
    }
}
