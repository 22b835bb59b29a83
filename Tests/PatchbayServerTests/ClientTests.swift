import Foundation
import Logging
import PatchbayAPI
import PatchbayClient
import PatchbayCore
import PatchbayServer
import Testing

/// The client and the control plane are two answers to one interface: what one says, the other says.
@Suite(.timeLimit(.minutes(10))) struct `The client over a socket` {
    /// A scene served on loopback and on a unix socket; the client comes over the one that `kind` names.
    private static func with(
        _ kind: Door.Kind, _ body: @escaping @Sendable (Scene, PatchbayClient) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "pb-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let socket = folder.appending(path: "s").path
        try await Scene.with { scene in
            let (addresses, listening) = AsyncStream<ServerAddress>.makeStream()
            let server = PatchbayServer(
                controlPlane: scene.plane, access: Access(token: Door.token, now: { 0 }),
                configuration: .init(port: 0, socket: socket),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                onListening: { place in
                    switch place {
                    case .tcp(let host, let port):
                        if kind == .tcp { listening.yield(.http("http://\(host):\(port)")) }
                    case .unix(let path):
                        if kind == .unix { listening.yield(.unix(path)) }
                    }
                })
            try await withThrowingTaskGroup { group in
                group.addTask { try await server.run() }
                var found = addresses.makeAsyncIterator()
                let address = try #require(await found.next())
                let token = kind == .tcp ? Door.token : nil
                try await body(scene, PatchbayClient(address: address, token: token))
                group.cancelAll()
                while let result = await group.nextResult() {
                    if case .failure(let error) = result, !(error is CancellationError) { throw error }
                }
            }
        }
    }

    @Test(arguments: Door.Kind.allCases) func `reads what the control plane says`(_ kind: Door.Kind) async throws {
        try await Self.with(kind) { scene, client in
            try await scene.makePool()
            try await Self.same { try await $0.devices(API.DeviceQuery()) }(client, scene.plane)
            for name in ["41:00.0", "atlas/41:00.0"] {
                try await Self.same { try await $0.device(name) }(client, scene.plane)
            }
            try await Self.same { try await $0.groups(host: nil) }(client, scene.plane)
            try await Self.same { try await $0.pool("gpus") }(client, scene.plane)
            try await Self.same { try await $0.vms() }(client, scene.plane)
            try await Self.same { try await $0.plans(host: nil) }(client, scene.plane)
            try await Self.same { try await $0.events(limit: 10) }(client, scene.plane)
            let free = try await client.devices(API.DeviceQuery(filter: "state=free"))
            #expect(!free.isEmpty)
        }
    }

    /// Asks both the same and expects the same answer.
    private static func same<Answer: Equatable>(
        _ ask: @escaping (any PatchbayService) async throws -> Answer
    ) -> (any PatchbayService, any PatchbayService) async throws -> Void {
        { one, other in
            let (far, near) = (try await ask(one), try await ask(other))
            #expect(far == near)
        }
    }

    @Test(arguments: Door.Kind.allCases) func `changes what it is told to, and nothing in a dry run`(
        _ kind: Door.Kind
    ) async throws {
        try await Self.with(kind) { scene, client in
            let before = try await scene.revision
            let draft = API.PoolDraft(name: "spare", description: "for tests", preparation: .onDemand)
            let tried = try await client.createPool(draft, dryRun: true)
            #expect(tried.dryRun)
            let after = try await scene.revision
            #expect(after == before)
            _ = try await client.createPool(draft, dryRun: false)
            let made = try await scene.plane.pool("spare")
            #expect(made.description == "for tests")
            _ = try await client.attach(.init(pool: "spare"), to: "one", dryRun: false)
            let vm = try await client.vm("one")
            #expect(vm.requests.map(\.pool) == ["spare"])
            let revision = try await client.pool("spare").revision
            _ = try await client.editPool("spare", .init(description: "new"), revision: revision, dryRun: false)
            let late = try await problem {
                _ = try await client.editPool("spare", .init(description: "x"), revision: revision, dryRun: false)
            }
            #expect(late.code == .changedMeanwhile)
        }
    }

    @Test(arguments: Door.Kind.allCases) func `gets the same problem as in process`(_ kind: Door.Kind) async throws {
        try await Self.with(kind) { scene, client in
            for name in ["nope", "99:00.0", "zz:00.0", "a/b/c"] {
                let near = try await problem { _ = try await scene.plane.device(name) }
                let far = try await problem { _ = try await client.device(name) }
                #expect(API.Problem(far) == API.Problem(near), "\(name)")
                #expect(far.next.isEmpty == false)
            }
            let near = try await problem { _ = try await scene.plane.startVM("ghost", dryRun: false) }
            let far = try await problem { _ = try await client.startVM("ghost", dryRun: false) }
            #expect(API.Problem(far) == API.Problem(near))
        }
    }

    @Test func `without the token gets in over the unix socket only`() async throws {
        try await Self.with(.tcp) { _, client in
            let stranger = PatchbayClient(address: client.address, token: nil)
            let missing = try await problem { _ = try await stranger.status() }
            #expect(missing.code == .tokenMissing)
            let liar = PatchbayClient(address: client.address, token: "not the token")
            let wrong = try await problem { _ = try await liar.status() }
            #expect(wrong.code == .tokenWrong)
        }
    }
}

extension Door {
    enum Kind: String, CaseIterable { case tcp, unix }
}
