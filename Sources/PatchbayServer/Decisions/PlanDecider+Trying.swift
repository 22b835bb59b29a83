import PatchbayAPI
import PatchbayCore

/// What could be done with a plan now.
extension PlanDecider {
    func isUndoable(_ record: PlanRecord) -> Bool {
        wouldDo { trial throws(Problem) in try trial.undo(record) }
    }

    func isRetryable(_ record: PlanRecord) -> Bool {
        guard case .rolledBack = record.phase else { return false }
        return wouldDo { trial throws(Problem) in try trial.retry(record) }
    }

    /// With the risk that its host may still be at work, where that is lost.
    func isResolvable(_ record: PlanRecord) -> Bool {
        do throws(Problem) {
            _ = try riskOfResolving(record)
            return true
        } catch { return error.code == .hostLost }
    }

    /// What a command would answer now: a yes or a no. Where only risks that a person may take are in the way, with those
    /// taken.
    private func wouldDo(_ tried: (PlanDecider) throws(Problem) -> Decision<API.Change>) -> Bool {
        var trial = context
        trial.dryRun = true
        trial.takenRisks = []
        while let refusal = refusal(of: tried, in: trial) {
            let code = refusal.code
            guard code.canBeAllowed, !trial.takenRisks.contains(where: { $0.code == code }) else { return false }
            trial.takenRisks.append(Allowance(code: code, reason: "tried", actor: trial.actor, at: trial.now))
        }
        return true
    }

    /// Nobody reads it, so it is not explained.
    private func refusal(
        of tried: (PlanDecider) throws(Problem) -> Decision<API.Change>, in trial: DecisionContext
    ) -> Problem? {
        do throws(Problem) {
            _ = try LateRefusal.during(LateRefusal()) { () throws(Problem) in try tried(PlanDecider(context: trial)) }
            return nil
        } catch { return error }
    }
}
