import PatchbayAPI
import PatchbayCore

extension ControlPlane {
    /// Presses the reset button: the guest is not asked, and keeps what it holds.
    package func resetVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            try resetting(name, in: fleet, dryRun: dryRun)
        }
        return await sayingWhoIsOffline(change)
    }

    func resetting(_ name: String, in fleet: Fleet, dryRun: Bool) throws(Problem) -> Decision<API.Change> {
        let vm = try fleet.vm(name)
        try fleet.requireNoTurn(name)
        let plan = try fleet.planner(for: vm.host).plan(.reset(vm: name), id: planID())
        return try turning(
            plan, in: fleet, dryRun: dryRun, kind: "vm.reset",
            message: dryRun ? "Would reset \(name)." : "\(name) is being reset."
        ) { commit throws(Problem) in
            commit.require(unchanged: StateKey.vm(name), in: fleet)
        }
    }
}
