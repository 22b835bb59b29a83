import GRDB
import PatchbayStore

/// One commit on its way into the file.
struct SQLiteCommit: Sendable {
    var writes: [Write]
    var conditions: [Precondition]

    /// What a transaction of several commits did; one result a commit, nil where a condition did not hold.
    struct Outcome: Sendable {
        var results: [Revision?] = []
        var changes: [StoreChange] = []
        var revision: Revision
    }

    /// Performs them in order; each sees what the ones before it wrote. To be called in a transaction.
    static func perform(_ commits: [SQLiteCommit], _ db: Database) throws -> Outcome {
        let before = try StoreSchema.position(db).revision
        var outcome = Outcome(revision: before)
        for commit in commits {
            guard try commit.conditionsHold(db) else {
                outcome.results.append(nil)
                continue
            }
            let next = outcome.revision + 1
            let changes = try commit.writes.compactMap { try perform($0, at: next, db) }
            if !changes.isEmpty { outcome.revision = next }
            outcome.changes += changes
            outcome.results.append(outcome.revision)
        }
        if outcome.revision != before { try StoreSchema.setRevision(db, outcome.revision) }
        return outcome
    }

    private func conditionsHold(_ db: Database) throws -> Bool {
        try conditions.allSatisfy { $0.holds(modified: try StoreSchema.modified(db, $0.key)) }
    }

    /// - Returns: nil when it changes nothing.
    private static func perform(_ write: Write, at revision: Revision, _ db: Database) throws -> StoreChange? {
        switch write {
        case .put(let key, let value):
            try StoreSchema.put(db, key, value, at: revision)
            let change = StoreChange(revision: revision, key: key, value: value)
            try StoreSchema.log(db, change)
            return change
        case .delete(let key):
            guard try StoreSchema.delete(db, key) else { return nil }
            let change = StoreChange(revision: revision, key: key, value: nil)
            try StoreSchema.log(db, change)
            return change
        }
    }
}
