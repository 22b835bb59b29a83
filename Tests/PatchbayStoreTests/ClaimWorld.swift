import PatchbayStore
import PatchbayTesting
import Testing

/// Clients on one store and what they were told, over all the lives of the store.
actor ClaimWorld {
    static let devices = (0..<5).map { "atlas/0000:4\($0):00.0" }
    static let clients = 8
    private static let asked = 25

    let recorder = ClaimRecorder()
    private var clients: [ClaimingClient]
    private var dice: SeededGenerator

    init(seed: UInt64) {
        dice = SeededGenerator(seed: seed)
        clients = (0..<Self.clients).map { ClaimingClient($0, devices: Self.devices, seed: seed) }
    }

    /// One life: all clients at once until the store dies, then a look at what it left.
    func live(on engine: any Store, _ life: Int) async throws {
        let store = CrashingStore(engine, dyingAt: point())
        clients = try await withThrowingTaskGroup(of: ClaimingClient.self) { group in
            for client in clients {
                group.addTask { [recorder] in
                    var client = client
                    try await client.work(StoreClaims(store), count: Self.asked, recorder: recorder)
                    return client
                }
            }
            var after: [ClaimingClient] = []
            while let client = try await group.next() { after.append(client) }
            return after
        }
        await store.die()
        let remains = StoreClaims(await store.remains())
        await recorder.crash()
        let look = await recorder.begin(-1, .look)
        let picture = try await remains.look()
        await recorder.end(look, .saw(picture.holders))
        #expect(picture.faults == [], "life \(life)")
    }

    private func point() -> CrashingStore.Point {
        let number = Int.random(in: 1...Self.clients * Self.asked * 3 / 4, using: &dice)
        let points: [CrashingStore.Point] = [.beforeCommit(number), .duringCommit(number), .afterCommit(number)]
        return points.randomElement(using: &dice) ?? .never
    }
}
