import PatchbayAPI
import PatchbayCore

extension ControlPlane {
    package func prepareDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await deciding(dryRun: dryRun) { context throws(Problem) in
            try DeviceDecider(context: context).prepare(names)
        }
        return await sayingWhoIsOffline(change)
    }

    package func releaseDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await deciding(dryRun: dryRun) { context throws(Problem) in
            try DeviceDecider(context: context).release(names)
        }
        return await sayingWhoIsOffline(change)
    }

    package func returnDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change {
        try await deciding(dryRun: dryRun) { context throws(Problem) in
            try DeviceDecider(context: context).returnToUse(names)
        }
    }

    package func makePassthrough(
        _ request: API.PassthroughRequest, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        let change = try await deciding(dryRun: dryRun) { context throws(Problem) in
            try DeviceDecider(context: context).makePassthrough(request)
        }
        return await sayingWhoIsOffline(change)
    }

    /// Adds a finding for every plan whose agent is not there to carry it out.
    func sayingWhoIsOffline(_ change: API.Change) async -> API.Change {
        var change = change
        for host in Set(change.plans.filter { !$0.isOver }.map(\.host)).sorted()
        where await !agents.contact(of: host).isConnected {
            change.findings.append(API.Finding(.agentOffline(host)))
        }
        return change
    }
}
