import PatchbayCore
import PatchbayStore

extension ControlPlane {
    /// How often is decided again, with others beside and then alone, before the caller is told to try later.
    private static let attempts = 16

    /// Decides on what is known, commits on what was decided on, and starts over when that changed meanwhile.
    ///
    /// Devices of commits that are being written count as held, so that many who ask at once do not all choose the same.
    /// Who is refused because of such a commit, or loses against another server, decides again on what is sure, alone.
    ///
    /// - Parameter inTurn: for those who choose among many devices: they choose one after the other, so that each sees what
    ///   the one before it chose, and write together.
    func deciding<Answer: Sendable>(
        inTurn: Bool = false, _ decide: (Fleet) throws(Problem) -> Decision<Answer>
    ) async throws(Problem) -> Answer {
        let late = LateRefusal()
        do throws(Problem) { return try await deciding(inTurn: inTurn, late, decide) } catch {
            guard let explain = late.take() else { throw error }
            throw try await explaining(explain)
        }
    }

    /// The same for a decider.
    func deciding<Answer: Sendable>(
        inTurn: Bool = false, dryRun: Bool, _ decide: (DecisionContext) throws(Problem) -> Decision<Answer>
    ) async throws(Problem) -> Answer {
        try await deciding(inTurn: inTurn) { fleet throws(Problem) in try decide(context(fleet, dryRun: dryRun)) }
    }

    private func deciding<Answer: Sendable>(
        inTurn: Bool, _ late: LateRefusal, _ decide: (Fleet) throws(Problem) -> Decision<Answer>
    ) async throws(Problem) -> Answer {
        for _ in 0..<Self.attempts {
            if inTurn { await choosing.enter() }
            let choice = await choose(late, decide)
            if inTurn { await choosing.leave() }
            switch try await carryOut(try choice.get()) {
            case .answer(let answer): return answer
            case .crossed: continue
            case .unsure: return try await decidingAlone(late, decide)
            }
        }
        return try await decidingAlone(late, decide)
    }

    private enum Attempt<Answer> {
        case answer(Answer)
        /// Somebody was just being given a device of it; nothing was written.
        case crossed
        case unsure
    }

    private enum Choice<Answer: Sendable> {
        /// Its devices count as held from now on.
        case decided(Decision<Answer>)
        case crossed
        case unsure
    }

    private func choose<Answer: Sendable>(
        _ late: LateRefusal, _ decide: (Fleet) throws(Problem) -> Decision<Answer>
    ) async -> Result<Choice<Answer>, Problem> {
        do throws(Problem) {
            let (outcome, isAhead) = decided(try await view.fleet(), late, decide)
            if isAhead, case .failure = outcome { return .success(.unsure) }
            let decision = try outcome.get()
            let devices = decision.commit?.newlyAllocated ?? []
            return .success(await view.begin(devices) ? .decided(decision) : .crossed)
        } catch { return .failure(error) }
    }

    private func carryOut<Answer: Sendable>(_ choice: Choice<Answer>) async throws(Problem) -> Attempt<Answer> {
        switch choice {
        case .crossed: return .crossed
        case .unsure: return .unsure
        case .decided(let decision):
            guard let commit = decision.commit, !commit.isEmpty else { return .answer(decision.answer) }
            return try await write(commit, giving: commit.newlyAllocated) ? .answer(decision.answer) : .unsure
        }
    }

    private func decidingAlone<Answer: Sendable>(
        _ late: LateRefusal, _ decide: (Fleet) throws(Problem) -> Decision<Answer>
    ) async throws(Problem) -> Answer {
        await mutex.enter()
        do throws(Problem) {
            for _ in 0..<Self.attempts {
                let decision = try decided(try await view.sureFleet(), late, decide).outcome.get()
                if let commit = decision.commit, !commit.isEmpty {
                    guard try await write(commit, giving: []) else { continue }
                }
                await mutex.leave()
                return decision.answer
            }
            throw Problem(.busy, "Other requests keep changing the same objects.", next: ["Try again in a moment."])
        } catch {
            await mutex.leave()
            throw error
        }
    }

    /// False: what was decided on has changed meanwhile; what is known now is newer.
    ///
    /// - Parameter devices: what was begun for it.
    private func write(_ commit: Commit, giving devices: [DeviceID]) async throws(Problem) -> Bool {
        let number = await view.writing(commit)
        let outcome: Result<Revision?, Problem>
        do throws(Problem) {
            outcome = .success(try await store.commit(commit.writes, if: commit.conditions))
        } catch { outcome = .failure(error) }
        await view.wrote(number, outcome, ending: devices, at: now())
        guard try outcome.get() == nil else { return true }
        try await view.refresh(commit.conditions.map(\.key))
        return false
    }

    /// The fleet ends here: as long as anybody has a copy, taking the commit in copies what it changes.
    private func decided<Answer: Sendable>(
        _ fleet: Fleet, _ late: LateRefusal, _ decide: (Fleet) throws(Problem) -> Decision<Answer>
    ) -> (outcome: Result<Decision<Answer>, Problem>, isAhead: Bool) {
        _ = late.take()
        let outcome = Result { () throws(Problem) -> Decision<Answer> in
            try Expectation.current?.check(fleet)
            var decision = try LateRefusal.during(late) { () throws(Problem) in try decide(fleet) }
            if let expected = Expectation.current, decision.commit?.isEmpty == false {
                decision.commit?.require(unchanged: expected.key, in: fleet)
            }
            return decision
        }
        return (outcome, fleet.isAhead)
    }
}
