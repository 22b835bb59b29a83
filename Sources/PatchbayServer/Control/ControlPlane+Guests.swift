import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    /// Guests that went off by themselves give their devices back, once the host has said so twice.
    ///
    /// One report may be older than the start it seems to contradict; so the agent is asked to look again first.
    /// The agent has done its part when this begins, so what fails here is logged, and tried again at the next report.
    func lookAfterGuests(of host: String) async {
        await Caller.$current.withValue("server") { await lookAfter(guestsOf: host) }
    }

    private func lookAfter(guestsOf host: String) async {
        do {
            let gone = try await view.fleet().guestsGoneOff(host)
            let certain = await agents.saidTwice(gone, on: host)
            for claim in certain { try await releaseAfterPowerOff(claim, host: host) }
            if certain.count < gone.count { await agents.refresh(host) }
            try await plugInAgain(on: host)
        } catch {
            logger.error(
                "devices of a stopped guest not released", metadata: ["host": "\(host)", "problem": "\(error.detail)"])
        }
    }

    private func releaseAfterPowerOff(_ claim: String, host: String) async throws(Problem) {
        let plan = try await deciding(dryRun: false) { context throws(Problem) -> Decision<String?> in
            let fleet = context.fleet
            guard fleet.guestsGoneOff(host).contains(claim), let vm = fleet.claims[claim]?.owner.vm else {
                return Decision(answer: nil, commit: nil)
            }
            let decision = try VMDecider(context: context).stop(
                vm, Power(), kind: "vm.powered-off",
                message: "Releasing the devices of \(vm) after it powered off.")
            return Decision(answer: decision.answer.plans.first?.id, commit: decision.commit)
        }
        if let plan {
            logger.info("guest powered off", metadata: ["host": "\(host)", "claim": "\(claim)", "plan": "\(plan)"])
        }
    }

    /// A VM that was stopped to be started and could not be holds its claim no longer than it takes to give it back.
    func tidyUp(after record: PlanRecord) async {
        guard case .restart(let restart) = record.plan.change, case .rolledBack = record.phase, record.isInSecondHalf,
            let claim = restart.claim
        else { return }
        do throws(Problem) { try await releaseAfterPowerOff(claim, host: record.plan.host) } catch {
            logger.error(
                "devices of a failed restart not released",
                metadata: ["plan": "\(record.plan.id)", "problem": "\(error.detail)"])
        }
    }
}

extension Fleet {
    /// Claims that are attached to guests which their host says are off, with no plan under way. Sorted.
    func guestsGoneOff(_ host: String) -> [String] {
        guard let state = hosts[host], let domains = state.domains else { return [] }
        return state.claims.values.filter { claim in
            guard claim.phase == .attached, let vm = claim.owner.vm, turn(of: vm) == nil else { return false }
            guard let domain = domains.first(where: { $0.name == vm }) else { return false }
            return !domain.state.isOn
        }.map(\.id).sorted()
    }
}
