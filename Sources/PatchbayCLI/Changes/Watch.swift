import PatchbayAPI
import PatchbayCore

/// Looks at one thing until it is over: whenever an event speaks of it, and every second in case the stream is not there.
struct Watch<Value: Sendable> {
    let service: any PatchbayService
    /// What events call it: a plan's or claim's id.
    let subject: String
    let timeoutSeconds: Int?
    let look: () async throws(Problem) -> Value
    let isOver: (Value) -> Bool
    /// What to say when the time is over, or when somebody stops waiting.
    let late: (Value) -> Problem
    let interrupted: (Value) -> Problem

    private enum Signal: Sendable { case look, late, interrupted }

    /// - Parameter show: told of every state that was seen, the last one included.
    /// - Returns: the thing as it ended.
    func follow(show: (Value) -> Void) async throws -> Value {
        let (signals, continuation) = AsyncStream<Signal>.makeStream(bufferingPolicy: .bufferingNewest(8))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            start(&group, continuation)
            defer { group.cancelAll() }
            var value = try await look()
            show(value)
            var iterator = signals.makeAsyncIterator()
            while !isOver(value), let signal = await iterator.next() {
                switch signal {
                case .look:
                    value = try await look()
                    show(value)
                case .late: throw late(value)
                case .interrupted: throw interrupted(value)
                }
            }
            if !isOver(value) { throw CancellationError() }
            return value
        }
    }

    private func start(
        _ group: inout ThrowingTaskGroup<Void, any Error>, _ signals: AsyncStream<Signal>.Continuation
    ) {
        let surroundings = Surroundings.current
        let (service, subject) = (service, subject)
        group.addTask {
            // Without a stream the polling below does it alone.
            guard let events = try? await service.eventStream(after: nil) else { return }
            signals.yield(.look)
            do {
                for try await event in events where event.kind == "resync" || event.subject.contains(subject) {
                    signals.yield(.look)
                }
            } catch { return }
        }
        group.addTask {
            while !Task.isCancelled {
                try await surroundings.pause(.seconds(1))
                signals.yield(.look)
            }
        }
        group.addTask { for await _ in surroundings.interrupts() { signals.yield(.interrupted) } }
        if let timeoutSeconds {
            group.addTask {
                try await surroundings.pause(.seconds(timeoutSeconds))
                signals.yield(.late)
            }
        }
    }
}
