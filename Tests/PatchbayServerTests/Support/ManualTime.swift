import Foundation
import Logging
import PatchbayCore
import PatchbayServer
import PatchbayStore

/// Time that goes on when a test says so.
final class ManualTime: @unchecked Sendable {
    private let lock = NSLock()
    private var milliseconds = 1_700_000_000_000

    var now: Int { lock.withLock { milliseconds } }

    func pass(seconds: Int) { lock.withLock { milliseconds += seconds * 1000 } }
}

extension ControlPlane {
    static func forTest(_ store: any Store, time: ManualTime, prefix: String = "t") -> ControlPlane {
        ControlPlane(
            store: store, now: { time.now }, newID: Counter.makeIDs(prefix),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }
}

extension Scene {
    /// The same, with time that the test has in hand.
    static func with(
        _ time: ManualTime, _ inventory: Inventory = SampleHost.inventory(), guests: [String] = ["one", "two"],
        _ body: (Scene) async throws -> Void
    ) async throws {
        let store = MemoryStore()
        let plane = ControlPlane.forTest(store, time: time)
        let agent = ScriptedAgent(plane, inventory, domains: guests.map { SampleHost.domain($0) })
        try await agent.report()
        try await body(Scene(store: store, plane: plane, agent: agent))
        try await expectOneView(plane, of: store)
    }
}
