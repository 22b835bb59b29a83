import PatchbayAPI
import PatchbayCore

extension ControlPlane {
    package func editHost(
        _ name: String, _ draft: API.HostSettingsDraft, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await deciding(dryRun: dryRun) { context throws(Problem) in
            try HostDecider(context: context).edit(name, draft)
        }
    }

    package func removeHost(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await hearAgents()
        let change = try await deciding(dryRun: dryRun) { context throws(Problem) in
            try HostDecider(context: context).remove(name)
        }
        if !dryRun { await agents.forget(name) }
        return change
    }

    package func confirmOff(
        _ name: String, _ statement: API.Statement, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        let reason = try TakenRisk.reason(statement.reason)
        try await hearAgents()
        return try await deciding(dryRun: dryRun) { context throws(Problem) in
            try HostDecider(context: context).confirmOff(name, because: reason)
        }
    }

    package func dropStored(_ key: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await deciding(dryRun: dryRun) { context throws(Problem) in
            try StoreDecider(context: context).drop(key)
        }
    }
}
