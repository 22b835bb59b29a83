import Foundation

/// Raised when the task that wants a plan applied is cancelled; looked at between steps, never inside one.
final class StopSign: Sendable {
    private let lock = NSLock()
    private nonisolated(unsafe) var raised = false

    var isRaised: Bool { lock.withLock { raised } }

    func raise() { lock.withLock { raised = true } }
}
