import Foundation
import PatchbayStore
import PatchbayStoreSQLite
import PatchbayTesting
import Testing

/// Clients that claim, release, die and ask again; what they were told is checked as one history.
///
/// `PATCHBAY_CLAIM_LIVES=2000` makes a run longer, `PATCHBAY_SEED` shows a failure again as far as tasks allow.
@Suite(.timeLimit(.minutes(10))) struct `Concurrent claims` {
    @Test(arguments: [StoreKind.memory, .sqlite]) func `are linearizable, whenever the store dies`(_ kind: StoreKind)
        async throws
    {
        let seed = SeededGenerator.seed(for: "concurrent claims, \(kind)")
        let lives = ProcessInfo.processInfo.environment["PATCHBAY_CLAIM_LIVES"].flatMap { Int($0) } ?? 12
        try await withTemporaryFolder { folder in
            let path = folder + "/store.sqlite"
            let world = ClaimWorld(seed: seed)
            let memory = MemoryStore()
            for life in 0..<lives {
                switch kind {
                case .memory, .crashing: try await world.live(on: memory, life)
                case .sqlite:
                    let store = try SQLiteStore(path: path)
                    try await world.live(on: store, life)
                    try await store.close()
                }
                guard life % 100 == 99 || life == lives - 1 else { continue }
                let violation = LinearizabilityCheck.violation(in: await world.recorder.history)
                #expect(violation == nil)
            }
            let outcomes = await world.recorder.history.operations.map(\.outcome)
            for outcome in [ClaimHistory.Outcome.done, .refused, .unknown] {
                #expect(outcomes.contains(outcome), "a run without this shows nothing")
            }
        }
    }

    @Test(arguments: DishonestStore.Fault.allCases) func `of a dishonest store are found out`(
        _ fault: DishonestStore.Fault
    ) async throws {
        let recorder = ClaimRecorder()
        let store = DishonestStore(fault)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<ClaimWorld.clients {
                group.addTask {
                    var client = ClaimingClient(number, devices: ClaimWorld.devices, seed: 7)
                    try await client.work(StoreClaims(store), count: 60, recorder: recorder)
                }
            }
            try await group.waitForAll()
        }
        let history = await recorder.history
        #expect(LinearizabilityCheck.violation(in: history) != nil)
    }
}
