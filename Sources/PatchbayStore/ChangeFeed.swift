import PatchbayCore
import Synchronization

/// What an engine has committed lately, for its watchers: a tail of changes in memory and whoever waits for the next one.
///
/// A watcher pulls, so a slow one costs no memory; one that fell behind the tail reads the engine's own log.
package final class ChangeFeed: Sendable {
    /// Changes of the commits after the one asked for, up to and with `through`.
    package struct Batch: Sendable {
        package var changes: [StoreChange]
        package var through: Revision
        package init(changes: [StoreChange], through: Revision) {
            self.changes = changes
            self.through = through
        }
    }

    fileprivate struct State {
        var revision: Revision
        var compactedBefore: Revision
        /// Every change of the commits after `tailBegin`.
        var tail: [StoreChange] = []
        var tailBegin: Revision
        var tailBytes = 0
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
        var lastWaiter = 0
    }

    private let state: Mutex<State>
    private let tailLimit: Int

    /// - Parameter tailLimit: bytes of keys and values kept in memory; `.max` where memory is the only log.
    package init(revision: Revision, compactedBefore: Revision, tailLimit: Int) {
        state = Mutex(State(revision: revision, compactedBefore: compactedBefore, tailBegin: revision))
        self.tailLimit = tailLimit
    }

    package var revision: Revision { state.withLock { $0.revision } }

    /// To be called in the order of the commits.
    package func publish(_ changes: [StoreChange], revision: Revision) {
        let waiting = state.withLock { state in
            state.revision = revision
            state.tail.append(contentsOf: changes)
            state.tailBytes += changes.reduce(0) { $0 + $1.size }
            if state.tailBytes > tailLimit { Self.halve(&state, limit: tailLimit) }
            return state.takeWaiting()
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Forgets changes of commits before `revision`, at most all there are.
    package func compact(before revision: Revision) {
        let waiting = state.withLock { state in
            let before = min(revision, state.revision + 1)
            guard before > state.compactedBefore else { return [CheckedContinuation<Void, any Error>]() }
            state.compactedBefore = before
            state.drop(through: before - 1)
            return state.takeWaiting()
        }
        for continuation in waiting { continuation.resume() }
    }

    /// The changes after `revision`, once there are any; nil: they are older than the tail, read the log.
    /// Throws `CompactedError` and `CancellationError`.
    func next(after revision: Revision, under prefix: String) async throws -> Batch? {
        while true {
            switch try state.withLock({ try $0.look(after: revision, under: prefix) }) {
            case .found(let batch): return batch
            case .older: return nil
            case .nothingYet: try await waitForMore(than: revision)
            }
        }
    }

    private func waitForMore(than revision: Revision) async throws {
        let waiter = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let verdict: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.revision > revision || revision + 1 < state.compactedBefore { return .success(()) }
                    state.waiting[waiter] = continuation
                    return nil
                }
                if let verdict { continuation.resume(with: verdict) }
            }
        } onCancel: {
            let continuation = state.withLock { $0.waiting.removeValue(forKey: waiter) }
            continuation?.resume(throwing: CancellationError())
        }
    }

    /// Drops the older commits until the tail is half full, whole commits only.
    private static func halve(_ state: inout State, limit: Int) {
        var bytes = state.tailBytes
        var last = state.tailBegin
        for change in state.tail {
            if bytes <= limit / 2, change.revision != last { break }
            bytes -= change.size
            last = change.revision
        }
        state.drop(through: last)
    }
}

extension ChangeFeed.State {
    enum Look {
        case found(ChangeFeed.Batch)
        case older
        case nothingYet
    }

    func look(after revision: Revision, under prefix: String) throws -> Look {
        guard revision + 1 >= compactedBefore else { throw CompactedError(compactedBefore: compactedBefore) }
        guard revision < self.revision else { return .nothingYet }
        guard revision >= tailBegin else { return .older }
        let new = tail[firstIndex(after: revision)...].filter { $0.key.utf8.starts(with: prefix.utf8) }
        return .found(ChangeFeed.Batch(changes: new, through: self.revision))
    }

    func firstIndex(after revision: Revision) -> Int {
        var low = tail.startIndex
        var high = tail.endIndex
        while low < high {
            let middle = (low + high) / 2
            if tail[middle].revision > revision { high = middle } else { low = middle + 1 }
        }
        return low
    }

    mutating func drop(through revision: Revision) {
        guard revision > tailBegin else { return }
        let count = firstIndex(after: revision)
        tailBytes -= tail[..<count].reduce(0) { $0 + $1.size }
        tail.removeFirst(count)
        tailBegin = revision
    }

    mutating func takeWaiting() -> [CheckedContinuation<Void, any Error>] {
        defer { waiting.removeAll() }
        return Array(waiting.values)
    }
}

extension StoreChange {
    fileprivate var size: Int { key.utf8.count + (value?.count ?? 0) }
}
