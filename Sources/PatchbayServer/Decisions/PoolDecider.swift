import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// Pools with their rules. Devices that enter or leave an eager pool are moved by plans of the same commit.
struct PoolDecider: Decider {
    let context: DecisionContext

    func create(_ pool: Pool) throws(Problem) -> Decision<API.Change> {
        let name = pool.name
        guard fleet.pools[name] == nil else {
            throw Problem(
                .alreadyExists, "A pool \"\(name)\" already exists.",
                next: [NextStep("See it", .showPool(name)), "Or choose another name."])
        }
        return try replacing(
            nil, with: fleet.knowing(pool), kind: "pool.created",
            message: dryRun ? "Would create pool \(name)." : "Pool \(name) created.")
    }

    /// The pool that a draft makes of nothing.
    static func newPool(_ draft: API.PoolDraft) throws(Problem) -> Pool {
        guard let name = draft.name else {
            throw Problem(.malformedInput, "\"name\" is missing.", next: ["Add a name, for example gpus."])
        }
        guard name != reservedName else {
            throw Problem(.malformedInput, "\"\(name)\" is not a valid pool name.", next: ["Choose another name."])
        }
        return try draft.applied(to: Pool(name: name))
    }

    /// `/v1/pools/preview` is something else.
    static let reservedName = "preview"

    /// - Parameter revision: that the caller read; nil: it does not matter.
    func edit(_ name: String, _ draft: API.PoolDraft, revision: Int?) throws(Problem) -> Decision<API.Change> {
        let old = try fleet.pool(name)
        if let revision, revision != old.revision {
            throw Problem(
                .changedMeanwhile, "Pool \"\(name)\" was changed after you read it.",
                evidence: ["revision \(old.revision), not \(revision)"],
                next: [NextStep("Read it again", .showPool(name))])
        }
        guard draft.name == nil || draft.name == name else {
            throw Problem(
                .malformedInput, "\"name\" cannot be changed: VMs refer to the pool by it.",
                next: ["Create a pool \"\(draft.name ?? "")\" and delete this one."])
        }
        let pool = try draft.applied(to: old.value)
        guard pool != old.value else {
            return Decision(answer: change(subject: "pool \(name)", message: "Nothing changes."), commit: nil)
        }
        return try replacing(
            old.value, with: pool, kind: "pool.changed",
            message: dryRun ? "Would change pool \(name)." : "Pool \(name) changed.")
    }

    func delete(_ name: String) throws(Problem) -> Decision<API.Change> {
        let old = try fleet.pool(name).value
        try fleet.requireUnused(old)
        return try replacing(
            old, with: nil, kind: "pool.deleted",
            message: dryRun ? "Would delete pool \(name)." : "Pool \(name) deleted.")
    }

    /// Puts `new` where `old` was; devices that enter or leave an eager pool are moved by plans of the same commit.
    func replacing(
        _ old: Pool?, with new: Pool?, kind: String, message: String,
        findings: [Finding] = []
    ) throws(Problem) -> Decision<API.Change> {
        let name = new?.name ?? old?.name ?? ""
        let after = fleet.with(new, insteadOf: old)
        let moves = after.moves(from: fleet, accepting: context.takenRisks, planID: planID)
        let told = findings + moves.findings + (new.map { fleet.warnings(replacing: old, with: $0) } ?? [])
        let records = moves.plans.map { PlanRecord(plan: $0, actor: context.actor, createdAt: now) }
        let answer = change(records, subject: "pool \(name)", message: message, findings: told)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        var commit = try audited(kind, "pool \(name)", moves.plans.sentence(after: message))
        let key = StateKey.pool(name)
        commit.require(unchanged: key, in: fleet)
        if let new { try commit.put(key, new) } else { commit.delete(key) }
        if new == nil { commit.forgetAskers(of: name, in: fleet) }
        for record in records { try commit.queue(record, in: fleet) }
        return Decision(answer: answer, commit: commit)
    }
}

extension Commit {
    /// Nobody asks for the pool, which is deleted, and nobody begins to at this moment.
    mutating func forgetAskers(of pool: String, in fleet: Fleet) {
        let key = StateKey.askers(pool)
        require(unchanged: key, in: fleet)
        if fleet.revision(of: key) > 0 { delete(key) }
    }
}
