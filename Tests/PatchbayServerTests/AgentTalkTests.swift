import HTTPTypes
import HummingbirdTesting
import NIOCore
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

@Suite struct `Two agents that call themselves by one name` {
    private static let first = String(repeating: "a", count: 64)
    private static let second = String(repeating: "b", count: 64)

    private static func header(_ identity: String) -> HTTPFields {
        var fields: HTTPFields = [.authorization: "Bearer \(Door.token)"]
        fields[HTTPField.Name("patchbay-agent")!] = identity
        return fields
    }

    private static func report() throws -> String {
        let report = AgentProtocol.Report(inventory: SampleHost.inventory("boreas"), domains: [], agentVersion: "test")
        return String(decoding: try WireJSON.encode(report), as: UTF8.self)
    }

    @Test func `are not both heard`() async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                let path = "/v1/agent/boreas/report"
                let known = try await door.send(.put, path, try Self.report(), headers: Self.header(Self.first))
                #expect(known.status == .noContent)
                let answer = try await door.send(.put, path, try Self.report(), headers: Self.header(Self.second))
                #expect(answer.status == .conflict)
                #expect(try answer.problem().code == "other-agent")
                let host = try await scene.plane.host("boreas")
                #expect(host.findings.contains { $0.code == "other-agent" })
                let work = try await door.send(.get, "/v1/agent/boreas/work", headers: Self.header(Self.second))
                #expect(work.status == .conflict)
                #expect(try await door.send(.get, "/v1/agent/boreas/work").status == .conflict)
            }
        }
    }

    @Test func `change places when a person says so, once the known one is gone`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            let (first, second) = (
                AgentIdentity(id: Self.first, machine: nil), AgentIdentity(id: Self.second, machine: nil)
            )
            let agent = ScriptedAgent(
                scene.plane, SampleHost.inventory("boreas"), domains: [SampleHost.domain("three")])
            try await AgentIdentity.$current.withValue(first) { try await agent.report() }
            let none = try await problem { _ = try await scene.plane.acceptHost("boreas", dryRun: false) }
            #expect(none.code == .wrongState)
            let plan = try await scene.plane.startVM("three", dryRun: false).plans[0]
            let refusal = try await problem {
                try await AgentIdentity.$current.withValue(second) { try await agent.report() }
            }
            #expect(refusal.code == .otherAgent)
            let early = try await problem { _ = try await scene.plane.acceptHost("boreas", dryRun: false) }
            #expect(early.code == .otherAgent)
            time.pass(seconds: 15)
            _ = try await scene.plane.acceptHost("boreas", dryRun: false)
            try await AgentIdentity.$current.withValue(second) {
                try await agent.report()
                guard case .apply(let given)? = try await scene.plane.work(host: "boreas", waitSeconds: 0).last else {
                    Issue.record("no plan")
                    return
                }
                #expect(given.id == plan.id)
                #expect(given.agent == Self.first)
            }
        }
    }
}

@Suite struct `What an agent tells of a plan` {
    private static func started(_ body: (Scene, Plan) async throws -> Void) async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            guard case .apply(let plan)? = try await scene.plane.work(host: "atlas", waitSeconds: 0).first else {
                Issue.record("no plan")
                return
            }
            try await body(scene, plan)
        }
    }

    private static func tell(
        _ scene: Scene, _ plan: Plan, _ phase: PlanPhase, _ progress: [StepProgress]
    ) async throws {
        try await scene.plane.progress(
            AgentProtocol.Progress(plan: plan.id, phase: phase, progress: progress), host: "atlas")
    }

    @Test func `is not believed when it says done while steps wait`() async throws {
        try await Self.started { scene, plan in
            let waiting = plan.steps.map { _ in StepProgress.waiting }
            try await scene.agent.report(
                AgentProtocol.Progress(plan: plan.id, phase: .applied, progress: waiting))
            #expect(try await scene.plane.plan(plan.id).phase == "queued")
            let few = try await problem { try await Self.tell(scene, plan, .running, []) }
            #expect(few.code == .malformedInput)
        }
    }

    @Test func `never brings it back to where it was before`() async throws {
        try await Self.started { scene, plan in
            var progress = plan.steps.map { _ in StepProgress.waiting }
            progress[0] = .done(milliseconds: 1)
            try await Self.tell(scene, plan, .running, progress)
            try await Self.tell(scene, plan, .queued, plan.steps.map { _ in .waiting })
            try await Self.tell(scene, plan, .running, plan.steps.map { _ in .waiting })
            let after = try await scene.plane.plan(plan.id)
            #expect(after.phase == "running")
            #expect(after.steps[0].status == "done")
        }
    }

    @Test func `leaves nothing standing that is not a step of it`() async throws {
        try await Self.started { scene, plan in
            let left = Array(repeating: Step.loadModule("other"), count: 5000)
            try await scene.agent.report(
                AgentProtocol.Progress(
                    plan: plan.id, phase: .stuck(Problem(.kernelRefused, "It did not work."), left: left),
                    progress: plan.steps.map { _ in .waiting }))
            #expect(try await scene.plane.plan(plan.id).phase == "queued")
        }
    }
}
