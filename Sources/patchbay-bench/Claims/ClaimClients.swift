import PatchbayStore

/// Clients that claim and release one after the other, each as fast as the store answers.
struct ClaimClients {
    let store: any Store
    let shape: ClaimShape
    let pool: Revision
    let count: Int
    /// nil: every client has devices of its own. Otherwise all fight for so many units.
    let contendedUnits: Int?

    struct Outcome {
        /// Of the claims that were granted, in microseconds.
        var latencies: [Double] = []
        var refusals = 0
        var seconds = 0.0
        /// Processor time of all threads, in microseconds.
        var processor = 0.0

        /// Claims a second.
        var rate: Double { Double(latencies.count) / seconds }
    }

    /// - Parameter round: makes the claims' ids different from those of other rounds.
    func run(for duration: Duration, round: Int) async throws -> Outcome {
        try await Outcome.of(count, for: duration) { try await run($0, round, until: $1) }
    }

    private func run(_ client: Int, _ round: Int, until end: ContinuousClock.Instant) async throws -> Outcome {
        let clock = ContinuousClock()
        var outcome = Outcome()
        var dice = SystemRandomNumberGenerator()
        var number = 0
        var now = clock.now
        while now < end {
            number += 1
            let unit = contendedUnits.map { Int.random(in: 0..<$0, using: &dice) } ?? client * 32 + number % 32
            let id = "c-\(round)-\(client)-\(number)"
            let claiming = shape.claiming(unit, id: id, poolAt: pool)
            let begun = clock.now
            guard let revision = try await store.commit(claiming.writes, if: claiming.conditions) else {
                guard contendedUnits != nil else { throw ClaimRefused() }
                outcome.refusals += 1
                now = clock.now
                continue
            }
            outcome.latencies.append((clock.now - begun).microseconds)
            let releasing = shape.releasing(unit, id: id, claimedAt: revision)
            guard try await store.commit(releasing.writes, if: releasing.conditions) != nil else {
                throw ClaimRefused()
            }
            now = clock.now
        }
        return outcome
    }
}

extension ClaimClients.Outcome {
    /// What so many clients do at once until the time is over.
    static func of(
        _ count: Int, for duration: Duration,
        _ client: @escaping @Sendable (Int, ContinuousClock.Instant) async throws -> Self
    ) async throws -> Self {
        let clock = ContinuousClock()
        let start = clock.now
        let processor = ProcessorTime.used
        let end = start + duration
        var outcome = try await withThrowingTaskGroup(of: Self.self) { group in
            for number in 0..<count { group.addTask { try await client(number, end) } }
            return try await group.reduce(into: Self()) {
                $0.latencies += $1.latencies
                $0.refusals += $1.refusals
            }
        }
        outcome.seconds = (clock.now - start).microseconds / 1e6
        outcome.processor = ProcessorTime.used - processor
        return outcome
    }
}

extension Duration {
    var microseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1e6 + Double(attoseconds) / 1e12
    }
}
