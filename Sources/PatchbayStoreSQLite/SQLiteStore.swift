import Foundation
import GRDB
import PatchbayCore
import PatchbayStore

/// A store in one SQLite file, for one process at a time. A commit that has returned survives a power cut.
///
/// Commits that arrive while one is being written are written together, in one transaction and with one `fsync`; each still
/// has its own revision, and its conditions see the ones before it.
package actor SQLiteStore: Store {
    private struct Pending {
        var commit: SQLiteCommit
        var reply: CheckedContinuation<Result<Revision?, Problem>, Never>
    }

    /// Commits in one transaction.
    private static let batchLimit = 256
    /// Bytes of recent changes that watchers are served from memory.
    private static let tailLimit = 16 << 20
    /// Commits a watcher reads from the log at once.
    private static let logWindow = 256

    private let path: String
    private let pool: DatabasePool
    private var lock: StoreLock?
    private let feed: ChangeFeed
    private var pending: [Pending] = []
    private var writing: Task<Void, Never>?

    /// Opens the file, or makes it (readable by its owner only). The folder has to be there.
    ///
    /// Throws `.busy` when another process has it open, `.storeFailed` when it is no store, or one of a newer Patchbay.
    package init(path: String) throws(Problem) {
        self.path = path
        lock = try StoreLock(beside: path)
        do {
            pool = try Self.open(path)
            let position = try pool.read { try StoreSchema.position($0) }
            feed = ChangeFeed(
                revision: position.revision, compactedBefore: position.compactedBefore, tailLimit: Self.tailLimit)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Self.failure("opened", path, error)
        }
    }

    package nonisolated func get(_ key: String) async throws(Problem) -> StoredValue? {
        try await read { try StoreSchema.value($0, key) }
    }

    package nonisolated func list(
        _ prefix: String
    ) async throws(Problem) -> (values: [StoredValue], revision: Revision) {
        try await read { (try StoreSchema.values($0, under: prefix), try StoreSchema.position($0).revision) }
    }

    package func commit(_ writes: [Write], if conditions: [Precondition]) async throws(Problem) -> Revision? {
        try StoreLimits.check(writes, if: conditions)
        let commit = SQLiteCommit(writes: writes, conditions: conditions)
        let result = await withCheckedContinuation { reply in
            pending.append(Pending(commit: commit, reply: reply))
            // In a task of its own: the caller may be cancelled, the others in its transaction may not.
            if writing == nil { writing = Task { await writePending() } }
        }
        return try result.get()
    }

    package nonisolated func watch(
        _ prefix: String, after revision: Revision
    ) -> AsyncThrowingStream<StoreChange, any Error> {
        StoreWatch.stream(of: feed, prefix: prefix, after: revision) { prefix, after in
            try await self.pool.read { db in
                let position = try StoreSchema.position(db)
                guard after + 1 >= position.compactedBefore else {
                    throw CompactedError(compactedBefore: position.compactedBefore)
                }
                let last = min(position.revision, after + Self.logWindow)
                let changes = try StoreSchema.changes(db, under: prefix, after: after, through: last)
                return ChangeFeed.Batch(changes: changes, through: last)
            }
        }
    }

    package func compact(before revision: Revision) async throws(Problem) {
        do {
            let before: Revision? = try await pool.write { db in
                let position = try StoreSchema.position(db)
                let before = min(revision, position.revision + 1)
                guard before > position.compactedBefore else { return nil }
                try StoreSchema.compact(db, before: before)
                return before
            }
            if let before { feed.compact(before: before) }
        } catch {
            throw Self.failure("compacted", path, error)
        }
    }

    /// Finishes the commits under way and lets go of the file, so that it can be opened again. Nothing works afterwards.
    /// A process that ends without it loses nothing.
    package func close() async throws(Problem) {
        await writing?.value
        do {
            try pool.close()
        } catch {
            throw Self.failure("closed", path, error)
        }
        lock = nil
    }

    private func writePending() async {
        while !pending.isEmpty {
            let batch = Array(pending.prefix(Self.batchLimit))
            pending.removeFirst(batch.count)
            let commits = batch.map(\.commit)
            do {
                let done = try await pool.write { try SQLiteCommit.perform(commits, $0) }
                if !done.changes.isEmpty { feed.publish(done.changes, revision: done.revision) }
                for (waiting, revision) in zip(batch, done.results) {
                    waiting.reply.resume(returning: .success(revision))
                }
            } catch {
                let problem = Self.failure("written", path, error)
                for waiting in batch { waiting.reply.resume(returning: .failure(problem)) }
            }
        }
        writing = nil
    }

    private nonisolated func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(Problem) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw Self.failure("read", path, error)
        }
    }

    private static func failure(_ what: String, _ path: String, _ error: any Error) -> Problem {
        Problem(.storeFailed, "The store \(path) could not be \(what).", cause: "\(error)")
    }
}
