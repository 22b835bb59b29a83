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
        let pool = try Self.newPool(draft)
        let name = pool.name
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            guard fleet.pools[name] == nil else {
                throw Problem(
                    .alreadyExists, "A pool \"\(name)\" already exists.",
                    next: [NextStep("See it", .showPool(name)), "Or choose another name."])
            }
            return try replacing(
                nil, with: fleet.knowing(pool), in: fleet, dryRun: dryRun, kind: "pool.created",
                message: dryRun ? "Would create pool \(name)." : "Pool \(name) created.")
        }
        return await sayingWhoIsOffline(change)
    }

    /// The pool that a draft makes of nothing.
    static func newPool(_ draft: API.PoolDraft) throws(Problem) -> Pool {
        guard let name = draft.name else {
            throw Problem(.malformedInput, "\"name\" is missing.", next: ["Add a name, for example gpus."])
        }
        guard name != reservedPoolName else {
            throw Problem(.malformedInput, "\"\(name)\" is not a valid pool name.", next: ["Choose another name."])
        }
        return try draft.applied(to: Pool(name: name))
    }

    /// `/v1/pools/preview` is something else.
    static let reservedPoolName = "preview"

    package func editPool(
        _ name: String, _ draft: API.PoolDraft, revision: Int?, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            let old = try fleet.pool(name)
            if let revision, revision != old.revision {
                throw Problem(
                    .changedMeanwhile, "Pool \"\(name)\" was changed after you read it.",
                    evidence: ["revision \(old.revision), not \(revision)"],
                    next: [NextStep("Read it again", .showPool(name))])
            }
            guard draft.name == nil || draft.name == name else {
                throw Problem(
                    .malformedInput, "\"name\" cannot be changed: VMs refer to the pool by it.",
                    next: ["Create a pool \"\(draft.name ?? "")\" and delete this one."])
            }
            let pool = try draft.applied(to: old.value)
            guard pool != old.value else {
                return Decision(
                    answer: self.change([], dryRun: dryRun, subject: "pool \(name)", message: "Nothing changes."),
                    commit: nil)
            }
            return try replacing(
                old.value, with: pool, in: fleet, dryRun: dryRun, kind: "pool.changed",
                message: dryRun ? "Would change pool \(name)." : "Pool \(name) changed.")
        }
        return await sayingWhoIsOffline(change)
    }

    package func deletePool(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            let old = try fleet.pool(name).value
            try fleet.requireUnused(old)
            return try replacing(
                old, with: nil, in: fleet, dryRun: dryRun, kind: "pool.deleted",
                message: dryRun ? "Would delete pool \(name)." : "Pool \(name) deleted.")
        }
        return await sayingWhoIsOffline(change)
    }

    /// Puts `new` where `old` was; devices that enter or leave an eager pool are moved by plans of the same commit.
    func replacing(
        _ old: Pool?, with new: Pool?, in fleet: Fleet, dryRun: Bool, kind: String, message: String,
        findings: [Finding] = []
    ) throws(Problem) -> Decision<API.Change> {
        let name = new?.name ?? old?.name ?? ""
        let after = fleet.with(new, insteadOf: old)
        let moves = after.moves(from: fleet, accepting: takenRisks, planID: planID)
        let told = findings + moves.findings + (new.map { fleet.warnings(replacing: old, with: $0) } ?? [])
        let records = moves.plans.map { PlanRecord(plan: $0, actor: Caller.current, createdAt: now()) }
        let answer = self.change(records, dryRun: dryRun, subject: "pool \(name)", message: message, findings: told)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        var commit = try audited(kind, "pool \(name)", moves.plans.sentence(after: message))
        let key = StateKey.pool(name)
        commit.require(unchanged: key, in: fleet)
        if let new { try commit.put(key, new) } else { commit.delete(key) }
        if new == nil { commit.forgetAskers(of: name, in: fleet) }
        for record in records { try commit.queue(record, in: fleet) }
        return Decision(answer: answer, commit: commit)
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

extension Commit {
    /// Nobody asks for the pool, which is deleted, and nobody begins to at this moment.
    mutating func forgetAskers(of pool: String, in fleet: Fleet) {
        let key = StateKey.askers(pool)
        require(unchanged: key, in: fleet)
        if fleet.revision(of: key) > 0 { delete(key) }
    }
}
