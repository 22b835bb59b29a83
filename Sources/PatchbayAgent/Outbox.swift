import PatchbayAPI
import PatchbayCore

/// What the server has not acknowledged: the latest progress of each plan, oldest plan first.
///
/// Progress that was overtaken is not sent; an ending stays until the server took it.
struct Outbox {
    private var order: [String] = []
    private var latest: [String: AgentProtocol.Progress] = [:]

    var first: AgentProtocol.Progress? { order.first.flatMap { latest[$0] } }

    mutating func post(_ progress: AgentProtocol.Progress) {
        if latest.updateValue(progress, forKey: progress.plan) == nil { order.append(progress.plan) }
    }

    /// The server has it. Stays when there was newer progress meanwhile.
    mutating func acknowledged(_ progress: AgentProtocol.Progress) {
        guard latest[progress.plan]?.isSame(as: progress) ?? false else { return }
        latest[progress.plan] = nil
        order.removeAll { $0 == progress.plan }
    }
}

extension AgentProtocol.Progress {
    fileprivate func isSame(as other: Self) -> Bool {
        plan == other.plan && phase == other.phase && progress == other.progress
    }
}
