/// What a run of `patchbay-bench claims` prints.
struct ClaimsReport: Encodable {
    /// Ours and the engine's own over all rounds.
    struct Totals {
        var latencies: [Double] = []
        var refusals = 0
        var seconds = 0.0
        var processor = 0.0
        var raw = RawOutcome()
        var batches: [Double] = []
        var ratios: [Double] = []
        /// Through the whole server; nothing: not measured.
        var server = ClaimClients.Outcome()
        var serverRatios: [Double] = []

        mutating func add(_ server: ClaimClients.Outcome, beside ours: ClaimClients.Outcome) {
            self.server.latencies += server.latencies
            self.server.refusals += server.refusals
            self.server.seconds += server.seconds
            self.server.processor += server.processor
            guard !ours.latencies.isEmpty, server.seconds > 0 else { return }
            serverRatios.append(server.rate / ours.rate)
        }

        mutating func add(_ ours: ClaimClients.Outcome, _ raw: RawOutcome, batch: Double) {
            latencies += ours.latencies
            refusals += ours.refusals
            seconds += ours.seconds
            processor += ours.processor
            self.raw.claims += raw.claims
            self.raw.seconds += raw.seconds
            self.raw.processor += raw.processor
            batches.append(batch)
            guard raw.claims > 0, ours.seconds > 0 else { return }
            ratios.append(ours.rate / (Double(raw.claims) / raw.seconds))
        }
    }

    struct Raw: Encodable {
        var claimsPerSecond: Double
        var processorPerClaim: Double
        /// Commits in one transaction, as many as the store took together.
        var batch: Double
    }

    /// Through the whole control plane in one process: decided, committed, taken into the fleet, answered.
    struct Server: Encodable {
        var hosts: Int
        var devices: Int
        var claimsPerSecond: Double
        var median: Double
        var p99: Double
        var n: Int
        var processorPerClaim: Double
        /// Claims that were told to try again, because others were quicker every time.
        var refusals: Int
        /// To the store's own rate, the median of the rounds.
        var ratio: Double

        init?(_ totals: Totals, hosts: Int) {
            let sorted = totals.server.latencies.sorted()
            guard !sorted.isEmpty else { return nil }
            self.hosts = hosts
            devices = hosts * ServerClaims.cards
            n = sorted.count
            claimsPerSecond = totals.server.rate.rounded()
            median = Samples.rounded(ClaimsReport.quantile(0.5, of: sorted))
            p99 = Samples.rounded(ClaimsReport.quantile(0.99, of: sorted))
            processorPerClaim = Samples.rounded(totals.server.processor / Double(sorted.count))
            refusals = totals.server.refusals
            ratio = Samples.rounded(ClaimsReport.quantile(0.5, of: totals.serverRatios.sorted()))
        }
    }

    var benchmark = "claims"
    var store: String
    var concurrency: Int
    var isContended: Bool
    var claimsPerSecond: Double
    /// Of one claim, from the call to the durable answer.
    var median: Double
    var p99: Double
    var n: Int
    var unit = "us"
    /// Processor time of a claim and its release, the clients' part included, in the same unit.
    var processorPerClaim: Double
    /// Claims that met a device in use.
    var refusals: Int
    var raw: Raw
    /// Ours to the engine's own, the median of the rounds; nil where clients fight: most of their commits write nothing.
    var ratio: Double?
    /// nil where clients fight.
    var server: Server?
    /// Processes that wanted to run in the last minute: what others do to this machine meanwhile.
    var load: Double?

    init(_ totals: Totals, store: String, concurrency: Int, isContended: Bool, hosts: Int) {
        let sorted = totals.latencies.sorted()
        self.store = store
        self.concurrency = concurrency
        self.isContended = isContended
        self.n = sorted.count
        self.claimsPerSecond = (Double(sorted.count) / totals.seconds).rounded()
        self.median = Samples.rounded(Self.quantile(0.5, of: sorted))
        self.p99 = Samples.rounded(Self.quantile(0.99, of: sorted))
        self.processorPerClaim = Samples.rounded(totals.processor / Double(max(1, sorted.count)))
        self.refusals = totals.refusals
        self.raw = Raw(
            claimsPerSecond: (Double(totals.raw.claims) / totals.raw.seconds).rounded(),
            processorPerClaim: Samples.rounded(totals.raw.processor / Double(max(1, totals.raw.claims))),
            batch: Samples.rounded(totals.batches.reduce(0, +) / Double(max(1, totals.batches.count))))
        self.ratio = isContended ? nil : Samples.rounded(Self.quantile(0.5, of: totals.ratios.sorted()))
        self.server = Server(totals, hosts: hosts)
        self.load = LoadAverage.lastMinute
    }

    /// 0 where there is nothing.
    fileprivate static func quantile(_ part: Double, of sorted: [Double]) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return sorted[max(0, Int((Double(sorted.count) * part).rounded(.up)) - 1)]
    }
}
