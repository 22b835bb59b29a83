import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    package func pools() async throws(Problem) -> [API.Pool] {
        let fleet = try await view.fleet()
        let devices = Dictionary(
            grouping: try await view.allDevices().flatMap { device in
                device.pools.map { (pool: $0, device: device) }
            }, by: \.pool)
        return fleet.poolList.map { fleet.shown($0, devices: (devices[$0.name] ?? []).map(\.device)) }
    }

    package func pool(_ name: String) async throws(Problem) -> API.Pool {
        let fleet = try await view.fleet()
        let pool = try fleet.pool(name).value
        let devices = try await view.allDevices().filter { $0.pools.contains(name) }
        return fleet.shown(pool, devices: devices)
    }

    package func createPool(_ draft: API.PoolDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        let pool = try PoolDecider.newPool(draft)
        let change = try await deciding(dryRun: dryRun) { context throws(Problem) in
            try PoolDecider(context: context).create(pool)
        }
        return await sayingWhoIsOffline(change)
    }

    package func editPool(
        _ name: String, _ draft: API.PoolDraft, revision: Int?, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        let change = try await deciding(dryRun: dryRun) { context throws(Problem) in
            try PoolDecider(context: context).edit(name, draft, revision: revision)
        }
        return await sayingWhoIsOffline(change)
    }

    package func deletePool(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await deciding(dryRun: dryRun) { context throws(Problem) in
            try PoolDecider(context: context).delete(name)
        }
        return await sayingWhoIsOffline(change)
    }

    package func previewRules(_ request: API.RulePreviewRequest) async throws(Problem) -> API.RulePreview {
        var rules: [Rule] = []
        let kind = request.kind ?? .pci
        for rule in request.rules { rules.append(try rule.rule(for: kind)) }
        let fleet = try await view.fleet()
        let pool = Pool(name: "preview", kind: kind, rules: rules)
        let devices = fleet.devices(try await view.allDevices(), matching: pool)
        return API.RulePreview(devices, findings: fleet.poolFindings(pool, devices))
    }
}
