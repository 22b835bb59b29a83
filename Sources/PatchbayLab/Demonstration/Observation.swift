import PatchbayCore

/// Looks until something is so, or its time is over.
package enum Observation {
    /// - Parameter what: completes "… did not happen: ", as a clause: `the agent of lab1 has reported`.
    /// - Throws: `.timedOut` naming `what`; whatever `look` throws.
    package static func until(
        _ limit: Duration, _ what: String, every pause: Duration = .milliseconds(300),
        _ look: () async throws(Problem) -> Bool
    ) async throws(Problem) {
        let deadline = ContinuousClock.now + limit
        while try await !look() {
            guard ContinuousClock.now < deadline else {
                throw Problem(.timedOut, "It is not so after \(limit.components.seconds) s that \(what).")
            }
            do {
                try await Task.sleep(for: pause)
            } catch {
                throw Problem(.interrupted, "Nobody waits any more until \(what).")
            }
        }
    }
}
