import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import Testing

@Suite struct `Virtual functions` {
    private static let parent = SampleHost.address("b1:00.0")
    private static let children = [SampleHost.address("b1:01.0"), SampleHost.address("b1:01.1")]

    /// The sample host with a network card that was cut into two.
    private static func inventory() -> Inventory {
        let sample = SampleHost.inventory()
        func port(_ address: PCIAddress, _ device: UInt16, _ group: Int, _ role: PCIRole) -> PCIFunction {
            PCIFunction(
                address: address, id: PCIID(vendor: 0x8086, device: device), deviceClass: PCIClass(0x020000),
                driver: "ice", iommuGroup: IOMMUGroupID(group), numaNode: NUMANode(0), role: role,
                resetMethods: ["flr"], topologyPath: "pci0000:b0/\(address)")
        }
        let ports =
            [port(parent, 0x1593, 44, .physical(total: 8, active: 2, virtualFunctions: children))]
            + children.enumerated().map { port($1, 0x1889, 45 + $0, .virtual(parent: parent, index: $0)) }
        return Inventory(
            host: sample.host, readiness: sample.readiness, functions: sample.functions + ports,
            groups: sample.groups + ports.map { IOMMUGroup(id: $0.iommuGroup!, members: [$0.address]) },
            hostUses: sample.hostUses)
    }

    @Test(.requirements("N7")) func `are attached to a VM that is there already, and are in it after a restart`()
        async throws
    {
        try await Scene.with(ManualTime(), Self.inventory(), guests: ["one"]) { scene in
            let pool = Drafts.pool("ports", [Drafts.rule("functions", "role", "=", "type-VF")])
            _ = try await scene.plane.createPool(pool, dryRun: false)
            #expect(try await scene.plane.vm("one").origin == "adopted")
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            let change = try await scene.plane.attach(
                API.AttachRequest(pool: "ports", count: 2), to: "one", dryRun: false)
            #expect(change.findings.contains { $0.code == "restart-pending" })
            _ = try await scene.plane.restartVM("one", API.PowerRequest(), dryRun: false)
            try await scene.agent.work()
            let vm = try await scene.plane.vm("one")
            #expect(vm.now.map(\.device) == Self.children.map { "atlas/\($0)" })
            #expect(!vm.isRestartPending)
            #expect(try await scene.plane.device("b1:00.0").state == .blocked, "its functions would vanish")
        }
    }
}
