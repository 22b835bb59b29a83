import PatchbayAPI
import PatchbayClient
import PatchbayCore
import PatchbayLab
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

/// The real server and the real agent on a simulated host, whose devices are plugged in and pulled.
@Suite(.timeLimit(.minutes(10))) struct `USB devices and a running VM` {
    private static let first = USBAddress(kernelName: "1-2")!
    private static let second = USBAddress(kernelName: "1-3.1")!

    private static func stick(at address: USBAddress) -> USBDevice {
        USBDevice(
            address: address, port: USBPort(controller: SampleHost.usb), deviceNumber: 2, vendor: 0x0951,
            product: 0x1666, productName: "DataTraveler", serial: "E0D55EA574", isSerialUnique: true,
            interfaces: [USBInterface(number: 0, interfaceClass: 0x08, driver: "usb-storage")])
    }

    /// A VM that runs and has the stick by a pool.
    private static func withStick(
        time: ManualTime = ManualTime(), _ body: @escaping @Sendable (LiveServer) async throws -> Void
    ) async throws {
        try await LiveServer.with(time: time) { live in
            let client = live.tcp
            await live.kernel.plugIn(stick(at: first))
            try await live.until { try await client.vms().count == 1 }
            try await live.until { try await client.survey(host: "atlas").usb.map(\.name) == ["1-2"] }
            let request = API.PassthroughRequest(
                devices: ["atlas/usb-1-2"], pool: "sticks", create: API.PoolDraft(kind: .usb))
            _ = try await client.makePassthrough(request, dryRun: false)
            try await live.applied(client.startVM("one", dryRun: false))
            try await live.applied(client.attach(API.AttachRequest(pool: "sticks"), to: "one", dryRun: false))
            try await body(live)
        }
    }

    private static func pull(_ address: USBAddress, _ live: LiveServer) async {
        await live.hypervisor.pulled(.usb(address))
        await live.kernel.pull(address)
    }

    private static func guest(_ live: LiveServer) async throws -> Domain {
        try #require(await live.hypervisor.domains().first)
    }

    @Test(.requirements("V41")) func `go in at once, and out of it back to their driver`() async throws {
        try await Self.withStick { live in
            let guest = try await Self.guest(live)
            #expect(guest.liveDevices == [.usb(Self.first)] && guest.definedDevices == [.usb(Self.first)])
            try await live.applied(live.tcp.detach(API.DetachRequest(pool: "sticks"), from: "one", dryRun: false))
            let after = try await Self.guest(live)
            #expect(after.liveDevices.isEmpty && after.definedDevices.isEmpty && after.state == .running)
            #expect(try await live.kernel.inventory()[Self.first]?.interfaces.map(\.driver) == ["usb-storage"])
            #expect(try await live.tcp.claims(API.ClaimQuery()).isEmpty)
        }
    }

    @Test(.requirements("V41", "V42"))
    func `leave it when they are pulled, stay its own, and are in it again wherever they are plugged in`()
        async throws
    {
        let time = ManualTime()
        try await Self.withStick(time: time) { live in
            await Self.pull(Self.first, live)
            while try await !Self.guest(live).pulledDevices.isEmpty {
                try await Task.sleep(for: .milliseconds(500))
                time.pass(seconds: 1)
            }
            try await live.until { try await live.tcp.vm("one").plan == nil }
            #expect(try await Self.guest(live).definedDevices.isEmpty)
            let claims = try await live.tcp.claims(API.ClaimQuery())
            #expect(claims.map(\.phase) == [.attached])
            let others = await #expect(throws: Problem.self) {
                _ = try await live.tcp.createClaim(
                    API.ClaimDraft(
                        owner: API.ClaimOwner(kind: .system, name: "other"),
                        requests: [API.RequestDraft(pool: "sticks")]), dryRun: false)
            }
            #expect(others?.code == .noFit)

            await live.kernel.plugIn(Self.stick(at: Self.second))
            let start = ContinuousClock.now
            try await live.until { try await Self.guest(live).liveDevices == [.usb(Self.second)] }
            print("a device that was plugged in again was in its VM after \(ContinuousClock.now - start)")
            #expect(try await Self.guest(live).definedDevices == [.usb(Self.second)])
        }
    }

    @Test func `wait for the next start of one that runs without a USB controller, which is said`() async throws {
        let plane = ControlPlane.forTest(MemoryStore())
        var inventory = SampleHost.inventory()
        inventory.usb = [Self.stick(at: Self.first)]
        var domain = SampleHost.domain("one", .running)
        domain.lacksUSBController = true
        try await ScriptedAgent(plane, inventory, domains: [domain]).report()
        let request = API.PassthroughRequest(
            devices: ["atlas/usb-1-2"], pool: "sticks", create: API.PoolDraft(kind: .usb))
        _ = try await plane.makePassthrough(request, dryRun: false)
        let change = try await plane.attach(API.AttachRequest(pool: "sticks"), to: "one", dryRun: false)
        #expect(change.plans.isEmpty && change.findings.map(\.code).contains("no-usb-controller"))
        #expect(try await plane.vm("one").requests.map(\.pool) == ["sticks"])
    }

    @Test func `that come back at once go in again without having left it by a plan of their own`() async throws {
        try await Self.withStick { live in
            await Self.pull(Self.first, live)
            await live.kernel.plugIn(Self.stick(at: Self.first))
            try await live.until { try await Self.guest(live).liveDevices == [.usb(Self.first)] }
            let titles = try await live.tcp.plans(host: nil).map(\.title)
            #expect(!titles.contains { $0.contains("pulled") }, "\(titles)")
        }
    }
}
