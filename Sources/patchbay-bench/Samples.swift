/// Durations of equal runs, in milliseconds.
struct Samples {
    private(set) var values: [Double] = []

    mutating func measure(_ body: () throws -> Void) rethrows {
        let clock = ContinuousClock()
        let (seconds, attoseconds) = try clock.measure { try body() }.components
        values.append(Double(seconds) * 1000 + Double(attoseconds) / 1e15)
    }

    mutating func measure(_ body: () async throws -> Void) async rethrows {
        let start = ContinuousClock.now
        try await body()
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        values.append(Double(seconds) * 1000 + Double(attoseconds) / 1e15)
    }

    /// One that was measured elsewhere, in milliseconds.
    mutating func add(_ milliseconds: Double) { values.append(milliseconds) }

    var summary: Summary? {
        let sorted = values.sorted()
        guard let last = sorted.last else { return nil }
        let rank = Int((Double(sorted.count) * 0.99).rounded(.up)) - 1
        return Summary(
            median: Self.rounded(sorted[sorted.count / 2]), p99: Self.rounded(sorted[max(0, rank)]),
            best: Self.rounded(sorted[0]), worst: Self.rounded(last), n: sorted.count, unit: "ms")
    }

    struct Summary: Encodable {
        var median: Double
        var p99: Double
        var best: Double
        var worst: Double
        var n: Int
        var unit: String

        /// nil: there is nothing to compare with.
        func ratio(to other: Summary?) -> Double? {
            guard let other, other.median > 0 else { return nil }
            return Samples.rounded(median / other.median)
        }
    }

    /// Three digits: the clock tells no more.
    static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
