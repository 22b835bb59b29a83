import PatchbayAPI
import PatchbayCore

/// Waits until a plan is over: looks whenever an event speaks of it, and every second in case the stream is not there.
struct PlanWatch {
    let service: any PatchbayService
    let timeoutSeconds: Int?
    private static let pollSeconds = 1

    private enum Signal: Sendable { case look, late, interrupted }

    /// - Parameter show: told of every state that was seen, the last one included.
    /// - Returns: the plan as it ended.
    func follow(_ id: String, show: (API.Plan) -> Void) async throws -> API.Plan {
        let (signals, continuation) = AsyncStream<Signal>.makeStream(bufferingPolicy: .bufferingNewest(8))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            start(&group, id: id, continuation)
            defer { group.cancelAll() }
            var plan = try await service.plan(id)
            show(plan)
            var iterator = signals.makeAsyncIterator()
            while !plan.isOver, let signal = await iterator.next() {
                switch signal {
                case .look:
                    plan = try await service.plan(id)
                    show(plan)
                case .late: throw late(plan)
                case .interrupted: throw interrupted(plan)
                }
            }
            if !plan.isOver { throw CancellationError() }
            return plan
        }
    }

    private func start(
        _ group: inout ThrowingTaskGroup<Void, any Error>, id: String,
        _ signals: AsyncStream<Signal>.Continuation
    ) {
        let surroundings = Surroundings.current
        let service = service
        group.addTask {
            // Without a stream the polling below does it alone.
            guard let events = try? await service.eventStream(after: nil) else { return }
            signals.yield(.look)
            do {
                for try await event in events where event.kind == "resync" || event.subject.contains(id) {
                    signals.yield(.look)
                }
            } catch { return }
        }
        group.addTask {
            while !Task.isCancelled {
                try await surroundings.pause(.seconds(Self.pollSeconds))
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

    private func late(_ plan: API.Plan) -> Problem {
        Problem(
            .timedOut, "Plan \(plan.id) is still \(plan.phase) after \(timeoutSeconds ?? 0) s; it goes on.",
            next: ["See how it is going:  patchbay plan show \(plan.id)"])
    }

    private func interrupted(_ plan: API.Plan) -> Problem {
        Problem(
            .interrupted, "You stopped waiting; plan \(plan.id) goes on.",
            next: [
                "See how it is going:  patchbay plan show \(plan.id)",
                "Take it back when it is over:  patchbay plan undo \(plan.id)",
            ])
    }
}
