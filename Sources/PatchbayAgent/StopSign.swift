import Foundation

/// Raised when the agent is to stop, or the plan is cancelled; looked at between steps, never inside one.
final class StopSign: Sendable {
    private let lock = NSLock()
    private nonisolated(unsafe) var raised: Reason?

    enum Reason: Sendable { case agentStops, planCancelled }

    /// nil: it is not raised.
    var reason: Reason? { lock.withLock { raised } }

    /// The first reason stays.
    func raise(_ reason: Reason) { lock.withLock { raised = raised ?? reason } }
}
