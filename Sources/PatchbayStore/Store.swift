import PatchbayCore

/// The number of a commit; grows by one with each that changes something. 0: before the first.
package typealias Revision = Int

/// A value at a key and the commits that made and last changed it. Values are versioned JSON of their own types.
package struct StoredValue: Hashable, Sendable {
    package var key: String
    package var value: [UInt8]
    package var created: Revision
    package var modified: Revision
    package init(key: String, value: [UInt8], created: Revision, modified: Revision) {
        self.key = key
        self.value = value
        self.created = created
        self.modified = modified
    }
}

package enum Write: Hashable, Sendable {
    case put(String, [UInt8])
    /// Nothing when there is none.
    case delete(String)
    package var key: String {
        switch self {
        case .put(let key, _), .delete(let key): key
        }
    }
}

package enum Precondition: Hashable, Sendable {
    case absent(String)
    case present(String)
    /// The key was last changed by this commit. As in etcd, a key that does not exist was last changed by commit 0.
    case unchanged(String, since: Revision)
}

/// One change of one key; `value` nil: deleted.
package struct StoreChange: Hashable, Sendable {
    package var revision: Revision
    package var key: String
    package var value: [UInt8]?
    package init(revision: Revision, key: String, value: [UInt8]?) {
        self.revision = revision
        self.key = key
        self.value = value
    }
}

/// Asked to watch from a commit whose changes are gone.
package struct CompactedError: Error, Sendable {
    package var compactedBefore: Revision
    package init(compactedBefore: Revision) { self.compactedBefore = compactedBefore }
}

/// Five verbs with etcd's meaning. Memory, SQLite and (later) etcd run the same contract suite.
package protocol Store: Sendable {
    func get(_ key: String) async throws(Problem) -> StoredValue?
    /// Sorted by key, with the revision the answer is true for.
    func list(_ prefix: String) async throws(Problem) -> (values: [StoredValue], revision: Revision)
    /// All writes or none. nil: a condition did not hold, nothing was changed. A key may be written once a commit.
    /// When it returns a revision, the commit is durable; a commit that changes nothing returns the present one.
    /// Throws `.malformedInput` and `.tooLarge` (see `StoreLimits`), `.storeFailed` when the engine cannot write.
    func commit(_ writes: [Write], if conditions: [Precondition]) async throws(Problem) -> Revision?
    /// Every change of keys under `prefix` after `revision`, in order, none missing, without an end until the task that
    /// reads it is cancelled. Throws `CompactedError` when those changes are gone, also later, when the reader is too slow.
    func watch(_ prefix: String, after revision: Revision) -> AsyncThrowingStream<StoreChange, any Error>
    /// Forgets changes of commits before `revision`, at most all there are; current values stay.
    func compact(before revision: Revision) async throws(Problem)
}
