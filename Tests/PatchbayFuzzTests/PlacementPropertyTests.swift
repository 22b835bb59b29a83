import Foundation
import PatchbayTesting
import Testing

@testable import patchbay_fuzz

/// `PATCHBAY_PLACEMENT_SEED` repeats a run; more cases: `patchbay-fuzz placement --cases 1000000`.
@Suite struct `Placements of random requests on random fleets` {
    private static let seed =
        ProcessInfo.processInfo.environment["PATCHBAY_PLACEMENT_SEED"].flatMap { UInt64($0) }
        ?? UInt64.random(in: 0...999_999_999)

    @Test(.requirements("N54", "N56", "N60", "N72", "V39", "V17"), arguments: 0..<20)
    func `hold their promises, and are what trying everything finds`(_ part: Int) {
        var seen: Set<PlacementCheck.Sight> = []
        for number in part * 500..<(part + 1) * 500 {
            let check = PlacementCheck(seed: Self.seed, case: number)
            seen.formUnion(check.seen)
            #expect(
                check.faults == [], "patchbay-fuzz placement --seed \(Self.seed) --case \(number)")
        }
        #expect(seen == Set(PlacementCheck.Sight.allCases), "seed \(Self.seed): the cases do not reach everything")
    }

    @Test(arguments: [
        // An optional device that is named and far: the host that has it is no worse than one that has not.
        (seed: UInt64(559_453_256), number: 7707)
    ])
    func `hold them where they failed once`(_ one: (seed: UInt64, number: Int)) {
        #expect(PlacementCheck(seed: one.seed, case: one.number).faults == [])
    }
}
