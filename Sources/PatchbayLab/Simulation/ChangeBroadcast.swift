import Foundation
import PatchbayHost

/// Tells everybody who listens that something changed. Of changes that come faster than they are read the last counts.
final class ChangeBroadcast<Change: Sendable>: Sendable {
    private let lock = NSLock()
    private nonisolated(unsafe) var listeners: [Int: AsyncStream<Change>.Continuation] = [:]
    private nonisolated(unsafe) var nextID = 0

    func stream() -> AsyncStream<Change> {
        let (stream, continuation) = AsyncStream<Change>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = lock.withLock {
            nextID += 1
            listeners[nextID] = continuation
            return nextID
        }
        continuation.onTermination = { [weak self] _ in
            self?.lock.withLock { _ = self?.listeners.removeValue(forKey: id) }
        }
        return stream
    }

    func send(_ change: Change) {
        for listener in lock.withLock({ Array(listeners.values) }) { listener.yield(change) }
    }

    /// Ends every stream, as a lost connection does.
    func end() {
        let all = lock.withLock {
            let all = Array(listeners.values)
            listeners = [:]
            return all
        }
        for listener in all { listener.finish() }
    }
}

extension ChangeBroadcast<Void> {
    func send() { send(()) }
}

extension ChangeBroadcast<HostChange> {
    func send() { send(.everything) }
}
