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

    /// Notices agents that fall silent or come back, and plans that have waited too long; until cancelled.
    private func listen() async {
        while true {
            var pause = Self.listeningPause
            do throws(Problem) {
                try await hearAgents()
                try await expirePlans()
                try await removePulled()
                if try await view.fleet().hosts.isEmpty { pause = Self.idlePause }
            } catch {
                logger.error("agents not checked", metadata: ["problem": "\(error.detail)"])
            }
            do { try await Task.sleep(for: pause) } catch { return }
        }
    }

    private static let listeningPause = Duration.seconds(3)
    /// Without a host nobody can fall silent.
    private static let idlePause = Duration.seconds(15)

    /// Nothing new is placed on hosts whose agents are silent, or have not reported since. That one falls silent or is back
    /// is told. Every host counts of which anything is kept: its record may be one that cannot be read, or was dropped.
    package func hearAgents() async throws(Problem) {
        let hosts = Array(try await view.fleet().hosts.filter { !$0.value.isForgotten }.map(\.key))
        let (gone, back) = await view.hear(await agents.hearing(among: hosts))
        try await tell("host.away", gone, "is offline")
        try await tell("host.back", back.intersection(hosts), "is connected again")
    }

    /// Or back. In a task of its own: whoever notices that a connection is closed is cancelled with it.
    func tellWhoIsAway() async {
        await Task {
            do throws(Problem) { try await hearAgents() } catch {
                logger.error("agents not checked", metadata: ["problem": "\(error.detail)"])
            }
        }.value
    }

    private func tell(_ kind: String, _ hosts: Set<String>, _ what: String) async throws(Problem) {
        guard !hosts.isEmpty else { return }
        let names = hosts.sorted()
        let subject = names.count == 1 ? "host \(names[0])" : "hosts"
        let more = names.count > Self.mostNamed ? " and \(names.count - Self.mostNamed) more" : ""
        let sentence = "\(names.prefix(Self.mostNamed).joined(separator: ", "))\(more): the agent \(what)."
        try await deciding { _ throws(Problem) in
            Decision(answer: (), commit: try audited(kind, subject, sentence))
        }
    }

    private static let mostNamed = 10

    /// Guests that went off while no server looked.
    private func resume() async throws(Problem) {
        let fleet = try await view.fleet()
        for host in fleet.hosts.keys.sorted() where !fleet.guestsGoneOff(host).isEmpty {
            await agents.refresh(host)
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
