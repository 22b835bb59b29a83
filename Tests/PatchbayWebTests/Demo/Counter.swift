import Synchronization

/// Ids for tests: 1, 2, 3.
final class Counter: Sendable {
    private let last = Mutex(0)

    func next() -> String {
        last.withLock { value in
            value += 1
            return String(value)
        }
    }
}
