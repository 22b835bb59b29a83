import Foundation
import GRDB
import PatchbayAPI
import PatchbayClient
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayStoreSQLite
import PatchbayTesting
import Testing

/// The whole server on its real file, killed at random moments while clients claim and release over HTTP.
///
/// `PATCHBAY_SERVER_KILLS=500` makes it longer, `PATCHBAY_SEED` shows a failure again as far as two processes allow.
@Suite(.timeLimit(.minutes(60))) struct `A server that is killed` {
    private static let clients = 8

    @Test(.requirements("V39"))
    func `has every claim and release that it told of when it is back, and gives no device twice`() async throws {
        let seed = SeededGenerator.seed(for: "killed server")
        let kills = ProcessInfo.processInfo.environment["PATCHBAY_SERVER_KILLS"].flatMap { Int($0) } ?? 20
        try await Self.withFolder { folder in
            let book = ClaimBook()
            var dice = SeededGenerator(seed: seed)
            var clients = try await Self.begin(in: folder, seed: seed, book)
            for life in 0..<kills {
                let server = try ServerProcess(in: folder)
                // Some die while they start, most among their claims.
                let diesEarly = dice.chance(15)
                let death = ServerDeath(
                    of: server, afterAnswers: diesEarly ? 0 : .random(in: 1...80, using: &dice),
                    microseconds: .random(in: 0...(diesEarly ? 250_000 : 4000), using: &dice))
                defer { death.comeNow() }
                if await server.listens(), try await Self.isAsTold(server, book, life, mayDie: diesEarly), !diesEarly {
                    clients = try await Self.live(clients, server) { client throws(Problem) in
                        try await client.work { death.didAnswer() }
                    }
                }
                death.comeNow()
                #expect(await server.wasKilled(), "life \(life) ended by itself")
                if dice.chance(20) { try await Self.inspectFile(in: folder, book, life) }
            }
            try await Self.end(clients, in: folder, book, life: kills)
            try await Self.checkHistory(of: book, kills: kills)
            let log = try String(contentsOfFile: ServerProcess.log(in: folder), encoding: .utf8)
            let complaints = log.split(separator: "\n").filter { $0.contains(" error ") || $0.contains(" warning ") }
            #expect(complaints == [])
        }
    }

    /// A first life, in which hosts report and pools are made.
    private static func begin(in folder: String, seed: UInt64, _ book: ClaimBook) async throws -> [ServerClaimClient] {
        let server = try ServerProcess(in: folder)
        #expect(await server.listens())
        for agent in KilledFleet.agents(of: server.client) { try await agent.report() }
        try await KilledFleet.makePools(server.client)
        server.kill()
        #expect(await server.wasKilled())
        return (0..<clients).map { ServerClaimClient($0, seed: seed, server.client, book) }
    }

    /// Lets all clients have it, and the agents, until the clients are done. Nobody asks before every host was heard of in
    /// this life: where the agents are slow to call, theirs pass for lost, and nothing is placed on them.
    private static func live(
        _ clients: [ServerClaimClient], _ server: ServerProcess,
        _ act: @escaping @Sendable (inout ServerClaimClient) async throws(Problem) -> Void
    ) async throws -> [ServerClaimClient] {
        let agents = KilledFleet.agents(of: server.client)
        for agent in agents { try await agent.report() }
        return try await withThrowingTaskGroup(of: ServerClaimClient?.self) { group in
            for agent in agents {
                group.addTask {
                    try await agent.attend()
                    return nil
                }
            }
            for client in clients {
                group.addTask {
                    var client = client
                    try await act(&client)
                    return client
                }
            }
            var done: [ServerClaimClient] = []
            while done.count < clients.count, let next = try await group.next() {
                if let client = next { done.append(client) }
            }
            group.cancelAll()
            return done
        }
    }

    /// Before anybody asks for anything, the server says what was told before.
    ///
    /// - Returns: false: it died meanwhile.
    private static func isAsTold(
        _ server: ServerProcess, _ book: ClaimBook, _ life: Int, mayDie: Bool
    ) async throws -> Bool {
        do {
            let look = await book.begin(-1, .look)
            let claims: [ToldClaims.Shown]
            do {
                claims = try await server.client.claims(API.ClaimQuery()).map(ToldClaims.Shown.init)
            } catch {
                await book.silence(look)
                throw error
            }
            await book.saw(look, claims)
            #expect(await book.told.faults(in: claims) == [], "life \(life)")
            try await compareDevices(of: server.client, with: claims, life)
            return true
        } catch let problem as Problem where problem.isSilence && mayDie {
            return false
        }
    }

    /// Devices are shown as the claims say. One that waited may be served at any moment, so claims are asked for again.
    private static func compareDevices(
        of client: PatchbayClient, with before: [ToldClaims.Shown], _ life: Int
    ) async throws {
        let devices = try await client.devices(API.DeviceQuery())
        let after = try await client.claims(API.ClaimQuery()).map(ToldClaims.Shown.init)
        let holders = [before, after].map { ToldClaims.holders(in: $0).compactMapValues(\.first) }
        for device in devices {
            let possible = holders.map { $0[device.id].map { "system job-\($0)" } }
            #expect(possible.contains(device.holder), "life \(life): \(device.id)")
            #expect(device.state == (device.holder == nil ? .free : .allocated), "life \(life): \(device.id)")
        }
    }

    /// A last life, in which everybody is told what became of what they asked for; then it is killed, too.
    private static func end(
        _ clients: [ServerClaimClient], in folder: String, _ book: ClaimBook, life: Int
    ) async throws {
        let server = try ServerProcess(in: folder)
        #expect(await server.listens())
        #expect(try await isAsTold(server, book, life, mayDie: false))
        _ = try await live(clients, server) { client throws(Problem) in try await client.settle() }
        #expect(await book.told.open == [])
        #expect(await book.told.waiting == [])
        #expect(try await isAsTold(server, book, life, mayDie: false))
        server.kill()
        #expect(await server.wasKilled())
        try await inspectFile(in: folder, book, life)
    }

    /// Opens what the killed server left, as the next one would.
    private static func inspectFile(in folder: String, _ book: ClaimBook, _ life: Int) async throws {
        let path = ServerProcess.store(in: folder)
        let store = try SQLiteStore(path: path)
        let claims = try await ControlPlane.forTest(store).claims(API.ClaimQuery())
            .map(ToldClaims.Shown.init)
        let allocated = try await store.list("allocations/").values.map {
            String($0.key.dropFirst("allocations/".count))
        }
        try await store.close()
        #expect(await book.told.faults(in: claims) == [], "life \(life), in the file")
        #expect(Set(allocated) == Set(claims.flatMap(\.devices)), "life \(life), in the file")
        let file = try DatabaseQueue(path: path)
        #expect(try await file.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
    }

    /// Everything that anybody was told can have happened in one order.
    private static func checkHistory(of book: ClaimBook, kills: Int) async throws {
        let history = await book.history
        let claims = history.operations.filter { if case .claim = $0.action { true } else { false } }
        for outcome in [ClaimHistory.Outcome.done, .refused, .unknown] {
            #expect(claims.contains { $0.outcome == outcome }, "a run without this shows nothing")
        }
        print("killed server: \(kills) kills, \(history.operations.count) operations, \(claims.count) of them claims")
        #expect(LinearizabilityCheck.violation(in: history) == nil)
    }

    private static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = URL(filePath: "/tmp/pb-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }
}
