import Foundation
import PatchbayAPI
import PatchbayClient
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayStoreSQLite
import PatchbayTesting
import Testing

/// Inventories larger than one value of the store may be.
@Suite struct `A large inventory` {
    private static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.appendingPathComponent("state.sqlite").path)
    }

    private func report(_ inventory: Inventory, to plane: ControlPlane) async throws {
        try await plane.report(
            AgentProtocol.Report(inventory: inventory, domains: [], agentVersion: "test"), host: inventory.host.name)
    }

    private func pieces(_ store: any Store) async throws -> [StoredValue] {
        try await store.list("inventories/\(LargeHost.name)/").values
    }

    @Test func `of 4,096 virtual functions with details is stored, and is there after a restart`() async throws {
        try await Self.withFolder { path in
            let inventory = LargeHost.inventory(virtualFunctions: 4096)
            try await report(inventory, to: .forTest(try SQLiteStore(path: path)))
            let store = try SQLiteStore(path: path)
            let values = try await store.list("inventories/").values
            #expect(values.allSatisfy { $0.value.count <= StoreLimits.valueBytes })
            #expect(values.reduce(0) { $0 + $1.value.count } > 4 * StoreLimits.valueBytes)
            let host = try await ControlPlane.forTest(store).host(LargeHost.name)
            #expect(host.inventoryDigest == inventory.digest)
            #expect(host.deviceCounts.values.reduce(0, +) == inventory.functions.count)
        }
    }

    @Test func `is written again only where it changed`() async throws {
        try await Self.withFolder { path in
            let store = try SQLiteStore(path: path)
            let plane = ControlPlane.forTest(store)
            var inventory = LargeHost.inventory(virtualFunctions: 4096)
            try await report(inventory, to: plane)
            let before = try await pieces(store)
            inventory.functions[2000].driver = "vfio-pci"
            try await report(inventory, to: plane)
            let after = try await pieces(store)
            #expect(after.count == before.count)
            let new = after.filter { !before.contains($0) }
            #expect(new.count == 1)
            #expect(new.first?.key.contains("/functions/") == true)
            let device = try await plane.device("\(LargeHost.name)/\(inventory.functions[2000].address)")
            #expect(device.driver == "vfio-pci")
        }
    }

    @Test func `changes in one piece when a device comes or goes`() async throws {
        let store = MemoryStore()
        let plane = ControlPlane.forTest(store)
        var inventory = LargeHost.inventory(virtualFunctions: 2048)
        try await report(inventory, to: plane)
        let before = try await pieces(store)
        inventory.functions.remove(at: 700)
        try await report(inventory, to: plane)
        let new = try await pieces(store).filter { !before.contains($0) }
        // Two where the device was the last of its piece, and two more of the list of uses.
        #expect((1...4).contains(new.count), "\(new.map(\.key))")
    }

    @Test func `that shrinks leaves nothing behind`() async throws {
        let store = MemoryStore()
        let plane = ControlPlane.forTest(store)
        try await report(LargeHost.inventory(virtualFunctions: 2048), to: plane)
        let small = LargeHost.inventory(virtualFunctions: 1)
        try await report(small, to: plane)
        #expect(try await pieces(store).count <= 8)
        #expect(try await plane.host(LargeHost.name).inventoryDigest == small.digest)
    }

    @Test func `is taken whole or not at all by another server over the same store`() async throws {
        let store = MemoryStore()
        let one = ControlPlane.forTest(store)
        let two = ControlPlane.forTest(store, prefix: "u")
        var inventory = LargeHost.inventory(virtualFunctions: 600)
        try await report(inventory, to: one)
        #expect(try await two.host(LargeHost.name).inventoryDigest == inventory.digest)
        inventory.functions[3].driver = "vfio-pci"
        try await report(inventory, to: one)
        // The other server has not looked since: what it writes stands on pieces that are gone.
        inventory.functions[4].driver = "vfio-pci"
        try await report(inventory, to: two)
        #expect(try await ControlPlane.forTest(store).host(LargeHost.name).inventoryDigest == inventory.digest)
        let named = try await pieces(store).count
        try await report(inventory, to: ControlPlane.forTest(store))
        #expect(try await pieces(store).count == named)
    }

    @Test func `keeps every part of it`() async throws {
        let store = MemoryStore()
        let inventory = LargeHost.inventory(virtualFunctions: 300)
        try await report(inventory, to: ControlPlane.forTest(store))
        let head = await store.get("inventories/\(LargeHost.name)")
        #expect((head?.value.count ?? .max) < 16 << 10)
        // An answer that the same inventory, read again, changes nothing: everything came back as it went in.
        let revision = await store.list("inventories/").values.map(\.modified).max()
        try await report(inventory, to: ControlPlane.forTest(store))
        #expect(await store.list("inventories/").values.map(\.modified).max() == revision)
    }

    @Test func `of 10,000 functions comes in over HTTP`() async throws {
        let inventory = LargeHost.inventory(virtualFunctions: 9_990)
        try await LiveServer.with { server in
            try await server.unix.report(
                AgentProtocol.Report(inventory: inventory, domains: [], agentVersion: "test"), host: LargeHost.name)
            let host = try await server.tcp.host(LargeHost.name)
            #expect(host.inventoryDigest == inventory.digest)
        }
    }
}
