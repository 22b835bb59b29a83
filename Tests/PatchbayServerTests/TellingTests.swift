import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

@Suite struct `What is told of a plan or a device` {
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
