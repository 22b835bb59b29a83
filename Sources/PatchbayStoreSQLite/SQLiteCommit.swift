import GRDB
import PatchbayStore

/// One commit on its way into the file.
struct SQLiteCommit: Sendable {
    private let writes: [Write]
    /// Whether a write makes a key that a condition wants absent: inserting it is the test.
    private let makesKey: [Bool]
    /// The other conditions.
    private let conditions: [Precondition]

    init(writes: [Write], conditions: [Precondition]) {
        let absent = Set(conditions.compactMap { if case .absent(let key) = $0 { StoreKey(key) } else { nil } })
        var made: Set<StoreKey> = []
        let makesKey = writes.map { write in
            guard case .put(let key, _) = write, absent.contains(StoreKey(key)) else { return false }
            made.insert(StoreKey(key))
            return true
        }
        self.writes = writes
        self.makesKey = makesKey
        self.conditions = conditions.filter { condition in
            guard case .absent(let key) = condition else { return true }
            return !made.contains(StoreKey(key))
        }
    }

    /// What a transaction of several commits did; one result a commit, nil where a condition did not hold.
    struct Outcome: Sendable {
        var results: [Revision?] = []
        var changes: [StoreChange] = []
        var revision: Revision
    }

    /// Performs them in order; each sees what the ones before it wrote. To be called in a transaction.
    static func perform(_ commits: [SQLiteCommit], _ db: Database) throws -> Outcome {
        let before = try StoreSchema.position(db).revision
        let table = try StoreWriter(db)
        var outcome = Outcome(revision: before)
        outcome.results.reserveCapacity(commits.count)
        for commit in commits {
            let known = outcome.changes.count
            guard try commit.perform(on: table, at: outcome.revision + 1, adding: &outcome.changes) else {
                outcome.results.append(nil)
                continue
            }
            if outcome.changes.count > known { outcome.revision += 1 }
            outcome.results.append(outcome.revision)
        }
        if outcome.revision != before { try StoreSchema.setRevision(db, outcome.revision) }
        return outcome
    }

    /// - Returns: whether the conditions held; otherwise nothing is changed.
    private func perform(
        on table: StoreWriter, at revision: Revision, adding changes: inout [StoreChange]
    ) throws -> Bool {
        for condition in conditions {
            guard condition.holds(modified: try table.modified(condition.key)) else { return false }
        }
        guard try makeKeys(on: table, at: revision) else { return false }
        for (number, write) in writes.enumerated() {
            let place = StoreSchema.place(revision, number)
            switch write {
            case .put(let key, let value):
                if !makesKey[number] { try table.put(key, at: place) }
                try table.log(key, value, at: place)
                changes.append(StoreChange(revision: revision, key: key, value: value))
            case .delete(let key):
                guard try table.delete(key) else { continue }
                try table.log(key, nil, at: place)
                changes.append(StoreChange(revision: revision, key: key, value: nil))
            }
        }
        return true
    }

    /// - Returns: whether none of them was there; otherwise those that were made are taken back.
    private func makeKeys(on table: StoreWriter, at revision: Revision) throws -> Bool {
        for (number, write) in writes.enumerated() where makesKey[number] {
            if try table.insert(write.key, at: StoreSchema.place(revision, number)) { continue }
            for earlier in 0..<number where makesKey[earlier] { _ = try table.delete(writes[earlier].key) }
            return false
        }
        return true
    }
}
