import PatchbayAPI

/// Looks again whenever something changed, and every few seconds in case the stream of events is not there, until the command is
/// interrupted.
struct Refresh {
    let service: any PatchbayService
    private static let interval = Duration.seconds(2)
    /// However much happens, nobody reads faster.
    private static let pause = Duration.milliseconds(500)

    func run(_ look: () async throws -> Void) async throws {
        // One signal waits at most: what happens while somebody looks is seen at the next look.
        let (signals, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let (service, surroundings) = (service, Surroundings.current)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                // Without a stream the polling below does it alone.
                guard let events = try? await service.eventStream(after: nil) else { return }
                do { for try await _ in events { continuation.yield() } } catch { return }
            }
            group.addTask {
                while !Task.isCancelled {
                    try await surroundings.pause(Self.interval)
                    continuation.yield()
                }
            }
            try await look()
            for await _ in signals {
                try await surroundings.pause(Self.pause)
                try await look()
            }
        }
    }
}
