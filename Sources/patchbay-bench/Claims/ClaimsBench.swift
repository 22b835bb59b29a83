import ArgumentParser
import PatchbayCore
import PatchbayStore
import PatchbayStoreSQLite

/// Durable claims per second through a store, beside the rate of the store's own engine with nothing of ours around it, and
/// through the whole control plane over a store of the same kind.
struct ClaimsBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claims", abstract: "Measure claims and releases: a store's, the engine's own, the whole server's."
    )

    @Option(help: "memory, or sqlite:PATH where PATH is a file that is not there yet.") var store = "memory"
    @Option(help: "How many clients claim at once; several numbers, a run each: 1,64.") var concurrency = "1,64"
    @Option(help: "How long a run lasts: a third each for the store, the engine alone and the server.") var seconds =
        4.0
    @Option(help: "How many hosts with eight cards each the server has.") var hosts = 100
    @Flag(help: "All clients fight for four units, instead of each having its own.") var contended = false

    /// They take turns, so that what else this machine does meets both.
    private static let rounds = 8

    func validate() throws {
        guard (0.1...3600).contains(seconds) else { throw ValidationError("--seconds is from 0.1 to 3600.") }
        guard (1...1_000_000).contains(hosts) else { throw ValidationError("--hosts is from 1 to 1000000.") }
        _ = try StoreChoice(store)
        _ = try clients()
    }

    func run() async throws {
        let choice = try StoreChoice(store)
        for count in try clients() {
            let report = try await choice.withEngine { try await measure($0, clients: count) }
            try Bench.tell(report)
        }
    }

    private func clients() throws -> [Int] {
        try concurrency.split(separator: ",", omittingEmptySubsequences: false).map { text in
            guard let count = Int(text), (1...4096).contains(count) else {
                throw ValidationError("--concurrency is numbers from 1 to 4096 with commas, not \"\(concurrency)\".")
            }
            return count
        }
    }

    private func measure(_ engine: StoreChoice.Engine, clients: Int) async throws -> ClaimsReport {
        let shape = try ClaimShape()
        let pool = try await shape.prepare(engine.store)
        let ours = ClaimClients(
            store: engine.store, shape: shape, pool: pool, count: clients, contendedUnits: contended ? 4 : nil)
        let slice = Duration.seconds(seconds / Double(3 * Self.rounds))
        // Clients that fight are about the store's refusals.
        let server = contended ? nil : try await ServerClaims(over: engine.serverStore, hosts: hosts)
        var raw = engine.raw
        var total = ClaimsReport.Totals()
        for round in 0...Self.rounds {
            let before = engine.written()
            let outcome = try await ours.run(for: slice, round: round)
            let batch = engine.written().mean(since: before)
            let floor = try raw.run(shape, clients: clients, batch: max(1, Int(batch.rounded())), for: slice)
            try await server?.hearAgents()
            let whole = try await server?.run(clients, for: slice, round: round)
            // The first of each fills caches and files.
            guard round > 0 else { continue }
            total.add(outcome, floor, batch: batch)
            if let whole { total.add(whole, beside: outcome) }
        }
        await server?.stop()
        return ClaimsReport(total, store: engine.name, concurrency: clients, isContended: contended, hosts: hosts)
    }
}
