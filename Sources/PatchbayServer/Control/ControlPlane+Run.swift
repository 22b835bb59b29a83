import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    /// Follows the store, wakes agents, and finishes what a server left undone; until cancelled.
    package func run() async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await view.follow() }
            group.addTask {
                for await host in view.news { await agents.wake(host) }
            }
            group.addTask { await keepQueue() }
            group.addTask { await listen() }
            group.addTask { try await resume() }
            group.addTask { try await forget() }
            try await group.waitForAll()
        }
    }

    /// Notices agents that fall silent or come back; until cancelled.
    private func listen() async {
        while true {
            do throws(Problem) { try await hearAgents() } catch {
                logger.error("agents not looked after", metadata: ["problem": "\(error.detail)"])
            }
            do { try await Task.sleep(for: Self.listeningPause) } catch { return }
        }
    }

    private static let listeningPause = Duration.seconds(3)

    /// Nothing new is placed on hosts whose agents are silent.
    package func hearAgents() async throws(Problem) {
        let hosts = Array(try await view.fleet().hosts.keys)
        await view.hear(silent: await agents.silent(among: hosts))
    }

    /// Guests that went off while no server looked.
    private func resume() async throws(Problem) {
        let fleet = try await view.fleet()
        for host in fleet.hosts.keys.sorted() where !fleet.guestsGoneOff(host).isEmpty {
            await agents.post(.refresh, to: host)
        }
    }

    /// How many commits back a client may be and still miss nothing.
    private static let remembered = 10_000

    /// Keeps the log of changes from growing for ever.
    private func forget() async throws {
        var next = try await view.fleet().revision + Self.remembered
        for try await change in store.watch("audit/", after: try await view.fleet().revision)
        where change.revision >= next {
            try await store.compact(before: change.revision - Self.remembered)
            next = change.revision + Self.remembered / 10
        }
    }
}
