import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

@Suite struct `A restart of a VM` {
    /// A VM that runs with one of two devices of its pool.
    private static func running(_ body: (Scene) async throws -> Void) async throws {
        try await Scene.with { scene in
            try await scene.makePool("gpus", ["41:00.0", "42:00.0"])
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            try await body(scene)
        }
    }

    private static func restart(_ scene: Scene) async throws -> String {
        let change = try await scene.plane.restartVM("one", API.PowerRequest(), dryRun: false)
        #expect(change.plans.count == 1)
        return try #require(change.plans.first?.id)
    }

    @Test(.requirements("P36")) func `keeps what the VM has: its claim, and its devices on vfio-pci`() async throws {
        try await Self.running { scene in
            let claim = try await scene.plane.vm("one").claim
            let preview = try await scene.plane.restartVM("one", API.PowerRequest(), dryRun: true)
            #expect(preview.plans.first?.steps.map(\.verb) == ["stop", "start"])
            #expect(preview.plans.first?.title == "Restart one with atlas/41:00.0")
            let id = try await Self.restart(scene)
            try await scene.agent.workOnce()
            #expect(try await scene.plane.plan(id).phase == "running")
            #expect(try await scene.plane.vm("one").state == .shutOff)
            #expect(try await scene.state(of: "41:00.0") == .attached)
            let rival = try await problem {
                _ = try await scene.plane.startVM("one", dryRun: false)
            }
            #expect(rival.code == .busy)
            try await scene.agent.work()
            let plan = try await scene.plane.plan(id)
            #expect(plan.phase == "applied")
            #expect(plan.steps.map(\.status) == ["done", "done"])
            let vm = try await scene.plane.vm("one")
            #expect(vm.state == .running && vm.claim == claim && vm.plan == nil)
        }
    }

