import ArgumentParser
import Foundation

/// `placement`: places random requests on random fleets and holds every answer against trying everything.
struct PlacementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "placement", abstract: "Place random requests on random fleets, and check every answer.")

    @Option(help: "How many cases.") var cases = 20_000
    @Option(help: "What the cases follow from; without it one is chosen and printed.") var seed: UInt64?
    @Option(name: .customLong("case"), help: "Only this case.") var only: Int?

    func run() throws {
        let seed = seed ?? UInt64.random(in: 0...999_999_999)
        print("seed \(seed), \(only == nil ? cases : 1) cases")
        fflush(nil)
        let start = ContinuousClock.now
        var failures = 0
        var seen: [PlacementCheck.Sight: Int] = [:]
        for number in only.map({ $0..<$0 + 1 }) ?? 0..<cases {
            let check = PlacementCheck(seed: seed, case: number)
            for sight in check.seen { seen[sight, default: 0] += 1 }
            guard let fault = check.faults.first else { continue }
            failures += 1
            if failures <= 20 {
                print("case \(number): \(fault)\n  again: patchbay-fuzz placement --seed \(seed) --case \(number)")
            }
        }
        let seconds = max(1, (ContinuousClock.now - start).components.seconds)
        let sights = PlacementCheck.Sight.allCases.map { "\($0.rawValue) \(seen[$0] ?? 0)" }.joined(separator: ", ")
        print("\(sights)\n\(only == nil ? cases : 1) cases in \(seconds) s, \(failures) failures")
        if failures > 0 { throw ExitCode(1) }
    }
}
