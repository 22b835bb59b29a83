import HTTPTypes
import HummingbirdTesting
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import Testing

@Suite struct `A way out` {
    @Test func `of a plan that waits is to cancel it`() async throws {
        try await Scene.with { scene in
            let start = try await scene.plane.startVM("one", dryRun: false)
            try await Door.open(scene) { door in
                let id = start.plans[0].id
                let answer = try await door.send(.post, "/v1/plans/\(id)/cancel")
                let isOver = try await scene.plane.plan(id).isOver
                withKnownIssue("FS4: nothing cancels a plan") {
                    #expect(answer.status == .ok)
                    #expect(isOver)
                }
            }
        }
    }

    @Test func `of a host that is gone is to remove it`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            try await scene.plane.hearAgents()
            time.pass(seconds: 60)
            try await scene.plane.hearAgents()
            try await Door.open(scene) { door in
                let answer = try await door.send(.delete, "/v1/hosts/atlas")
                let hosts = try await scene.plane.hosts()
                withKnownIssue("FS4: no host is ever removed") {
                    #expect(answer.status == .ok)
                    #expect(hosts.isEmpty)
                }
            }
        }
    }

    @Test func `of silence is to notice it within fifteen seconds`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            time.pass(seconds: 15)
            let isConnected = try await scene.plane.host("atlas").agent.isConnected
            withKnownIssue("FS5: a lost agent counts as connected for 45 seconds") { #expect(!isConnected) }
        }
    }
}

@Suite struct `Two agents that call themselves by one name` {
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
                let first = String(repeating: "a", count: 64)
                let second = String(repeating: "b", count: 64)
                #expect(
                    try await door.send(.put, path, try Self.report(), headers: Self.header(first)).status == .noContent
                )
                let answer = try await door.send(.put, path, try Self.report(), headers: Self.header(second))
                let host = try await scene.plane.host("boreas")
                withKnownIssue("FH2: a second machine takes the place of the first") {
                    #expect(answer.status == .conflict)
                    #expect(host.findings.contains { $0.code == "other-agent" })
                }
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
            await withKnownIssue("FM9: progress is believed as it comes") {
                let refusal = try await problem { try await Self.tell(scene, plan, .applied, waiting) }
                #expect(refusal.code == .malformedInput)
            }
            let phase = try await scene.plane.plan(plan.id).phase
            withKnownIssue("FM9: progress is believed as it comes") { #expect(phase == "queued") }
        }
    }

    @Test func `never brings it back to where it was before`() async throws {
        try await Self.started { scene, plan in
            var progress = plan.steps.map { _ in StepProgress.waiting }
            progress[0] = .done(milliseconds: 1)
            try await Self.tell(scene, plan, .running, progress)
            try await Self.tell(scene, plan, .queued, plan.steps.map { _ in .waiting })
            let after = try await scene.plane.plan(plan.id)
            withKnownIssue("FM9: progress is believed as it comes") {
                #expect(after.phase == "running")
                #expect(after.steps[0].status == "done")
            }
        }
    }

    @Test func `leaves nothing standing that is not a step of it`() async throws {
        try await Self.started { scene, plan in
            let left = Array(repeating: Step.loadModule("other"), count: 5000)
            await withKnownIssue("FM9: progress is believed as it comes") {
                let refusal = try await problem {
                    try await Self.tell(
                        scene, plan, .stuck(Problem(.kernelRefused, "It did not work."), left: left),
                        plan.steps.map { _ in .waiting })
                }
                #expect(refusal.code == .malformedInput)
            }
        }
    }
}
