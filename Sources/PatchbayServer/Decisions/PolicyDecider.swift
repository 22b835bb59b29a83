import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// Policies and their profiles.
struct PolicyDecider: Decider {
    let context: DecisionContext

    /// All of it in one commit, or nothing of it.
    func apply(_ wish: PolicyWish) throws(Problem) -> Decision<API.Change> {
        let outcome = PolicyOutcome(wish, in: fleet)
        try outcome.check(wish.expectations)
        let moves = outcome.after.moves(from: fleet, accepting: context.takenRisks, planID: planID)
        let records = moves.plans.map { PlanRecord(plan: $0, actor: context.actor, createdAt: now) }
        let message = outcome.message(dryRun: dryRun)
        var answer = change(
            records, subject: "policy", message: message, findings: moves.findings + outcome.findings)
        answer.differences = outcome.differences
        guard !dryRun, outcome.changesAnything else { return Decision(answer: answer, commit: nil) }
        var commit = try audited("policy.applied", "policy", moves.plans.sentence(after: message))
        try commit.put(outcome, expected: wish.expectations)
        for record in records { try commit.queue(record, in: fleet) }
        return Decision(answer: answer, commit: commit)
    }

    /// VMs that were made from it stay as they are.
    func deleteProfile(_ name: String) throws(Problem) -> Decision<API.Change> {
        _ = try fleet.profile(name)
        let message = dryRun ? "Would delete profile \(name)." : "Profile \(name) deleted."
        let answer = change(subject: "profile \(name)", message: message)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        var commit = try audited("profile.deleted", "profile \(name)", message)
        commit.require(unchanged: StateKey.profile(name), in: fleet)
        commit.delete(StateKey.profile(name))
        return Decision(answer: answer, commit: commit)
    }
}

extension Commit {
    /// Every pool and profile that changes, on condition that nobody else changed it, or a pool that something is
    /// expected of, or began to ask for a pool that goes.
    fileprivate mutating func put(
        _ outcome: PolicyOutcome, expected: [PolicyWish.Expected]
    ) throws(Problem) {
        let fleet = outcome.before
        var watched = Set(expected.map { StateKey.pool($0.expectation.pool) })
        for turn in outcome.pools where turn.changes {
            let key = StateKey.pool(turn.name)
            watched.insert(key)
            if let new = turn.new {
                try put(key, new)
            } else {
                delete(key)
                forgetAskers(of: turn.name, in: fleet)
            }
        }
        for turn in outcome.profiles where turn.changes {
            let key = StateKey.profile(turn.name)
            watched.insert(key)
            guard let new = turn.new else {
                delete(key)
                continue
            }
            try put(key, new)
            for pool in new.pools {
                watched.insert(StateKey.pool(pool))
                try put(StateKey.askers(pool), "profile \(turn.name)")
            }
        }
        for key in watched.sorted() { require(unchanged: key, in: fleet) }
    }
}

extension PolicyOutcome {
    /// `Policy applied: 1 created, 2 changed, 4 unchanged.`
    fileprivate func message(dryRun: Bool) -> String {
        guard changesAnything else { return "Nothing changes." }
        let actions = differences.map(\.action)
        let counts = [
            (API.Difference.Action.create, "created"), (.change, "changed"), (.delete, "deleted"),
            (.unchanged, "unchanged"),
        ].compactMap { action, word in
            let count = actions.count { $0 == action }
            return count == 0 ? nil : "\(count) \(word)"
        }
        return (dryRun ? "The policy would be applied: " : "Policy applied: ") + counts.joined(separator: ", ") + "."
    }
}
