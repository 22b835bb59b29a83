import PatchbayAPI
import PatchbayCore

/// What the server has not acknowledged: the latest progress of each plan under way, oldest plan first, and how plans ended.
///
/// Progress that was overtaken is not sent. An ending stays until the server took it, and goes with a report that was read
/// after it: whoever puts one in wants the host read again.
struct Outbox {
    private var order: [String] = []
    private var latest: [String: AgentProtocol.Progress] = [:]
    /// By when they ended.
    private(set) var endings: [AgentProtocol.Progress] = []

    var first: AgentProtocol.Progress? { order.first.flatMap { latest[$0] } }

    mutating func post(_ progress: AgentProtocol.Progress) {
        endings.removeAll { $0.plan == progress.plan }
        if progress.phase.isOver { endings.append(progress) }
        if latest.updateValue(progress.untilItIsTold, forKey: progress.plan) == nil { order.append(progress.plan) }
    }

    /// The server has it. Stays when there was newer progress meanwhile.
    mutating func acknowledged(_ progress: AgentProtocol.Progress) {
        if latest[progress.plan]?.isSame(as: progress) ?? false { forget(progress.plan) }
    }

    /// The server has them.
    mutating func acknowledged(endings told: [AgentProtocol.Progress]) {
        endings.removeAll { ending in told.contains { $0.isSame(as: ending) } }
    }

    private mutating func forget(_ plan: String) {
        latest[plan] = nil
        order.removeAll { $0 == plan }
    }
}

extension AgentProtocol.Progress {
    /// All steps as they are, and not over yet: how it ended waits for what is read after it.
    fileprivate var untilItIsTold: Self {
        switch phase {
        case .queued, .running, .undoing: self
        case .applied: AgentProtocol.Progress(plan: plan, phase: .running, progress: progress)
        case .rolledBack, .stuck: AgentProtocol.Progress(plan: plan, phase: .undoing, progress: progress)
        }
    }

    fileprivate func isSame(as other: Self) -> Bool {
        plan == other.plan && phase == other.phase && progress == other.progress
    }
}
