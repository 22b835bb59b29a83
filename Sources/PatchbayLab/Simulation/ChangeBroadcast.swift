import Foundation

/// Tells everybody who listens that something changed; says nothing about what.
final class ChangeBroadcast: Sendable {
    private let lock = NSLock()
    private nonisolated(unsafe) var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    private nonisolated(unsafe) var nextID = 0

    /// Changes that come faster than they are read are one.
    func stream() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
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

    func send() {
        for listener in lock.withLock({ Array(listeners.values) }) { listener.yield() }
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
