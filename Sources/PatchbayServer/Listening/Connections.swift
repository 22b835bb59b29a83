import NIOCore
import Synchronization

/// The open connections of one listener, in the order in which they fell silent.
///
/// When there are too many, the one that has been silent for the longest is closed for the newest: of those that have
/// asked for nothing, so that nobody loses an upload to somebody who only connects; where those are few, of those in the
/// midst of a body or an answer, so that who has just connected has the time to ask. Connections that wait for their
/// answer are never closed for another. So somebody who only opens connections, sends half a body or reads no answers
/// keeps nobody out.
final class Connections: Sendable {
    /// What a silent connection is in the midst of.
    enum Silence {
        /// It has not asked, or not to the end of a head.
        case head
        /// It sends a body, or has not taken its answer.
        case transfer
    }

    fileprivate struct State {
        var open: [Int: any Channel] = [:]
        /// When each silent connection fell silent, as a number that only grows, and in the midst of what.
        private(set) var silentSince: [Int: (number: Int, silence: Silence)] = [:]
        /// Silent connections that have asked for nothing.
        private(set) var heads = 0
        var queues: [Silence: Queue] = [:]
        var last = 0

        mutating func setSilence(of connection: Int, _ since: (number: Int, silence: Silence)?) {
            if silentSince[connection]?.silence == .head { heads -= 1 }
            if since?.silence == .head { heads += 1 }
            silentSince[connection] = since
        }
    }

    /// Candidates, the longest silent first; what is not in `silentSince` with the same number is outdated.
    fileprivate struct Queue {
        var order: [(connection: Int, since: Int)] = []
        var first = 0
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// - Returns: its number; nil: there is no room, all others wait for their answers.
    func add(_ channel: any Channel) -> Int? {
        let (number, superfluous) = state.withLock { state -> (Int?, (any Channel)?) in
            var superfluous: (any Channel)?
            if state.open.count >= limit {
                guard let silent = state.longestSilent(isCrowdOfHeads: state.heads > limit / 8) else {
                    return (nil, nil)
                }
                superfluous = state.open.removeValue(forKey: silent)
            }
            state.last += 1
            let number = state.last
            state.open[number] = channel
            state.fellSilent(number, .head)
            return (number, superfluous)
        }
        superfluous?.close(promise: nil)
        return number
    }

    func remove(_ number: Int) {
        state.withLock { state in
            state.open[number] = nil
            state.setSilence(of: number, nil)
        }
    }

    /// It waits for a request, for more of one, or for a reader.
    func fellSilent(_ number: Int, _ silence: Silence) { state.withLock { $0.fellSilent(number, silence) } }

    /// Its request is whole: it waits for the answer.
    func asked(_ number: Int) { state.withLock { $0.setSilence(of: number, nil) } }

    /// Asks every connection to end with the answer that is under way.
    func quiesce() {
        for channel in state.withLock({ Array($0.open.values) }) {
            channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    func closeAll() {
        for channel in state.withLock({ Array($0.open.values) }) { channel.close(promise: nil) }
    }
}

extension Connections.State {
    fileprivate mutating func fellSilent(_ number: Int, _ silence: Connections.Silence) {
        guard open[number] != nil else { return }
        last += 1
        setSilence(of: number, (last, silence))
        var queue = queues.removeValue(forKey: silence) ?? Connections.Queue()
        queue.order.append((number, last))
        if queue.order.count > 2 * open.count + 64 {
            queue.order = queue.order[queue.first...].filter { silentSince[$0.connection]?.number == $0.since }
            queue.first = 0
        }
        queues[silence] = queue
    }

    fileprivate mutating func longestSilent(isCrowdOfHeads: Bool) -> Int? {
        let order: [Connections.Silence] = isCrowdOfHeads ? [.head, .transfer] : [.transfer, .head]
        for silence in order {
            guard var queue = queues.removeValue(forKey: silence) else { continue }
            defer { queues[silence] = queue }
            while queue.first < queue.order.count {
                let candidate = queue.order[queue.first]
                queue.first += 1
                guard silentSince[candidate.connection]?.number == candidate.since else { continue }
                setSilence(of: candidate.connection, nil)
                return candidate.connection
            }
        }
        return nil
    }
}
