import ArgumentParser
import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore

/// What it costs to say why a claim is refused on a full host, and how long others wait meanwhile.
struct ExplainBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Measure refusing claims with the reasons and what would help; one JSON object.")

    @Option(help: "How many devices the host has, all of them lent.") var devices = 200
    @Option(help: "How many refused claims are measured, one after the other.") var runs = 50
    @Option(help: "How many refused claims come at once, while somebody else asks for a device.") var crowd = 66

    func validate() throws {
        guard (3...4096).contains(devices), (1...10_000).contains(runs), (1...10_000).contains(crowd) else {
            throw ValidationError("--devices is 3 to 4096, --runs and --crowd are at most 10000.")
        }
    }

    func run() async throws {
        let host = try await FullHost(devices: devices)
        var times: [Double] = []
        let before = ProcessorTime.used
        for number in 0..<runs {
            let clock = ContinuousClock()
            let begun = clock.now
            try await host.beRefused(number)
            times.append((clock.now - begun).microseconds / 1000)
        }
        let processor = (ProcessorTime.used - before) / 1000 / Double(runs)
        let (waits, seconds) = try await host.waits(behind: crowd)
        print(
            String(
                decoding: try WireJSON.encode(
                    Report(
                        devices: devices, claims: host.claims, processorMilliseconds: Samples.rounded(processor),
                        median: Samples.rounded(Self.part(0.5, of: times)),
                        p99: Samples.rounded(Self.part(0.99, of: times)), n: runs, crowd: crowd,
                        crowdSeconds: Samples.rounded(seconds),
                        worstWaitOfOthers: Samples.rounded(waits.max() ?? 0), load: LoadAverage.lastMinute)),
                as: UTF8.self))
    }

    private static func part(_ part: Double, of times: [Double]) -> Double {
        let sorted = times.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
    }

    struct Report: Encodable {
        var benchmark = "explain"
        var devices: Int
        var claims: Int
        /// Of all threads, for one refused claim.
        var processorMilliseconds: Double
        /// Of one refused claim, milliseconds.
        var median: Double
        var p99: Double
        var n: Int
        /// Refused claims at once, and how long all of them took.
        var crowd: Int
        var crowdSeconds: Double
        /// The longest answer to `GET /v1/devices/…` meanwhile, milliseconds.
        var worstWaitOfOthers: Double
        var load: Double?
    }
}
