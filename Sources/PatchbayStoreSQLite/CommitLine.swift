import PatchbayCore
import PatchbayStore
import Synchronization

/// Commits that wait to be written. Whoever comes while a transaction is written is in the next one.
///
/// The callers put themselves into the line: the thread that writes spends no time on those that wait.
final class CommitLine: Sendable {
    typealias Reply = CheckedContinuation<Result<Revision?, Problem>, Never>

    struct Batch: Sendable {
        var commits: [SQLiteCommit] = []
        fileprivate var replies: [Reply] = []
    }

    /// Commits in one transaction.
    private static let batchLimit = 256

    private struct State {
        var waiting = Batch()
        var isWriting = false
        var commits = 0
        var transactions = 0
    }

    private let state = Mutex(State())

    var written: (commits: Int, transactions: Int) { state.withLock { ($0.commits, $0.transactions) } }

    /// - Returns: whether nobody writes the line; the caller has to see to it.
    func join(_ commit: SQLiteCommit, _ reply: Reply) -> Bool {
        state.withLock { state in
            state.waiting.commits.append(commit)
            state.waiting.replies.append(reply)
            defer { state.isWriting = true }
            return !state.isWriting
        }
    }

    /// nil: there are none, and the next to come has to see to the line again.
    func next() -> Batch? {
        state.withLock { state in
            guard !state.waiting.commits.isEmpty else {
                state.isWriting = false
                return nil
            }
            guard state.waiting.commits.count > Self.batchLimit else {
                defer { state.waiting = Batch() }
                return state.waiting
            }
            defer {
                state.waiting.commits.removeFirst(Self.batchLimit)
                state.waiting.replies.removeFirst(Self.batchLimit)
            }
            return Batch(
                commits: Array(state.waiting.commits.prefix(Self.batchLimit)),
                replies: Array(state.waiting.replies.prefix(Self.batchLimit)))
        }
    }

    func didWrite(_ batch: Batch) {
        state.withLock {
            $0.commits += batch.commits.count
            $0.transactions += 1
        }
    }
}

extension CommitLine.Batch {
    func answer(_ results: [Revision?]) { answer(results.map { .success($0) }) }
    func fail(_ problem: Problem) { answer(replies.map { _ in .failure(problem) }) }

    /// Waking many callers takes as long as writing for them: that is for another thread, the next transaction may begin.
    private func answer(_ results: [Result<Revision?, Problem>]) {
        guard replies.count > 1 else {
            for (reply, result) in zip(replies, results) { reply.resume(returning: result) }
            return
        }
        Task { for (reply, result) in zip(replies, results) { reply.resume(returning: result) } }
    }
}
