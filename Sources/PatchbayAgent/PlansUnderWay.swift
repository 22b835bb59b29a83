import Foundation

/// Whether a plan is being applied to this host, or taken back, right now: for whoever must not end the process amid it.
///
/// A plan that waits for its turn is not under way; nothing was written down for it yet.
package final class PlansUnderWay: Sendable {
    private let lock = NSLock()
    private nonisolated(unsafe) var count = 0
    private nonisolated(unsafe) var waiting: [@Sendable () -> Void] = []

    package init() {}

    package var isEmpty: Bool { lock.withLock { count == 0 } }

    package func enter() { lock.withLock { count += 1 } }

    package func leave() {
        let ready = lock.withLock { () -> [@Sendable () -> Void] in
            count -= 1
            guard count == 0 else { return [] }
            defer { waiting = [] }
            return waiting
        }
        for act in ready { act() }
    }

    /// Calls `act` once: at once where nothing is under way, else when the last is over.
    package func whenEmpty(_ act: @escaping @Sendable () -> Void) {
        let isEmpty = lock.withLock { () -> Bool in
            if count > 0 { waiting.append(act) }
            return count == 0
        }
        if isEmpty { act() }
    }
}
