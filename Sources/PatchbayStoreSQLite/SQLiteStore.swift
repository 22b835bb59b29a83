import Dispatch
import Foundation
import GRDB
import PatchbayCore
import PatchbayStore
import Synchronization

/// A store in one SQLite file, for one process at a time. A commit that has returned survives a power cut.
///
/// Commits that arrive while one is being written are written together, in one transaction and with one `fsync`; each still
/// has its own revision, and its conditions see the ones before it.
package final class SQLiteStore: Store {
    /// Bytes of recent changes that watchers are served from memory.
    private static let tailLimit = 16 << 20
    /// Commits a watcher reads from the log at once.
    private static let logWindow = 256

    private let path: String
    private let file: StoreFile
    private let pool: DatabasePool
    private let lock: Mutex<StoreLock?>
    private let feed: ChangeFeed
    private let line: CommitLine
    /// Where everything is written, one thing after the other: waiting for the disk holds up no task.
    private let queue = DispatchQueue(label: "patchbay.store")

    /// Opens the file, or makes it (readable by its owner only). The folder has to be there.
    ///
    /// Throws `.busy` when another process has it open, `.storeFailed` when it is no store, or one of a newer Patchbay.
    package init(path: String) throws(Problem) {
        self.path = path
        lock = Mutex(try StoreLock(beside: path))
        do {
            pool = try Self.open(path)
            file = try StoreFile(path)
            let position = try pool.read { try StoreSchema.position($0) }
            feed = ChangeFeed(
                revision: position.revision, compactedBefore: position.compactedBefore, tailLimit: Self.tailLimit)
            line = CommitLine()
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Self.failure("opened", path, error)
        }
    }

    /// Since it was opened: commits that were decided, and the transactions they were written in.
    package var written: (commits: Int, transactions: Int) { line.written }

    package func get(_ key: String) async throws(Problem) -> StoredValue? {
        try await read { try StoreSchema.value($0, key) }
    }

    package func list(_ prefix: String) async throws(Problem) -> (values: [StoredValue], revision: Revision) {
        try await read { (try StoreSchema.values($0, under: prefix), try StoreSchema.position($0).revision) }
    }

    package func commit(_ writes: [Write], if conditions: [Precondition]) async throws(Problem) -> Revision? {
        try StoreLimits.check(writes, if: conditions)
        let commit = SQLiteCommit(writes: writes, conditions: conditions)
        let result = await withCheckedContinuation { reply in
            // Written whatever becomes of the caller: it may be cancelled, the others in its transaction may not.
            guard line.join(commit, reply) else { return }
            queue.async { self.writeLine() }
        }
        return try result.get()
    }

    package func watch(_ prefix: String, after revision: Revision) -> AsyncThrowingStream<StoreChange, any Error> {
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
        try await writing("compacted") { pool in
            let before: Revision? = try pool.write { db in
                let position = try StoreSchema.position(db)
                let before = min(revision, position.revision + 1)
                guard before > position.compactedBefore else { return nil }
                try StoreSchema.compact(db, before: before)
                return before
            }
            if let before { self.feed.compact(before: before) }
        }
    }

    /// Finishes the commits under way and lets go of the file, so that it can be opened again. Nothing works afterwards.
    /// A process that ends without it loses nothing.
    package func close() async throws(Problem) {
        try await writing("closed") { try $0.close() }
        lock.withLock { $0 = nil }
    }

    /// Writes the commits in the line until there are none.
    private func writeLine() {
        while let batch = line.next() {
            do {
                try file.check()
                let done = try pool.write { try SQLiteCommit.perform(batch.commits, $0) }
                // What was written into a file that is gone is not acknowledged.
                try file.check()
                if !done.changes.isEmpty { try file.checkLog() }
                line.didWrite(batch)
                if !done.changes.isEmpty { feed.publish(done.changes, revision: done.revision) }
                batch.answer(done.results)
            } catch {
                batch.fail(Self.failure("written", path, error))
            }
        }
    }

    /// Does something with the file between two transactions.
    private func writing(
        _ what: String, _ body: @escaping @Sendable (DatabasePool) throws -> Void
    ) async throws(Problem) {
        let result: Result<Void, any Error> = await withCheckedContinuation { reply in
            queue.async { reply.resume(returning: Result { try body(self.pool) }) }
        }
        do { try result.get() } catch { throw Self.failure(what, path, error) }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(Problem) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw Self.failure("read", path, error)
        }
    }

    private static func failure(_ what: String, _ path: String, _ error: any Error) -> Problem {
        if let problem = error as? Problem { return problem }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        if (error as? DatabaseError)?.resultCode == .SQLITE_FULL {
            return Problem(
                .storeFailed, "The store \(path) could not be \(what): its disk is full.",
                next: ["Free space there: df -h \(folder)", "Then try again; nothing that was acknowledged is lost."],
                cause: "\(error)")
        }
        return Problem(
            .storeFailed, "The store \(path) could not be \(what).",
            next: ["Check its disk: df -h \(folder); dmesg | tail", "Then try again."], cause: "\(error)")
    }
}
