import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

@Suite struct `The turn of a VM` {
    /// A VM with a device, and the plan that starts it, queued.
    private static func starting(_ body: (Scene, API.Plan) async throws -> Void) async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            try await body(scene, try await scene.plane.startVM("one", dryRun: false).plans[0])
        }
    }

    @Test func `is over with its plan, also where nothing is known of the host`() async throws {
        try await Self.starting { scene, plan in
            try await scene.spoil("inventories/atlas")
            _ = try await scene.restarted().cancelPlan(plan.id, dryRun: false)
            let kept = try await scene.store.list("").values.map(\.key)
            #expect(!kept.contains { $0.hasPrefix("turns/") || $0.hasPrefix("claims/") }, "\(kept)")
            #expect(!kept.contains { $0.hasPrefix("allocations/") }, "\(kept)")
        }
    }

    @Test func `is over when its plan was dropped, and not before`() async throws {
        try await Self.starting { scene, plan in
            try await scene.spoil("plans/atlas/\(plan.id)")
            let plane = scene.restarted()
            let busy = try await problem { _ = try await plane.stopVM("one", API.PowerRequest(), dryRun: true) }
            #expect(busy.code == .busy)
            _ = try await plane.dropStored("plans/atlas/\(plan.id)", dryRun: false)
            #expect(try await plane.vm("one").plan == nil)
            _ = try await plane.stopVM("one", API.PowerRequest(), dryRun: false)
            try await ScriptedAgent(plane, domains: [SampleHost.domain("one")]).work()
            #expect(try await plane.state(of: "41:00.0") == .free)
        }
    }

    @Test func `goes with the host, also of a guest that nobody has a record of`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await ScriptedAgent(scene.plane).report()
            try await scene.plane.hearAgents()
            time.pass(seconds: 15)
            try await scene.plane.hearAgents()
            let risk = try TakenRisk.said(allow: "host-lost", reason: "burnt down")
            try await TakenRisk.$current.withValue(risk) {
                _ = try await scene.plane.removeHost("atlas", dryRun: false)
            }
            try await scene.agent.report()
            #expect(try await scene.store.list("turns/").values.isEmpty)
            _ = try await scene.plane.startVM("one", dryRun: false)
        }
    }
}

extension ControlPlane {
    fileprivate func state(of device: String) async throws -> DeviceState { try await self.device(device).state }
}
