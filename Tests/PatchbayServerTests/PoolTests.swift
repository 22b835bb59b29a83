import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

@Suite struct `Pools` {
    private let byName = API.Rule(
        name: "a100", conditions: [API.Condition(field: "name", comparison: "*=", value: "A100")])

    @Test(.requirements("V28", "V33", "V34", "V38"), arguments: StoreKind.allCases)
    func `are made by hand from rules and edited`(_ kind: StoreKind) async throws {
        try await Scene.with(kind) { scene in
            _ = try await scene.plane.createPool(API.PoolDraft(name: "a100", rules: [byName]), dryRun: false)
            #expect(try await scene.plane.pool("a100").devices.count == 2)
            var narrow = byName
            narrow.conditions.append(API.Condition(field: "address", comparison: "=", value: "0000:41:00.0"))
            _ = try await scene.plane.editPool("a100", API.PoolDraft(rules: [narrow]), revision: nil, dryRun: false)
            #expect(try await scene.plane.pool("a100").devices.map(\.address) == ["0000:41:00.0"])
        }
    }

    @Test(.requirements("P25")) func `match devices of every host when a rule names none`() async throws {
        try await Scene.with { scene in
            try await ScriptedAgent(scene.plane, SampleHost.inventory("boreas")).report()
            let preview = try await scene.plane.previewRules(API.RulePreviewRequest(rules: [byName]))
            #expect(preview.devices.map(\.host) == ["atlas", "atlas", "boreas", "boreas"])
        }
    }

    @Test(.requirements("V29")) func `warn when their devices differ`() async throws {
        try await Scene.with { scene in
            try await scene.makePool("mixed", ["41:00.0", "c1:00.0"])
            #expect(try await scene.plane.pool("mixed").findings.contains { $0.code == "pool-mixed" })
        }
    }

    @Test(
        .requirements("N45"),
        arguments: [
            (["trusted": "true", "remote_managed": "yes"], true), (["trusted": "true"], false),
            (["trusted": "no", "remote_managed": "yes"], false),
        ])
    func `warn when trust is said of what is managed remotely`(_ tags: [String: String], _ isWarned: Bool) async throws
    {
        try await Scene.with { scene in
            let rule = Drafts.rule("functions", "vendor", "=", "10de", tags: tags)
            _ = try await scene.plane.createPool(Drafts.pool("ports", [rule]), dryRun: false)
            let findings = try await scene.plane.pool("ports").findings
            #expect(findings.contains { $0.code == "trust-may-be-forbidden" } == isWarned)
        }
    }

    @Test func `are not changed by somebody who read an older one`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            let old = try await scene.plane.pool("gpus").revision
            _ = try await scene.plane.editPool("gpus", API.PoolDraft(description: "x"), revision: old, dryRun: false)
            let late = try await problem {
                _ = try await scene.plane.editPool(
                    "gpus", API.PoolDraft(description: "y"), revision: old, dryRun: false)
            }
            #expect(late.code == .changedMeanwhile)
            #expect(try await scene.plane.pool("gpus").description == "x")
        }
    }

    @Test func `leave nothing behind when they are deleted`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            _ = try await scene.plane.detach(API.DetachRequest(pool: "gpus"), from: "one", dryRun: false)
            _ = try await scene.plane.deletePool("gpus", dryRun: false)
            let kept = try await scene.store.list("").values.map(\.key).filter { $0.hasSuffix("/gpus") }
            #expect(kept.isEmpty, "\(kept)")
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
        }
    }

    @Test(.requirements("VX18")) func `stay while a VM asks for them`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            let refusal = try await problem { _ = try await scene.plane.deletePool("gpus", dryRun: false) }
            #expect(refusal.code == .inUse)
            #expect(refusal.evidence == ["one requests it"])
        }
    }

    @Test(.requirements("N77")) func `warn when new rules leave out a device that a VM holds`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            let change = try await scene.plane.editPool("gpus", API.PoolDraft(rules: []), revision: nil, dryRun: false)
            #expect(change.findings.contains { $0.code == "held-outside-pool" && $0.sentence.contains("one") })
            #expect(try await scene.state(of: "41:00.0") == .attached)
        }
    }
}
