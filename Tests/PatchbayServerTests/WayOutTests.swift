import HTTPTypes
import HummingbirdTesting
import NIOCore
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import PatchbayText
import Testing

@Suite(.timeLimit(.minutes(10))) struct `A way out` {
    private static let why = API.Statement(reason: "seen with my own eyes")

    /// A VM with a device, and the plan that starts it, queued.
    private static func starting(
        _ time: ManualTime = ManualTime(), _ body: (Scene, API.Plan) async throws -> Void
    ) async throws {
        try await Scene.with(time) { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            try await body(scene, try await scene.plane.startVM("one", dryRun: false).plans[0])
        }
    }

    private static func handedOut(_ scene: Scene) async throws -> Plan {
        for case .apply(let plan) in try await scene.plane.work(host: "atlas", waitSeconds: 0) { return plan }
        throw NoProblem()
    }

    private static func allowing<Answer: Sendable>(
        _ code: String = "host-lost", _ body: () async throws -> Answer
    ) async throws -> Answer {
        let risk = try TakenRisk.said(allow: code, reason: "burnt down")
        return try await TakenRisk.$current.withValue(risk) { try await body() }
    }

    private static func lose(_ scene: Scene, _ time: ManualTime) async throws {
        try await scene.plane.hearAgents()
        time.pass(seconds: 15)
        try await scene.plane.hearAgents()
    }

    @Test func `of a plan that waits is to cancel it`() async throws {
        try await Self.starting { scene, plan in
            try await Door.open(scene) { door in
                let tried = try await door.send(.post, "/v1/plans/\(plan.id)/cancel?dryRun=true").change()
                #expect(tried.message.hasPrefix("Would withdraw plan \(plan.id)"))
                #expect(try await !scene.plane.plan(plan.id).isOver)
                #expect(try await door.send(.post, "/v1/plans/\(plan.id)/cancel").change().plans[0].isOver)
            }
            let over = try await scene.plane.plan(plan.id)
            #expect(over.phase == "rolled-back")
            #expect(over.problem?.code == "cancelled")
            #expect(over.canBeRetried == true && over.canBeResolved == nil && !over.canBeUndone)
            #expect(try await scene.state(of: "41:00.0") == .free)
            #expect(try await scene.agent.work().isEmpty)
            let again = try await problem { _ = try await scene.plane.cancelPlan(plan.id, dryRun: false) }
            #expect(again.code == .wrongState)
            _ = try await scene.plane.retryPlan(plan.id, dryRun: false)
            try await scene.agent.work()
            #expect(try await scene.plane.vm("one").state == .running)
        }
    }

    @Test func `of a plan that its agent has but has not begun is to cancel it, and it is never begun`() async throws {
        try await Self.starting { scene, plan in
            let given = try await Self.handedOut(scene)
            _ = try await scene.plane.cancelPlan(plan.id, dryRun: false)
            let refusal = try await problem { try await scene.plane.begin(given, host: "atlas") }
            #expect(refusal.code == .cancelled)
            let late = try await problem {
                try await scene.plane.progress(
                    AgentProtocol.Progress(plan: plan.id, phase: .running, progress: given.steps.map { _ in .waiting }),
                    host: "atlas")
            }
            #expect(late.code == .cancelled)
        }
    }

    @Test func `of a plan that is under way is to cancel it, and its agent is told to take it back`() async throws {
        let time = ManualTime()
        try await Self.starting(time) { scene, plan in
            let given = try await Self.handedOut(scene)
            try await scene.plane.begin(given, host: "atlas")
            let change = try await scene.plane.cancelPlan(plan.id, dryRun: false)
            #expect(change.plans[0].phase == "running")
            for _ in 0..<2 {
                let work = try await scene.plane.work(host: "atlas", waitSeconds: 0)
                #expect(work.contains { if case .cancel(plan.id) = $0 { true } else { false } })
                time.pass(seconds: 11)
            }
            #expect(try await scene.plane.plan(plan.id).cancelledBy == "server")
            #expect(try await scene.state(of: "41:00.0") == .allocated)
            try await scene.agent.report(
                AgentProtocol.Progress(
                    plan: plan.id, phase: .rolledBack(Problem(.cancelled, "Cancelled.")),
                    progress: given.steps.map { _ in .waiting }))
            #expect(try await scene.state(of: "41:00.0") == .free)
        }
    }

    @Test func `of a restart whose first half is done is to cancel it, and the VM stays off`() async throws {
        try await Self.starting { scene, _ in
            try await scene.agent.work()
            let restart = try await scene.plane.restartVM("one", API.PowerRequest(force: true), dryRun: false).plans[0]
            try await scene.agent.workOnce()
            let second = try await Self.handedOut(scene)
            _ = try await scene.plane.cancelPlan(restart.id, dryRun: false)
            let refusal = try await problem { try await scene.plane.begin(second, host: "atlas") }
            #expect(refusal.code == .cancelled)
            let over = try await scene.plane.plan(restart.id)
            #expect(over.problem?.code == "cancelled")
            #expect(over.problem?.detail.hasPrefix("one is off: it was stopped") == true)
            try await scene.agent.work()
            #expect(try await scene.plane.vm("one").state == .shutOff)
            #expect(try await scene.state(of: "41:00.0") == .free)
        }
    }

    @Test func `of waiting for ever is that plans expire`() async throws {
        let time = ManualTime()
        try await Self.starting(time) { scene, plan in
            time.pass(seconds: 599)
            try await scene.plane.expirePlans()
            #expect(try await !scene.plane.plan(plan.id).isOver)
            #expect(
                try await scene.plane.plan(plan.id).waitsFor?.hasPrefix("Host atlas has been offline for 599 s")
                    == true)
            time.pass(seconds: 1)
            try await scene.plane.expirePlans()
            #expect(try await scene.plane.plan(plan.id).problem?.code == "plan-expired")
            #expect(try await scene.state(of: "41:00.0") == .free)
            try await scene.agent.report()
            #expect(try await scene.agent.work().isEmpty)
        }
    }

    @Test func `of a plan that is handed out late is to plan it again`() async throws {
        try await Self.starting { scene, plan in
            let old = try await scene.plane.plan(plan.id)
            await scene.agent.change { host in
                let index = host.functions.firstIndex { $0.address == SampleHost.gpuA }!
                host.functions[index].driver = nil
            }
            try await scene.agent.report()
            let given = try await Self.handedOut(scene)
            #expect(given.steps.count == old.steps.count - 1)
            #expect(try await scene.plane.plan(plan.id).steps.count == given.steps.count)
            try await scene.plane.begin(given, host: "atlas")
        }
    }

    @Test func `of a plan that fits no more is to end it with the reason`() async throws {
        try await Self.starting { scene, plan in
            await scene.agent.change { host in
                host.hostUses[SampleHost.gpuA] = [HostUse(.mount, .critical, chain: ["/", "sdb"])]
            }
            try await scene.agent.report()
            #expect(try await scene.agent.work().isEmpty)
            #expect(try await scene.plane.plan(plan.id).problem?.code == "host-critical")
            #expect(try await scene.plane.vm("one").plan == nil)
        }
    }

    @Test func `of a stuck plan is to look after it and say so`() async throws {
        try await Self.starting { scene, plan in
            try await scene.agent.work(.stuck)
            #expect(try await scene.plane.status().findings.contains { $0.code == "plan-stuck" })
            let finding = try await scene.plane.status().findings.first { $0.code == "plan-stuck" }
            #expect(
                finding?.next.contains { $0.hasSuffix("patchbay plan resolve \(plan.id) --reason TEXT") } == true)
            #expect(try await scene.state(of: "41:00.0") == .allocated)
            #expect(try await scene.plane.plan(plan.id).canBeResolved == true)
            _ = try await scene.plane.resolvePlan(plan.id, Self.why, dryRun: false)
            let after = try await scene.plane.plan(plan.id)
            #expect(after.canBeResolved == nil && !after.canBeUndone && after.canBeRetried == nil)
            #expect(try await !scene.plane.status().findings.contains { $0.code == "plan-stuck" })
            #expect(try await scene.plane.plan(plan.id).resolution?.reason == Self.why.reason)
            #expect(try await scene.store.list("claims/").values.isEmpty)
            let empty = try await problem {
                _ = try await scene.plane.resolvePlan(plan.id, API.Statement(reason: " "), dryRun: false)
            }
            #expect(empty.code == .malformedInput)
        }
    }

    @Test func `of who waits for a host that is removed is to be told that it is gone`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            let waiting = Task { try await problem { _ = try await scene.plane.refreshHost("atlas") } }
            var work: [AgentProtocol.Work] = []
            while work.isEmpty { work = try await scene.plane.work(host: "atlas", waitSeconds: 1) }
            try await Self.lose(scene, time)
            _ = try await Self.allowing { try await scene.plane.removeHost("atlas", dryRun: false) }
            #expect(try await waiting.value.code == .unknownHost)
        }
    }

    @Test func `of a host that is gone is to remove it`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            let connected = try await problem { _ = try await scene.plane.removeHost("atlas", dryRun: false) }
            #expect(connected.code == .wrongState)
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            try await Self.lose(scene, time)
            let refusal = try await problem { _ = try await scene.plane.removeHost("atlas", dryRun: false) }
            #expect(refusal.code == .hostLost)
            #expect(refusal.evidence.contains("VM one may still run"))
            let change = try await Self.allowing { try await scene.plane.removeHost("atlas", dryRun: false) }
            #expect(change.findings.contains { $0.code == "host-lost" })
            #expect(try await scene.plane.hosts().isEmpty)
            #expect(try await scene.plane.vms().isEmpty)
            let kept = try await scene.store.list("").values.map(\.key).filter {
                $0.contains("atlas") || $0.contains("one")
            }
            #expect(kept.isEmpty, "\(kept)")
            let event = try await scene.plane.events(limit: 1)[0]
            #expect(event.sentence.contains("Allowed: host-lost, because: burnt down."))
            try await scene.agent.report()
            #expect(try await scene.plane.hosts().map(\.name) == ["atlas"])
        }
    }

    @Test func `of a host that is gone is the same where its record cannot be read`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            try await scene.makePool()
            try await scene.spoil("hosts/atlas")
            let plane = ControlPlane.forTest(scene.store, time: time, prefix: "r")
            try await Self.lose(Scene(store: scene.store, plane: plane, agent: scene.agent), time)
            let refusal = try await problem { _ = try await plane.dropStored("hosts/atlas", dryRun: false) }
            #expect(refusal.next.lines.last == "Or, if the host is gone for good:  patchbay host remove atlas")
            let job = API.ClaimDraft(
                id: "job", owner: API.ClaimOwner(kind: .system, name: "job"),
                requests: [API.RequestDraft(pool: "gpus")])
            #expect(try await !plane.explain(job).fits)
            _ = try await Self.allowing { try await plane.removeHost("atlas", dryRun: false) }
            let kept = try await scene.store.list("").values.map(\.key).filter { $0.contains("atlas") }
            #expect(kept.isEmpty, "\(kept)")
            let again = try await problem { _ = try await plane.removeHost("atlas", dryRun: false) }
            #expect(again.code == .unknownHost)
        }
    }

    @Test func `of a plan that was under way on a host that is lost is told with it`() async throws {
        let time = ManualTime()
        try await Self.starting(time) { scene, plan in
            let given = try await Self.handedOut(scene)
            try await scene.plane.begin(given, host: "atlas")
            #expect(try await scene.plane.plan(plan.id).canBeResolved == nil)
            try await Self.lose(scene, time)
            #expect(try await scene.plane.plan(plan.id).canBeResolved == true)
            let refusal = try await problem {
                _ = try await scene.plane.resolvePlan(plan.id, Self.why, dryRun: true)
            }
            #expect(refusal.code == .hostLost)
        }
    }

    @Test func `of a VM whose host is lost is to confirm that it is off`() async throws {
        let time = ManualTime()
        try await Self.starting(time) { scene, _ in
            try await scene.agent.work()
            let early = try await problem { _ = try await scene.plane.confirmOff("one", Self.why, dryRun: false) }
            #expect(early.code == .wrongState)
            try await Self.lose(scene, time)
            #expect(try await scene.plane.vm("one").mayStillRun == true)
            let refusal = try await problem { _ = try await scene.plane.startVM("one", dryRun: false) }
            #expect(refusal.code == .hostLost)
            _ = try await scene.plane.confirmOff("one", Self.why, dryRun: false)
            let vm = try await scene.plane.vm("one")
            #expect(vm.mayStillRun == nil)
            #expect(vm.state == .shutOff)
            #expect(try await scene.store.list("claims/").values.isEmpty)
            try await scene.agent.report()
            #expect(try await scene.plane.vm("one").state == .running)
        }
    }

    @Test func `of a claim whose host is lost is to release it with a reason`() async throws {
        let time = ManualTime()
        try await Self.starting(time) { scene, _ in
            try await scene.agent.work()
            let claim = try #require(try await scene.plane.vm("one").claim)
            let early = try await problem { _ = try await scene.plane.releaseClaim(claim, dryRun: false) }
            #expect(early.code == .wrongState)
            try await Self.lose(scene, time)
            let refusal = try await problem { _ = try await scene.plane.releaseClaim(claim, dryRun: false) }
            #expect(refusal.code == .hostLost)
            _ = try await Self.allowing { try await scene.plane.releaseClaim(claim, dryRun: false) }
            #expect(try await scene.store.list("claims/").values.isEmpty)
        }
    }

    @Test func `of a guest that hangs is to reset it, and it keeps what it holds`() async throws {
        try await Self.starting { scene, _ in
            try await scene.agent.work()
            let claim = try await scene.plane.vm("one").claim
            let plan = try await scene.plane.resetVM("one", dryRun: false).plans[0]
            #expect(!plan.canBeUndone)
            #expect(plan.findings.map(\.code) == ["guest-loses-data"])
            try await scene.agent.work()
            #expect(try await scene.plane.plan(plan.id).phase == "applied")
            #expect(try await scene.plane.vm("one").claim == claim)
            #expect(try await scene.state(of: "41:00.0") == .attached)
        }
    }

    @Test func `of silence is to notice it within fifteen seconds`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            time.pass(seconds: 14)
            let quiet = try await scene.plane.host("atlas")
            #expect(quiet.agent.isConnected)
            time.pass(seconds: 1)
            let silent = try await scene.plane.host("atlas")
            #expect(!silent.agent.isConnected)
        }
    }
}

