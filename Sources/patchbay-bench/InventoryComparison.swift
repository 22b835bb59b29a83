import ArgumentParser
import Foundation
import PatchbayHost

/// Two builds of this program measure the same tree in turn, each in processes of its own: what the machine does meanwhile meets both.
struct InventoryComparison {
    /// The other build: of the commit that is compared with.
    let other: String
    let root: String
    /// How often each is run, and how often each of those runs measures.
    let rounds: Int
    let runs: Int

    /// Medians of one build's rounds, in milliseconds.
    struct Build: Encodable {
        var read: Samples.Summary?
        var refresh: Samples.Summary?
        var cold: Samples.Summary?
    }

    struct Report: Encodable {
        var benchmark = "inventory-comparison"
        var functions: Int
        var ours: Build
        var theirs: Build
        /// Our median of medians by theirs.
        var ratios: [String: Double]
        var load: Double?
    }

    func measure() async throws -> Report {
        let this = "/proc/self/exe"
        var (ours, theirs) = (Rounds(), Rounds())
        var functions = 0
        for round in 0..<rounds {
            // Who comes first changes, so that neither always finds the caches that the other has filled.
            let first = round.isMultiple(of: 2)
            for isOurs in [first, !first] {
                let result = try await result(of: isOurs ? this : other)
                functions = result.functions
                if isOurs { ours.add(result) } else { theirs.add(result) }
            }
        }
        return Report(
            functions: functions, ours: ours.build, theirs: theirs.build, ratios: Self.ratios(ours.build, theirs.build),
            load: LoadAverage.lastMinute)
    }

    private static func ratios(_ ours: Build, _ theirs: Build) -> [String: Double] {
        var ratios: [String: Double] = [:]
        for (name, a, b) in [
            ("read", ours.read, theirs.read), ("refresh", ours.refresh, theirs.refresh),
            ("cold", ours.cold, theirs.cold),
        ] {
            guard let a, let b, b.median > 0 else { continue }
            ratios[name] = Samples.rounded(a.median / b.median)
        }
        return ratios
    }

    // MARK: One run of one build

    /// What `patchbay-bench inventory` prints, as far as it is compared.
    private struct Result: Decodable {
        struct Summary: Decodable { var median: Double }
        struct Refresh: Decodable { var time: Summary }
        var functions: Int
        var median: Double
        var refresh: Refresh?
        var cold: Summary?
    }

    private struct Rounds {
        private var read = Samples()
        private var refresh = Samples()
        private var cold = Samples()

        mutating func add(_ result: Result) {
            read.add(result.median)
            if let time = result.refresh?.time { refresh.add(time.median) }
            if let time = result.cold { cold.add(time.median) }
        }

        var build: Build { Build(read: read.summary, refresh: refresh.summary, cold: cold.summary) }
    }

    private func result(of program: String) async throws -> Result {
        let ending = try await Program(program).run(
            ["inventory", "--root", root, "--runs", "\(runs)"], within: .seconds(3600))
        guard ending.status == 0 else {
            throw ValidationError("\(program) ended with status \(ending.status): \(ending.errors)")
        }
        return try JSONDecoder().decode(Result.self, from: Data(ending.output))
    }
}
