import NIOCore
import Synchronization

/// The open connections of one listener, in the order in which they fell silent.
///
/// When there are too many, the one that has been silent for the longest is closed for the newest; connections that wait
/// for their answer are never closed for another. So somebody who only opens connections keeps nobody out.
final class Connections: Sendable {
    fileprivate struct State {
        var open: [Int: any Channel] = [:]
        /// When each silent connection fell silent, as a number that only grows.
        var silentSince: [Int: Int] = [:]
        /// Candidates, the longest silent first; what is not in `silentSince` with the same number is outdated.
        var order: [(connection: Int, since: Int)] = []
        var first = 0
        var last = 0
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// - Returns: its number; nil: there is no room, all others wait for their answers.
    func add(_ channel: any Channel) -> Int? {
        let (number, superfluous) = state.withLock { state -> (Int?, (any Channel)?) in
            var superfluous: (any Channel)?
            if state.open.count >= limit {
                guard let silent = state.longestSilent() else { return (nil, nil) }
                superfluous = state.open.removeValue(forKey: silent)
            }
            state.last += 1
            let number = state.last
            state.open[number] = channel
            state.fellSilent(number)
            return (number, superfluous)
        }
        superfluous?.close(promise: nil)
        return number
    }

    func remove(_ number: Int) {
        state.withLock { state in
            state.open[number] = nil
            state.silentSince[number] = nil
        }
    }

    /// It waits for a request, or for more of one.
    func fellSilent(_ number: Int) { state.withLock { $0.fellSilent(number) } }

    /// Its request is whole: it waits for the answer.
    func asked(_ number: Int) { state.withLock { $0.silentSince[number] = nil } }

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
    fileprivate mutating func fellSilent(_ number: Int) {
        guard open[number] != nil else { return }
        last += 1
        silentSince[number] = last
        order.append((number, last))
        guard order.count > 2 * open.count + 64 else { return }
        order = order[first...].filter { silentSince[$0.connection] == $0.since }
        first = 0
    }

    fileprivate mutating func longestSilent() -> Int? {
        while first < order.count {
            let candidate = order[first]
            first += 1
            guard silentSince[candidate.connection] == candidate.since else { continue }
            silentSince[candidate.connection] = nil
            return candidate.connection
        }
        return nil
    }
}