@Suite struct `A risk that is allowed` {
    @Test(arguments: [
        ("host-critical", "cannot-be-allowed"), ("foreign-binding", "cannot-be-allowed"), ("busy", "cannot-be-allowed"),
        ("everything", "cannot-be-allowed"),
    ])
    func `is one of those that a person may take`(_ code: String, _ answer: String) async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                let refusal = try await door.send(.delete, "/v1/hosts/atlas?allow=\(code)&reason=because").problem()
                #expect(refusal.code == answer)
                #expect(
                    refusal.evidence == [
                        "can be allowed: boot-display, data-at-risk, host-lost, device-changed, group-changed, other-device"
                    ])
            }
        }
    }

    @Test(arguments: [
        "allow=host-lost", "reason=because", "allow=host-lost&reason=%20", "allow=host-lost&reason=a%0Ab",
    ])
    func `has a reason of one line`(_ query: String) async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                let refusal = try await door.send(.delete, "/v1/hosts/atlas?\(query)").problem()
                #expect(refusal.code == "malformed-input")
            }
        }
    }

    @Test func `is never one that takes a device from its host`() {
        for code in [ProblemCode.hostCritical, .foreignBinding, .deviceTaken, .groupNotIsolated, .otherAgent] {
            #expect(throws: Problem.self) { try Allowance.check(code) }
        }
    }
}

@Suite struct `Whether the server is well` {
    @Test func `is answered to everybody, and nothing else is`() async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                let answer = try await door.send(.get, "/healthz", headers: [:])
                #expect(answer.status == .ok)
                #expect(answer.body.readableBytes == 0)
                #expect(try await door.send(.get, "/v1/status", headers: [:]).status == .unauthorized)
            }
        }
    }
}
