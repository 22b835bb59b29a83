import PatchbayAPI
import PatchbayClient
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import Testing

/// What an agent read beside functions and groups, as the API gives it.
@Suite struct `What a host tells` {
    private static func reported(_ body: (ControlPlane, Inventory) async throws -> Void) async throws {
        try await StoreKind.memory.withStore { store in
            let plane = ControlPlane.forTest(store)
            let inventory = LargeHost.inventory(virtualFunctions: 4)
            try await plane.report(
                AgentProtocol.Report(inventory: inventory, domains: [], agentVersion: "test"), host: LargeHost.name)
            try await body(plane, inventory)
        }
    }

    @Test func `is in the answer about one device, and not in lists`() async throws {
        try await Self.reported { plane, inventory in
            let address = inventory.functions[1].address
            let device = try await plane.device("\(LargeHost.name)/\(address)")
            let details = try #require(device.details)
            #expect(details.capabilities?.resets == ["flr"])
            #expect(details.capabilities?.msixVectors == 64)
            #expect(details.link?.speedMTs == 16_000)
            #expect(details.link?.isNarrow == false)
            #expect(details.slot?.name == "4")
            #expect(details.rom?.hasUEFI == true)
            #expect(details.holders?.map(\.command) == ["qemu"])
            #expect(details.mediated?.types.count == 12)
            #expect(details.identity?.recognisedBy.isEmpty == false)
            #expect(try await plane.devices(API.DeviceQuery()).allSatisfy { $0.details == nil })
        }
    }

    @Test func `names the bridges above a device from the top`() async throws {
        try await Self.reported { plane, inventory in
            var inventory = inventory
            inventory.functions[1].role = .plain
            try await plane.report(
                AgentProtocol.Report(inventory: inventory, domains: [], agentVersion: "test"), host: LargeHost.name)
            let device = try await plane.device("\(LargeHost.name)/\(inventory.functions[1].address)")
            #expect(device.details?.path == ["0000:00:01.0"])
        }
    }

    @Test func `is asked for by host, and by port for USB`() async throws {
        try await Self.reported { plane, _ in
            let survey = try await plane.survey(host: LargeHost.name)
            #expect(survey.wasRead)
            #expect(survey.usb.count == 40)
            #expect(survey.mediatedDevices.count == 8)
            let key = try await plane.usbDevice("1-7", host: LargeHost.name)
            #expect(key.id == "colossus/usb-1-7")
            #expect(key.interfaces.first?.className == "human interface")
            #expect(key.verdict == .free)
        }
    }

    @Test func `says when nobody has looked yet`() async throws {
        try await Scene.with { scene in
            let survey = try await scene.plane.survey(host: "atlas")
            #expect(!survey.wasRead)
            #expect(survey.usb.isEmpty)
        }
    }

    @Test(.requirements("V21")) func `carries the verdict and the chain of every device the host needs`() async throws {
        try await Scene.with { scene in
            let disk = try await scene.plane.device("00:17.0")
            #expect(disk.verdict == .critical)
            #expect(disk.hostUses.first?.chain.first == "/")
            #expect(try await scene.plane.device("41:00.0").verdict == .free)
        }
    }

    @Test func `is the same over HTTP`() async throws {
        let inventory = LargeHost.inventory(virtualFunctions: 4)
        try await LiveServer.with { live in
            try await live.unix.report(
                AgentProtocol.Report(inventory: inventory, domains: [], agentVersion: "test"), host: LargeHost.name)
            let survey = try await live.tcp.survey(host: LargeHost.name)
            #expect(survey.platform.numaCells.isEmpty)
            #expect(survey.usb.count == 40)
            #expect(try await live.tcp.usbDevice("1-7", host: LargeHost.name) == survey.usb.first { $0.name == "1-7" })
        }
    }
}
