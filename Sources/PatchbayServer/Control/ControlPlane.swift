import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// Answers everything that can be asked of Patchbay, and speaks with the agents: decisions over the store.
///
/// It keeps nothing that is not in the store but who is on the line right now. Several may run over one store: what is
/// decided from an old view does not commit, is read again and decided again.
package struct ControlPlane: PatchbayService, AgentLink {
    let store: any Store
    let view: FleetView
    let agents: AgentHub
    /// Those who lost a race decide again one after the other.
    let mutex = AsyncMutex()
    /// Those who choose among many devices do it one after the other.
    let choosing = AsyncMutex()
    /// Those who ask why are answered one after the other.
    let explanations = AsyncMutex()
    /// Milliseconds since 1970-01-01T00:00:00Z.
    let now: @Sendable () -> Int
    /// A short text that was never returned before.
    let newID: @Sendable () -> String
    /// Milliseconds that a plan may wait to be begun.
    let queueExpiry: Int
    let logger: Logger

    package init(
        store: any Store, now: @escaping @Sendable () -> Int, newID: @escaping @Sendable () -> String,
        queueExpirySeconds: Int = 600, logger: Logger
    ) {
        self.store = store
        self.now = now
        self.newID = newID
        queueExpiry = queueExpirySeconds * 1000
        self.logger = logger
        view = FleetView(store: store, logger: logger)
        agents = AgentHub(now: now)
    }

    /// Reads what is stored. Throws why the server cannot start on it.
    package func load() async throws(Problem) { try await view.load() }

    /// The commit of a mutation: with its audit record, told by whoever asked for it.
    func audited(_ kind: String, _ subject: String, _ sentence: String) throws(Problem) -> Commit {
        try Commit(audited: kind, subject, sentence, actor: Caller.current, at: now(), id: newID())
    }

    /// The commit of news that nobody asked for: "look again".
    func noticed(_ kind: String, _ subject: String) throws(Problem) -> Commit {
        var commit = Commit()
        try commit.put(
            StateKey.notice,
            AuditRecord(kind: kind, subject: subject, sentence: "", actor: Caller.current, at: now()))
        return commit
    }

    /// What is decided for whoever asks now.
    func context(_ fleet: Fleet, dryRun: Bool) -> DecisionContext {
        DecisionContext(
            fleet: fleet, now: now(), actor: Caller.current, takenRisks: takenRisks, dryRun: dryRun, newID: newID)
    }

    /// What the caller takes, for whatever is decided for them.
    var takenRisks: [Allowance] {
        guard let risk = TakenRisk.current else { return [] }
        let at = now()
        return risk.codes.map { Allowance(code: $0, reason: risk.reason, actor: Caller.current, at: at) }
    }
}