    @Test(.requirements("P35", "P36")) func `names in its preview what comes, and has it before the guest is stopped`()
        async throws
    {
        try await Self.running { scene in
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            let preview = try await scene.plane.restartVM("one", API.PowerRequest(), dryRun: true)
            #expect(preview.message.contains("atlas/41:00.0, atlas/42:00.0"))
            #expect(
                preview.plans.first?.steps.map(\.verb) == ["stop", "unbind", "override", "probe", "plug", "start"])
            let id = try await Self.restart(scene)
            #expect(try await scene.store.list("allocations/").values.count == 2)
            try await scene.agent.work()
            #expect(try await scene.plane.plan(id).phase == "applied")
            #expect(try await scene.plane.vm("one").now.map(\.device) == ["atlas/0000:41:00.0", "atlas/0000:42:00.0"])
            #expect(try await !scene.plane.vm("one").isRestartPending)
        }
    }

    @Test func `gives up what the VM does not ask for any more, when it is off`() async throws {
        try await Self.running { scene in
            _ = try await scene.plane.detach(
                API.DetachRequest(request: "gpus-1"), from: "one", dryRun: false)
            let id = try await Self.restart(scene)
            #expect(try await scene.store.list("allocations/").values.count == 1)
            try await scene.agent.workOnce()
            #expect(try await scene.store.list("allocations/").values.isEmpty)
            #expect(try await scene.plane.device("41:00.0").driver == "nvidia")
            try await scene.agent.work()
            #expect(try await scene.plane.plan(id).phase == "applied")
            #expect(try await scene.plane.vm("one").state == .running)
            for prefix in ["allocations/", "claims/", "bindings/", "turns/"] {
                #expect(try await scene.store.list(prefix).values.isEmpty, "\(prefix)")
            }
        }
    }

    @Test func `that is stuck while it stops the guest keeps what leaves, until somebody looked after it`() async throws
    {
        try await Self.running { scene in
            _ = try await scene.plane.detach(API.DetachRequest(request: "gpus-1"), from: "one", dryRun: false)
            let id = try await Self.restart(scene)
            try await scene.agent.workOnce(.stuck)
            #expect(try await scene.plane.plan(id).phase == "stuck")
            #expect(try await scene.state(of: "41:00.0") == .attached)
            _ = try await scene.plane.resolvePlan(id, API.Statement(reason: "seen"), dryRun: false)
            #expect(try await scene.store.list("claims/").values.isEmpty)
            #expect(try await scene.store.list("allocations/").values.isEmpty)
        }
    }

    @Test func `that is stuck while the guest runs on leaves it what it had, once somebody looked after it`()
        async throws
    {
        try await Self.running { scene in
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            let id = try await Self.restart(scene)
            #expect(try await scene.state(of: "42:00.0") != .free)
            guard case .apply(let plan)? = try await scene.plane.work(host: "atlas", waitSeconds: 0).last else {
                throw NoProblem()
            }
            let failure = Problem(.timedOut, "It did not power off.")
            try await scene.agent.report(
                AgentProtocol.Progress(
                    plan: plan.id, phase: .stuck(failure, left: [plan.steps[0]]),
                    progress: plan.steps.map { _ in .failed(failure) }))
            _ = try await scene.plane.resolvePlan(id, API.Statement(reason: "seen"), dryRun: false)
            #expect(try await scene.state(of: "41:00.0") == .attached)
            #expect(try await scene.state(of: "42:00.0") == .free)
            #expect(try await scene.plane.vm("one").isRestartPending)
        }
    }

    @Test func `plans its second half on what is read after the first`() async throws {
        try await Self.running { scene in
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            let id = try await Self.restart(scene)
            await scene.agent.change(host: { inventory in
                guard let index = inventory.index(of: SampleHost.gpuB) else { return }
                inventory.functions[index].driver = nil
            })
            try await scene.agent.work()
            let plan = try await scene.plane.plan(id)
            #expect(plan.phase == "applied")
            #expect(plan.steps.map(\.verb) == ["stop", "override", "probe", "plug", "start"])
        }
    }

    @Test func `that could not stop the guest leaves all as it was`() async throws {
        try await Self.running { scene in
            let before = try await scene.plane.vm("one")
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            let id = try await Self.restart(scene)
            try await scene.agent.workOnce(.rolledBack)
            #expect(try await scene.plane.plan(id).phase == "rolled-back")
            let after = try await scene.plane.vm("one")
            #expect(after.state == .running && after.now == before.now && after.isRestartPending)
            #expect(try await scene.state(of: "42:00.0") == .free)
            #expect(try await scene.plane.device("41:00.0").binding?.originalDriver == "nvidia")
        }
    }

    @Test func `that could not start the guest again says that it is off, and gives its devices back`() async throws {
        try await Self.running { scene in
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            let id = try await Self.restart(scene)
            try await scene.agent.workOnce()
            try await scene.agent.workOnce(.rolledBack)
            let plan = try await scene.plane.plan(id)
            #expect(plan.phase == "rolled-back" && !plan.canBeUndone)
            #expect(
                plan.problem?.detail.hasPrefix("one is off: it was stopped and could not be started again.") == true)
            try await scene.agent.work()
            #expect(try await scene.plane.vm("one").state == .shutOff)
            #expect(try await scene.state(of: "41:00.0") == .free)
            #expect(try await scene.plane.device("41:00.0").driver == "nvidia")
            for prefix in ["allocations/", "claims/", "bindings/", "turns/"] {
                #expect(try await scene.store.list(prefix).values.isEmpty, "\(prefix)")
            }
        }
    }

    @Test func `whose second half cannot be planned ends with the reason`() async throws {
        try await Self.running { scene in
            let id = try await Self.restart(scene)
            await scene.agent.change(host: { $0.functions.removeAll { $0.address == SampleHost.gpuA } })
            try await scene.agent.workOnce()
            let plan = try await scene.plane.plan(id)
            #expect(plan.phase == "rolled-back")
            #expect(plan.problem?.detail.contains("is off") == true)
            try await scene.agent.work()
            #expect(try await scene.store.list("turns/").values.isEmpty)
        }
    }

    @Test func `goes on when another server takes over between its halves`() async throws {
        try await Self.running { scene in
            let id = try await Self.restart(scene)
            try await scene.agent.workOnce()
            let other = ControlPlane.forTest(scene.store, prefix: "u")
            let work = try await other.work(host: "atlas", waitSeconds: 0)
            guard case .apply(let part)? = work.first else {
                Issue.record("nothing to do: \(work)")
                return
            }
            #expect(part.steps == [.startVM("one")])
            #expect(PlanRecord.id(ofPart: part.id) == id)
        }
    }
}
