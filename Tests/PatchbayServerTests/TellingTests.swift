import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

@Suite struct `What is told of a plan or a device` {
    @Test func `is since when the step under way has been running`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            try await scene.makePool()
            let plan = try await scene.plane.prepareDevices(["41:00.0"], dryRun: false).plans[0]
            for case .apply(let given) in try await scene.plane.work(host: "atlas", waitSeconds: 0) {
                try await scene.plane.begin(given, host: "atlas")
            }
            func tell(_ first: StepProgress) async throws {
                let rest = plan.steps.dropFirst().map { _ in StepProgress.waiting }
                try await scene.plane.progress(
                    AgentProtocol.Progress(plan: plan.id, phase: .running, progress: [first] + rest), host: "atlas")
            }
            time.pass(seconds: 3)
            try await tell(.running)
            let began = time.now
            time.pass(seconds: 5)
            let told = try await scene.plane.plan(plan.id)
            #expect(told.steps[0].startedAt == began)
            #expect(told.steps.dropFirst().allSatisfy { $0.startedAt == nil })
            try await tell(.done(milliseconds: 5000))
            let after = try await scene.plane.plan(plan.id)
            #expect(after.steps.allSatisfy { $0.startedAt == nil })
        }
    }

    @Test(arguments: [Pool.Preparation.eager, .onDemand])
    func `is whether it stays ready when its VM stops`(_ preparation: Pool.Preparation) async throws {
        try await Scene.with { scene in
            try await scene.makePool("gpus", ["41:00.0"], preparation)
            try await scene.agent.work()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            let device = try await scene.plane.device("41:00.0")
            #expect(device.state == .attached)
            #expect(device.binding?.staysReady == (preparation == .eager ? true : nil))
            _ = try await scene.plane.stopVM("one", API.PowerRequest(), dryRun: false)
            try await scene.agent.work()
            let driver = try await scene.plane.device("41:00.0").driver
            #expect(driver == (preparation == .eager ? "vfio-pci" : "nvidia"))
        }
    }
}
