import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import Testing

/// A plan may have waited for hours when its agent comes: whether it may be carried out is asked again.
@Suite struct `A plan that is handed out` {
    private static func handedOut(_ scene: Scene) async throws -> Plan? {
        for case .apply(let plan) in try await scene.plane.work(host: "atlas", waitSeconds: 0) { return plan }
        return nil
    }

    private static func preparing(_ body: (Scene, String) async throws -> Void) async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            let change = try await scene.plane.prepareDevices(["41:00.0"], dryRun: false)
            try await body(scene, try #require(change.plans.first).id)
        }
    }

    /// What a program has open is looked at again first, in a test of its own.
    private static let uses = HostUse.Reason.allCases.flatMap { reason in
        HostUse.Severity.allCases.filter { reason != .holder || $0 != .inUse }.map {
            HostUse(reason, $0, chain: ["/data", "x", SampleHost.gpuA.description])
        }
    }

    @Test(.requirements("V8"), arguments: uses)
    func `ends with the refusal that the planner would give now`(_ use: HostUse) async throws {
        try await Self.preparing { scene, id in
            await scene.agent.change { $0.hostUses[SampleHost.gpuA] = [use] }
            try await scene.agent.report()
            let now = await scene.agent.inventory
            let unit = try #require(now.unit(of: SampleHost.gpuA))
            let expected = Planner(inventory: now, usage: Usage()).refusal(for: unit)
            #expect((try await Self.handedOut(scene) == nil) == (expected != nil))
            #expect(try await scene.plane.plan(id).problem?.code == expected?.code.rawValue)
            #expect(expected != nil)
        }
    }

    @Test(arguments: [false, true])
    func `waits until the host is read again where only a program stands in its way`(_ isGone: Bool) async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            try await scene.makePool()
            let id = try #require(try await scene.plane.prepareDevices(["41:00.0"], dryRun: false).plans.first?.id)
            let use = HostUse(.holder, .inUse, chain: ["nvidia-smi", "/dev/nvidia0", SampleHost.gpuA.description])
            await scene.agent.change { $0.hostUses[SampleHost.gpuA] = [use] }
            try await scene.agent.report()
            var work = try await scene.plane.work(host: "atlas", waitSeconds: 0)
            #expect(work.contains { if case .refresh = $0 { true } else { false } })
            #expect(!work.contains { if case .apply = $0 { true } else { false } })
            #expect(try await scene.plane.plan(id).phase == "queued")
            if isGone { await scene.agent.change { $0.hostUses[SampleHost.gpuA] = nil } }
            try await scene.agent.report()
            time.pass(seconds: 11)
            work = try await scene.plane.work(host: "atlas", waitSeconds: 0)
            #expect(work.contains { if case .apply(let plan) = $0 { plan.id == id } else { false } } == isGone)
            #expect(try await scene.plane.plan(id).problem?.code == (isGone ? nil : "in-use"))
        }
    }

    @Test func `is refused when another VM has the device by now, though the host is as it was`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(device: "41:00.0"), to: "one", dryRun: false)
            let id = try #require(try await scene.plane.startVM("one", dryRun: false).plans.first?.id)
            await scene.agent.define(SampleHost.gpuA, in: "two")
            await scene.agent.power("two", .running)
            try await scene.agent.report()
            #expect(try await Self.handedOut(scene) == nil)
            #expect(try await scene.plane.plan(id).problem?.code == "in-use")
        }
    }

    @Test func `is the same plan where nothing stands in its way`() async throws {
        try await Self.preparing { scene, id in
            try await scene.agent.report()
            #expect(try await Self.handedOut(scene)?.id == id)
        }
    }

    @Test(arguments: [false, true])
    func `is the same where somebody has claimed its device since`(_ hasHostChanged: Bool) async throws {
        try await Self.preparing { scene, id in
            let draft = API.ClaimDraft(
                owner: API.ClaimOwner(kind: .system, name: "job"),
                requests: [API.RequestDraft(pool: "gpus", count: 1)])
            _ = try await scene.plane.createClaim(draft, dryRun: false)
            if hasHostChanged {
                await scene.agent.change { $0.functions[$0.index(of: SampleHost.gpuB)!].driver = "nouveau" }
            }
            try await scene.agent.report()
            #expect(try await Self.handedOut(scene)?.id == id)
        }
    }

    @Test func `says afterwards what is otherwise than it was to make it`() async throws {
        try await Self.preparing { scene, id in
            let plan = try #require(try await Self.handedOut(scene))
            var after = await scene.agent.inventory.after(plan.steps)
            after.functions[after.index(of: SampleHost.gpuA)!].driver = "nouveau"
            let begun = AgentProtocol.Progress(plan: id, phase: .running, progress: plan.steps.map { _ in .waiting })
            try await scene.plane.progress(begun, host: "atlas")
            let ending = AgentProtocol.Progress(
                plan: id, phase: .applied, progress: plan.steps.map { _ in .done(milliseconds: 1) })
            let report = AgentProtocol.Report(
                inventory: after, domains: await scene.agent.domains, agentVersion: "test", endings: [ending])
            try await scene.plane.report(report, host: "atlas")
            let findings = try await scene.plane.plan(id).findings.filter { $0.code == "not-as-planned" }
            #expect(
                findings.map(\.sentence) == [
                    "atlas/41:00.0 is on nouveau; the plan expected vfio-pci."
                ])
        }
    }

    @Test func `says nothing where the host is as it was to be`() async throws {
        try await Self.preparing { scene, id in
            try await scene.agent.work()
            let plan = try await scene.plane.plan(id)
            #expect(plan.phase == "applied")
            #expect(!plan.findings.contains { $0.code == "not-as-planned" })
        }
    }
}
