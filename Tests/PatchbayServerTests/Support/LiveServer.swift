import Foundation
import Logging
import PatchbayAPI
import PatchbayAgent
import PatchbayClient
import PatchbayCore
import PatchbayHost
import PatchbayLab
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import ServiceLifecycle
import Testing

/// A server on loopback and on a unix socket, with the real agent of a simulated host calling in over HTTP.
struct LiveServer: Sendable {
    let tcp: PatchbayClient
    let unix: PatchbayClient
    let port: Int
    let hypervisor: SimulatedHypervisor
    let kernel: SimulatedKernel
    let group: ServiceGroup

    /// - Parameters:
    ///   - readingTakes: how old a report is when it is sent.
    ///   - time: the server's clock; nil: one that goes on a little each time it is looked at.
    static func with(
        readingTakes: Duration = .zero, time: ManualTime? = nil,
        _ body: @escaping @Sendable (LiveServer) async throws -> Void
    ) async throws {
        let folder = URL(fileURLWithPath: "/tmp/pb-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let socket = folder.appendingPathComponent("s").path
        let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let (places, tell) = AsyncStream.makeStream(of: PatchbayServer.Listening.self)
        let server = PatchbayServer(
            controlPlane: time.map { .forTest(MemoryStore(), time: $0) } ?? .forTest(MemoryStore()),
            access: Access(token: Door.token, now: { 0 }),
            configuration: .init(port: 0, socket: socket), logger: quiet, onListening: { tell.yield($0) })
        let group = ServiceGroup(services: [server], logger: quiet)
        let kernel = SimulatedKernel(SampleHost.inventory())
        let slow = SlowKernel(kernel, takes: readingTakes)
        let hypervisor = SimulatedHypervisor(kernel: kernel, consoleScripts: ["one": Array("hello\n".utf8)])
        await hypervisor.adopt(SampleHost.domain("one"))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            var port: Int?
            var sockets = 0
            for await place in places {
                switch place {
                case .tcp(_, let number): port = number
                case .unix: sockets += 1
                }
                if port != nil, sockets == 1 { break }
            }
            let live = LiveServer(
                tcp: PatchbayClient(address: try ServerAddress("http://127.0.0.1:\(port ?? 0)"), token: Door.token),
                unix: PatchbayClient(address: .unix(socket), token: nil), port: port ?? 0, hypervisor: hypervisor,
                kernel: kernel, group: group)
            let agent = HostAgent(
                host: "atlas", kernel: slow, hypervisor: hypervisor, journal: MemoryJournal(), link: live.unix,
                logger: quiet)
            tasks.addTask { try await agent.run() }
            try await body(live)
            await group.triggerGracefulShutdown()
            tasks.cancelAll()
        }
    }

    /// Returns once `isSo`; looks again at every event.
    func until(_ isSo: @Sendable () async throws -> Bool) async throws {
        let events = try await tcp.eventStream(after: nil)
        if try await isSo() { return }
        for try await _ in events where try await isSo() { return }
    }

    /// What was asked for is over, and how it ended is as wished.
    func applied(_ change: API.Change) async throws {
        try await through(change)
        for plan in change.plans {
            let plan = try await tcp.plan(plan.id)
            #expect(plan.phase == "applied", "\(plan.title): \(plan.problem?.detail ?? "")")
        }
    }

    func through(_ change: API.Change) async throws {
        for plan in change.plans { try await until { try await tcp.plan(plan.id).isOver } }
    }
}
