import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

@Suite struct `Devices after a boot` {
    private static let old = try! PCIAddress("41:00.0")
    private static let new = try! PCIAddress("51:00.0")

    /// The bus was numbered anew: the same place, another address.
    private func renumber(_ inventory: inout Inventory) {
        guard let index = inventory.index(of: Self.old), let group = inventory.functions[index].iommuGroup else {
            return
        }
        inventory.functions[index].address = Self.new
        inventory.functions.sort { $0.address < $1.address }
        for index in inventory.groups.indices where inventory.groups[index].id == group {
            inventory.groups[index].members = [Self.new]
        }
    }

    private func swapModel(_ inventory: inout Inventory) {
        guard let index = inventory.index(of: Self.old) else { return }
        inventory.functions[index].id = PCIID(vendor: 0x144d, device: 0xa80a)
        inventory.functions[index].driver = nil
        inventory.functions[index].driverOverride = nil
    }

    @Test(.requirements("C2"), arguments: StoreKind.allCases)
    func `what is held goes with the device, and that is said`(_ kind: StoreKind) async throws {
        try await Scene.with(kind) { scene in
            try await scene.makePool()
            let wish = API.AttachRequest(device: "atlas/41:00.0")
            _ = try await scene.plane.attach(wish, to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            let patient = API.ClaimDraft(
                id: "next", owner: API.ClaimOwner(kind: .system, name: "trainer"),
                requests: [API.RequestDraft(device: "atlas/41:00.0")], waits: true)
            _ = try await scene.plane.createClaim(patient, dryRun: false)
            await scene.agent.change(host: renumber)
            try await scene.agent.report()
            for prefix in ["allocations", "bindings"] {
                #expect(try await scene.store.list("\(prefix)/").values.map(\.key) == ["\(prefix)/atlas/0000:51:00.0"])
            }
            #expect(try await scene.plane.device("51:00.0").binding?.originalDriver == "nvidia")
            let waits = try await scene.plane.claim("next")
            #expect(waits.phase == .pending && waits.requests.map(\.device) == ["atlas/0000:51:00.0"])
            let findings = try await scene.plane.host("atlas").findings
            #expect(findings.contains { $0.code == "device-moved" && $0.subject == "atlas/0000:51:00.0" })
            #expect(!findings.contains { $0.code == "device-changed" })
            let events = try await scene.plane.events(limit: 50)
            #expect(events.contains { $0.sentence.contains("The device at 0000:41:00.0 is now at 0000:51:00.0.") })
        }
    }

    @Test(.requirements("C2")) func `another device in the place is held until a person has looked`() async throws {
        try await Scene.with { scene in
            try await scene.makePool("ready", ["41:00.0"], .eager)
            try await scene.agent.work()
            await scene.agent.change(host: swapModel)
            try await scene.agent.report()
            let device = try await scene.plane.device("41:00.0")
            #expect(device.state == .blocked)
            #expect(device.reason.contains("The model was 10de:20b5 and is now 144d:a80a."))
            let finding = try #require(
                try await scene.plane.host("atlas").findings.first { $0.code == "device-changed" })
            #expect(finding.subject == "atlas/0000:41:00.0")
            #expect(finding.next.last == "Or forget the earlier device:  patchbay device release atlas/41:00.0")
        }
    }
}
