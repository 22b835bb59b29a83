import Foundation

/// A clock on which waiting takes no time: who sleeps moves it on and goes on at once. No test waits for the wall.
package final class SteppingClock: Clock {
    package struct Instant: InstantProtocol {
        var sinceStart: Swift.Duration

        package func advanced(by duration: Swift.Duration) -> Instant { Instant(sinceStart: sinceStart + duration) }
        package func duration(to other: Instant) -> Swift.Duration { other.sinceStart - sinceStart }
        package static func < (a: Instant, b: Instant) -> Bool { a.sinceStart < b.sinceStart }
    }

    private let lock = NSLock()
    private nonisolated(unsafe) var time = Instant(sinceStart: .zero)

    package init() {}

    package var now: Instant { lock.withLock { time } }
    package var minimumResolution: Swift.Duration { .zero }

    package func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
        try Task.checkCancellation()
        lock.withLock { time = max(time, deadline) }
        await Task.yield()
    }
}
