import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import PatchbayText
import Testing

@Suite struct `A plan that somebody looked after` {
    private static let why = API.Statement(reason: "seen with my own eyes")

    /// A VM with a device, and the plan that starts it, handed out and begun.
    private static func begun(_ body: (Scene, ManualTime, Plan) async throws -> Void) async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            guard case .apply(let plan)? = try await scene.plane.work(host: "atlas", waitSeconds: 0).last else {
                throw NoProblem()
            }
            try await scene.plane.begin(plan, host: "atlas")
            try await body(scene, time, plan)
        }
    }

    @Test func `and that goes on all the same is still told how it ended, with what it bound`() async throws {
        try await Self.begun { scene, time, plan in
            try await scene.plane.hearAgents()
            time.pass(seconds: 15)
            try await scene.plane.hearAgents()
            let risk = try TakenRisk.said(allow: "host-lost", reason: "burnt down")
            try await TakenRisk.$current.withValue(risk) {
                _ = try await scene.plane.resolvePlan(plan.id, Self.why, dryRun: false)
            }
            try await scene.agent.carryOut(plan)
            try await scene.plane.hearAgents()
            #expect(try await scene.plane.device("41:00.0").driver == "vfio-pci")
            #expect(try await scene.plane.device("41:00.0").binding?.originalDriver == "nvidia")
            #expect(try await scene.plane.plan(plan.id).steps.allSatisfy { $0.status == "done" })
            #expect(try await scene.plane.plan(plan.id).resolution?.reason == Self.why.reason)
        }
    }

    @Test func `has nothing to say about a claim that came after it`() async throws {
        try await Self.begun { scene, _, plan in
            try await scene.agent.carryOut(plan, .stuck)
            _ = try await scene.plane.stopVM("one", API.PowerRequest(), dryRun: false)
            try await scene.agent.work()
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            let claim = try #require(try await scene.plane.vm("one").claim)
            await scene.agent.power("one", .shutOff)
            try await scene.agent.report()
            _ = try await scene.plane.resolvePlan(plan.id, Self.why, dryRun: false)
            #expect(try await scene.plane.vm("one").claim == claim)
            #expect(try await scene.state(of: "41:00.0") == .attached)
        }
    }

    @Test func `may be one that was cancelled, and whose agent never says how it ended`() async throws {
        try await Self.begun { scene, _, plan in
            let early = try await problem { _ = try await scene.plane.resolvePlan(plan.id, Self.why, dryRun: false) }
            #expect(early.next.lines == ["Cancel it:  patchbay plan cancel \(plan.id)"])
            _ = try await scene.plane.cancelPlan(plan.id, dryRun: false)
            _ = try await scene.plane.resolvePlan(plan.id, Self.why, dryRun: false)
            #expect(try await scene.plane.plan(plan.id).isOver)
            #expect(try await scene.plane.vm("one").plan == nil)
            // Its agent may be in the midst of it.
            #expect(try await scene.state(of: "41:00.0") == .attached)
            let going = AgentProtocol.Progress(
                plan: plan.id, phase: .running, progress: plan.steps.map { _ in .waiting })
            let refusal = try await problem { try await scene.plane.progress(going, host: "atlas") }
            #expect(refusal.code == .cancelled)
            try await scene.agent.report()
            try await scene.agent.report()
            try await scene.agent.work()
            #expect(try await scene.state(of: "41:00.0") == .free)
        }
    }

    @Test func `may be one of an agent that another one has taken the place of`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            let identities = ["a", "b"].map { AgentIdentity(id: String(repeating: $0, count: 64), machine: nil) }
            let agent = ScriptedAgent(
                scene.plane, SampleHost.inventory("boreas"), domains: [SampleHost.domain("three")])
            try await AgentIdentity.$current.withValue(identities[0]) {
                try await agent.report()
                _ = try await scene.plane.startVM("three", dryRun: false)
                guard case .apply(let plan)? = try await scene.plane.work(host: "boreas", waitSeconds: 0).last else {
                    throw NoProblem()
                }
                try await scene.plane.begin(plan, host: "boreas")
            }
            let id = try #require(try await scene.plane.vm("three").plan)
            time.pass(seconds: 15)
            try await AgentIdentity.$current.withValue(identities[1]) {
                _ = try await problem { try await agent.report() }
                _ = try await scene.plane.acceptHost("boreas", dryRun: false)
                try await agent.report()
            }
            try await scene.plane.hearAgents()
            _ = try await scene.plane.resolvePlan(id, Self.why, dryRun: false)
            #expect(try await scene.plane.vm("three").plan == nil)
        }
    }
}

@Suite struct `Asking for a plan again` {
    @Test func `is refused for a device that is in no pool by now`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            let plan = try await scene.plane.prepareDevices(["41:00.0"], dryRun: false).plans[0]
            try await scene.agent.work(.rolledBack)
            _ = try await scene.plane.deletePool("gpus", dryRun: false)
            let refusal = try await problem { _ = try await scene.plane.retryPlan(plan.id, dryRun: false) }
            #expect(refusal.code == .notInPool)
        }
    }
}
