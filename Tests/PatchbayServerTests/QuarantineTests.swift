import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import Testing

@Suite struct `Devices for one use` {
    private static let mark = ["one_time_use": "yes"]

    private static func makePool(_ scene: Scene, _ tags: [String: String] = mark) async throws {
        let rule = API.Rule(
            name: "gpus", conditions: [API.Condition(field: "address", comparison: "=", value: "0000:41:00.0")],
            tags: tags)
        _ = try await scene.plane.createPool(API.PoolDraft(name: "gpus", rules: [rule]), dryRun: false)
    }

    private static func claim(_ scene: Scene, _ id: String) async throws {
        let draft = API.ClaimDraft(
            id: id, owner: API.ClaimOwner(kind: .system, name: "slurm/\(id)"),
            requests: [API.RequestDraft(pool: "gpus")])
        _ = try await scene.plane.createClaim(draft, dryRun: false)
    }

    @Test(.requirements("N-X3", "VX14"), arguments: StoreKind.allCases)
    func `stay reserved after their release until somebody returns them`(_ kind: StoreKind) async throws {
        try await Scene.with(kind) { scene in
            try await Self.makePool(scene)
            try await Self.claim(scene, "first")
            _ = try await scene.plane.releaseClaim("first", dryRun: false)
            #expect(try await scene.state(of: "41:00.0") == .quarantined)
            #expect(try await scene.plane.device("41:00.0").reason.contains("slurm/first"))
            let refusal = try await problem { try await Self.claim(scene, "second") }
            #expect(refusal.code == .noFit)
            #expect(refusal.evidence.contains { $0.contains("has to be cleaned and returned") })
            // What is stored says so, whoever reads it.
            let other = ControlPlane.forTest(scene.store, prefix: "other")
            #expect(try await other.device("41:00.0").state == .quarantined)
            _ = try await scene.plane.returnDevices(["41:00.0"], dryRun: true)
            #expect(try await scene.state(of: "41:00.0") == .quarantined)
            _ = try await scene.plane.returnDevices(["41:00.0"], dryRun: false)
            #expect(try await scene.state(of: "41:00.0") == .free)
            try await Self.claim(scene, "second")
            #expect(try await scene.plane.claim("second").phase == .allocated)
        }
    }

    @Test func `of a VM wait when it has stopped, not when it never started`() async throws {
        try await Scene.with { scene in
            try await Self.makePool(scene)
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work(.rolledBack)
            #expect(try await scene.state(of: "41:00.0") == .free)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            _ = try await scene.plane.stopVM("one", API.PowerRequest(), dryRun: false)
            try await scene.agent.work()
            #expect(try await scene.state(of: "41:00.0") == .quarantined)
            let refusal = try await problem { _ = try await scene.plane.startVM("one", dryRun: false) }
            #expect(refusal.code == .noFit)
        }
    }

    @Test func `are those that a rule says so of, and no others`() async throws {
        try await Scene.with { scene in
            try await Self.makePool(scene, ["one_time_use": "no"])
            try await Self.claim(scene, "first")
            _ = try await scene.plane.releaseClaim("first", dryRun: false)
            #expect(try await scene.state(of: "41:00.0") == .free)
            let refusal = try await problem { _ = try await scene.plane.returnDevices(["41:00.0"], dryRun: false) }
            #expect(refusal.code == .wrongState)
        }
    }

    @Test func `are not those that do not answer, which cannot be returned`() async throws {
        try await Scene.with { scene in
            try await Self.makePool(scene)
            await scene.agent.change(host: { inventory in
                guard let address = try? PCIAddress("41:00.0"), let index = inventory.index(of: address) else { return }
                inventory.functions[index].silence = Silence(.allOnes)
            })
            try await scene.agent.report()
            #expect(try await scene.state(of: "41:00.0") == .quarantined)
            let device = try await scene.plane.device("41:00.0")
            #expect(device.reason == "It does not answer: its config space reads as all ones.")
            #expect(device.waysOut?.last == "Then read the host again:  patchbay host refresh atlas")
            let finding = try #require(try await scene.plane.status().findings.first { $0.code == "device-silent" })
            #expect(finding.severity == .warning && finding.subject == "atlas/0000:41:00.0")
            #expect(finding.next == device.waysOut)
            let refusal = try await problem { _ = try await scene.plane.returnDevices(["41:00.0"], dryRun: false) }
            #expect(refusal.code == .deviceSilent && !refusal.next.isEmpty)
            let unfit = try await problem { try await Self.claim(scene, "first") }
            #expect(unfit.code == .noFit)
            #expect(unfit.evidence.contains { $0.contains("does not answer") })
        }
    }
}
