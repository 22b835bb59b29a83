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
    private let turnstile = Turnstile()
    /// Milliseconds since 1970-01-01T00:00:00Z.
    let now: @Sendable () -> Int
    /// A short text that was never returned before.
    let newID: @Sendable () -> String
    let logger: Logger

    package init(
        store: any Store, now: @escaping @Sendable () -> Int, newID: @escaping @Sendable () -> String, logger: Logger
    ) {
        self.store = store
        self.now = now
        self.newID = newID
        self.logger = logger
        view = FleetView(store: store, logger: logger)
        agents = AgentHub(now: now)
    }

    /// How often a lost race is decided again before the caller is told to.
    private static let attempts = 16

    /// Decides on what is known, commits on what was decided on, and starts over when that changed meanwhile.
    func deciding<Answer: Sendable>(
        _ decide: (Fleet) throws(Problem) -> Decision<Answer>
    ) async throws(Problem) -> Answer {
        if let answer = try await attempt(decide) { return answer }
        await turnstile.enter()
        do throws(Problem) {
            for _ in 0..<Self.attempts {
                guard let answer = try await attempt(decide) else { continue }
                await turnstile.leave()
                return answer
            }
            throw Problem(.busy, "Others keep changing the same things.", next: ["Try again in a moment."])
        } catch {
            await turnstile.leave()
            throw error
        }
    }

    /// nil: what was decided on has changed meanwhile; what is known now is newer.
    private func attempt<Answer: Sendable>(
        _ decide: (Fleet) throws(Problem) -> Decision<Answer>
    ) async throws(Problem) -> Answer? {
        let decision = try decided(try await view.fleet(), decide)
        guard let commit = decision.commit, !commit.isEmpty else { return decision.answer }
        if let revision = try await store.commit(commit.list, if: commit.conditions) {
            await view.apply(commit.changes(at: revision))
            return decision.answer
        }
        try await view.refresh(commit.conditions.map(\.key))
        return nil
    }

    /// The fleet ends here: as long as anybody has a copy, taking the commit in copies what it changes.
    private func decided<Answer: Sendable>(
        _ fleet: Fleet, _ decide: (Fleet) throws(Problem) -> Decision<Answer>
    ) throws(Problem) -> Decision<Answer> {
        try Expectation.current?.check(fleet)
        var decision = try decide(fleet)
        if let expected = Expectation.current, decision.commit?.isEmpty == false {
            decision.commit?.require(unchanged: expected.key, in: fleet)
        }
        return decision
    }

    /// The commit of a mutation: with its audit record, told by whoever asked for it.
    func audited(_ kind: String, _ subject: String, _ sentence: String) throws(Problem) -> Commit {
        let at = now()
        var commit = Commit()
        try commit.put(
            StateKey.audit(at: at, id: newID()),
            AuditRecord(kind: kind, subject: subject, sentence: sentence, actor: Caller.current, at: at))
        return commit
    }

    /// The commit of news that nobody asked for: "look again".
    func noticed(_ kind: String, _ subject: String) throws(Problem) -> Commit {
        var commit = Commit()
        try commit.put(
            StateKey.notice,
            AuditRecord(kind: kind, subject: subject, sentence: "", actor: Caller.current, at: now()))
        return commit
    }
}
