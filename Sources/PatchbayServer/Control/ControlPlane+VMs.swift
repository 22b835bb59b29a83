import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    package func vms() async throws(Problem) -> [API.VM] {
        let fleet = try await view.fleet()
        return fleet.allVMs.map(fleet.shown)
    }

    package func vm(_ name: String) async throws(Problem) -> API.VM {
        let fleet = try await view.fleet()
        return fleet.shown(try fleet.vm(name))
    }

    package func createVM(_ draft: API.VMDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        try await decidingOnVM(dryRun) { vms throws(Problem) in try vms.create(draft) }
    }

    package func deleteVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await decidingOnVM(dryRun) { vms throws(Problem) in try vms.delete(name) }
    }

    package func startVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await decidingOnVM(dryRun) { vms throws(Problem) in
            try vms.fleet.requireNotLost(try vms.fleet.vm(name))
            return try vms.start(name)
        }
    }

    package func stopVM(
        _ name: String, _ request: API.PowerRequest, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        let power = try Power(request)
        return try await decidingOnVM(dryRun) { vms throws(Problem) in try vms.stop(name, power, kind: "vm.stopped") }
    }

    package func restartVM(
        _ name: String, _ request: API.PowerRequest, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        let power = try Power(request)
        return try await decidingOnVM(dryRun) { vms throws(Problem) in try vms.restart(name, power) }
    }

    package func resetVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await decidingOnVM(dryRun) { vms throws(Problem) in try vms.reset(name) }
    }

    private func decidingOnVM(
        _ dryRun: Bool, _ decide: (VMDecider) throws(Problem) -> Decision<API.Change>
    ) async throws(Problem) -> API.Change {
        let change = try await deciding(dryRun: dryRun) { context throws(Problem) in
            try decide(VMDecider(context: context))
        }
        return await sayingWhoIsOffline(change)
    }

    package func attach(
        _ request: API.AttachRequest, to name: String, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await deciding(dryRun: dryRun) { context throws(Problem) in
            try RequestDecider(context: context).attach(request, to: name)
        }
    }

    package func detach(
        _ request: API.DetachRequest, from name: String, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await deciding(dryRun: dryRun) { context throws(Problem) in
            try RequestDecider(context: context).detach(request, from: name)
        }
    }
}
