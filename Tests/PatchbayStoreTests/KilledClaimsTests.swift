import Dispatch
import Foundation
import GRDB
import PatchbayCore
import PatchbayStoreSQLite
import PatchbayTesting
import Testing

/// A process full of clients on the real file, killed at a random moment, again and again.
///
/// `PATCHBAY_KILLS=500` makes it longer.
@Suite(.timeLimit(.minutes(10))) struct `Claims of a process that is killed` {
    @Test func `are all there if they were granted, and nobody's twice`() async throws {
        let seed = SeededGenerator.seed(for: "killed claims")
        let kills = ProcessInfo.processInfo.environment["PATCHBAY_KILLS"].flatMap { Int($0) } ?? 20
        try await withTemporaryFolder { folder in
            let log = ClaimLog(path: folder + "/log")
            for life in 0..<kills {
                await #expect(processExitsWith: .signal(SIGKILL)) {
                    [folder = folder as String, seed = seed as UInt64, life = life as Int] in
                    try await ClaimingProcess(folder: folder, seed: seed &+ UInt64(life) &* 0x9e37_79b9).run()
                }
                try log.crash()
                try await inspect(folder, log, life)
            }
            let history = try log.history()
            let granted = history.operations.filter { $0.outcome == .done }
            #expect(granted.count > kills, "too few claims to show anything")
            #expect(history.operations.contains { $0.outcome == .unknown && $0.action != .look })
            let violation = LinearizabilityCheck.violation(in: history)
            #expect(violation == nil)
        }
    }

    /// Opens what the killed process left, as the next server would.
    private func inspect(_ folder: String, _ log: ClaimLog, _ life: Int) async throws {
        let path = ClaimingProcess.store(in: folder)
        let store = try SQLiteStore(path: path)
        log.begin(-1, .look)
        let picture = try await StoreClaims(store).look()
        log.end(-1, .saw(picture.holders))
        try await store.close()
        let file = try DatabaseQueue(path: path)
        let integrity = try await file.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
        #expect(integrity == ["ok"], "life \(life)")
        #expect(picture.faults == [], "life \(life)")
        let told = Told(try log.history())
        for (id, devices) in told.held {
            #expect(picture.claims[id] == devices, "life \(life): claim \(id) was granted")
            for device in devices { #expect(picture.holders[device] == id, "life \(life)") }
        }
        #expect(told.gone.filter { picture.claims[$0] != nil } == [], "life \(life)")
        let known = Set(told.held.keys).union(told.open)
        #expect(picture.claims.keys.filter { !known.contains($0) } == [], "life \(life): nobody asked for these")
    }

    /// What the clients' answers say must be so, without any search.
    private struct Told {
        /// Granted, and no release was asked for.
        var held: [String: [String]] = [:]
        /// Released, and told so; or refused.
        var gone: Set<String> = []
        /// Asked for, and nobody was told.
        var open: Set<String> = []

        init(_ history: ClaimHistory) {
            for operation in history.operations {
                switch (operation.action, operation.outcome) {
                case (.claim(let id, let devices), .done):
                    held[id] = devices
                    open.remove(id)
                case (.claim(let id, _), .unknown): open.insert(id)
                case (.claim(let id, _), _):
                    open.remove(id)
                    gone.insert(id)
                case (.release(let id), .unknown):
                    held[id] = nil
                    open.insert(id)
                case (.release(let id), _):
                    held[id] = nil
                    open.remove(id)
                    gone.insert(id)
                case (.look, _): break
                }
            }
        }
    }
}

/// What is killed: clients that claim and release until the end, and a thread that brings it.
private struct ClaimingProcess {
    private static let devices = (0..<8).map { "atlas/0000:4\($0):00.0" }
    private static let clients = 12

    let folder: String
    let seed: UInt64

    static func store(in folder: String) -> String { folder + "/store.sqlite" }

    func run() async throws {
        let log = ClaimLog(path: folder + "/log")
        let past = try log.history()
        var dice = SeededGenerator(seed: seed)
        // Some die while the file is being opened, most among their claims.
        let death = Death(
            afterAnswers: dice.chance(15) ? 0 : .random(in: 1...150, using: &dice),
            microseconds: .random(in: 0...3000, using: &dice))
        let claims = StoreClaims(try SQLiteStore(path: Self.store(in: folder)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<Self.clients {
                group.addTask {
                    var client = ClaimingClient(number, devices: Self.devices, seed: seed, after: past)
                    while true {
                        let action = client.next()
                        log.begin(number, action)
                        let outcome = try await client.ask(action, claims)
                        log.end(number, outcome)
                        death.didAnswer()
                        client.settle(action, outcome)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// Comes so long after so many answers, from a thread of its own.
private final class Death: Sendable {
    private let answers = DispatchSemaphore(value: 0)

    init(afterAnswers count: Int, microseconds: UInt32) {
        Thread.detachNewThread { [answers] in
            for _ in 0..<count { answers.wait() }
            usleep(microseconds)
            kill(getpid(), SIGKILL)
        }
    }

    func didAnswer() { answers.signal() }
}
