import Foundation
import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayStoreSQLite
import Testing

/// The engines that the control plane has to work with.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
    case memory, sqlite
    var testDescription: String { rawValue }

    func withStore<Result>(_ body: (any Store) async throws -> Result) async throws -> Result {
        switch self {
        case .memory: return try await body(MemoryStore())
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            return try await body(try SQLiteStore(path: folder.appendingPathComponent("state.sqlite").path))
        }
    }
}

/// Time and names that are the same in every run.
enum Counter {
    static func makeIDs(_ prefix: String) -> @Sendable () -> String {
        let box = Box()
        return { "\(prefix)\(box.next())" }
    }
    static func makeClock() -> @Sendable () -> Int {
        let box = Box()
        return { 1_700_000_000_000 + box.next() }
    }
    private final class Box: @unchecked Sendable {
        private let lock = NSLock()
        private var value = 0
        func next() -> Int {
            lock.withLock {
                value += 1; return value
            }
        }
    }
}

extension ControlPlane {
    static func forTest(_ store: any Store, prefix: String = "t") -> ControlPlane {
        ControlPlane(
            store: store, now: Counter.makeClock(), newID: Counter.makeIDs(prefix),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }
}

/// A control plane with one host that has reported.
struct Scene {
    let store: any Store
    let plane: ControlPlane
    let agent: ScriptedAgent

    static func with(
        _ kind: StoreKind = .memory, guests: [String] = ["one", "two"],
        _ body: (Scene) async throws -> Void
    ) async throws {
        try await kind.withStore { store in
            let plane = ControlPlane.forTest(store)
            let agent = ScriptedAgent(plane, domains: guests.map { SampleHost.domain($0) })
            try await agent.report()
            try await body(Scene(store: store, plane: plane, agent: agent))
            try await expectOneView(plane, of: store)
        }
    }

    var revision: Revision {
        get async throws { try await store.list("").revision }
    }

    func makePool(
        _ name: String = "gpus", _ devices: [String] = ["41:00.0"], _ preparation: Pool.Preparation = .onDemand
    ) async throws {
        _ = try await plane.makePassthrough(
            API.PassthroughRequest(devices: devices, pool: name, create: API.PoolDraft(preparation: preparation)),
            dryRun: false)
    }

    /// Somebody, or a bad disk, wrote this under the key; a server that starts now finds it.
    func spoil(_ key: String, _ text: String = "garbage") async throws {
        _ = try await store.commit([.put(key, Array(text.utf8))], if: [])
    }

    /// Another server over the same store.
    func restarted() -> ControlPlane { .forTest(store, prefix: "r") }

    func state(of device: String) async throws -> DeviceState { try await plane.device(device).state }
}

/// The problem that `body` throws.
func problem(_ body: () async throws -> Void) async throws -> Problem {
    do { try await body() } catch let problem as Problem { return problem }
    throw NoProblem()
}

struct NoProblem: Error {}
