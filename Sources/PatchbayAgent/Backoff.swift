/// How long to wait before trying again: doubling, capped, and shaken so that a fleet does not call in step.
package struct Backoff: Sendable {
    package var first: Duration
    package var cap: Duration
    private var failures = 0

    package init(first: Duration = .milliseconds(500), cap: Duration = .seconds(30)) {
        self.first = first
        self.cap = cap
    }

    /// - Parameter random: from 0 up to 1; the wait is between half of the full one and all of it.
    package mutating func next(random: Double) -> Duration {
        let full = min(first * (1 << min(failures, 20)), cap)
        failures += 1
        return full * (0.5 + 0.5 * random)
    }

    package mutating func reset() { failures = 0 }
}
