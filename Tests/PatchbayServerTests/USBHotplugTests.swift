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
            // It may be back at once: it counts as missing only when it has left the guest.
            try await live.until { try await live.tcp.device("atlas/usb-1-2").reason.contains("It was unplugged") }
            #expect(try await live.tcp.device("atlas/usb-1-2").state == .attached)
            #expect(try await live.tcp.claims(API.ClaimQuery()).flatMap(\.findings).isEmpty)
            while try await !Self.guest(live).pulledDevices.isEmpty {
                try await Task.sleep(for: .milliseconds(500))
                time.pass(seconds: 1)
            }
            try await live.until { try await live.tcp.vm("one").plan == nil }
            #expect(try await Self.guest(live).definedDevices.isEmpty)
            let claims = try await live.tcp.claims(API.ClaimQuery())
            #expect(claims.map(\.phase) == [.attached])
            let gone = try await live.tcp.device("atlas/usb-1-2")
            #expect(gone.state == .missing && gone.verdict == .unknown && gone.vm == "one")
            #expect(gone.name == "DataTraveler" && gone.vendorID == "0951" && gone.deviceID == "1666")
            let missing = try await live.tcp.devices(API.DeviceQuery(kind: .usb, filter: "state=missing vendor=0951"))
            #expect(missing.map(\.id) == ["atlas/usb-1-2"])
            #expect(try await live.tcp.survey(host: "atlas").usb.map(\.serial) == ["E0D55EA574"])
            #expect(try await live.tcp.vm("one").now.map(\.name) == ["DataTraveler"])
            #expect(claims.flatMap(\.devices).map(\.name) == ["DataTraveler"])
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
        var domain = SampleHost.domain("one", .running)
        domain.lacksUSBController = true
        try await Self.beside(domain) { plane, _ in
            let change = try await plane.attach(API.AttachRequest(pool: "sticks"), to: "one", dryRun: false)
            #expect(change.plans.isEmpty && change.findings.map(\.code).contains("no-usb-controller"))
            #expect(try await plane.vm("one").requests.map(\.pool) == ["sticks"])
        }
    }

    /// A VM that runs on a host with one stick in a pool.
    private static func beside(
        _ domain: Domain = SampleHost.domain("one", .running),
        _ body: (ControlPlane, ScriptedAgent) async throws -> Void
    ) async throws {
        let plane = ControlPlane.forTest(MemoryStore())
        var inventory = SampleHost.inventory()
        inventory.usb = [Self.stick(at: Self.first)]
        let agent = ScriptedAgent(plane, inventory, domains: [domain])
        try await agent.report()
        let request = API.PassthroughRequest(
            devices: ["atlas/usb-1-2"], pool: "sticks", create: API.PoolDraft(kind: .usb))
        _ = try await plane.makePassthrough(request, dryRun: false)
        try await body(plane, agent)
    }

    @Test(.requirements("V41")) func `are asked for by serial number, which only one of them may have`() async throws {
        try await Self.beside { plane, agent in
            #expect(try await plane.device("serial=e0d55ea574").id == "atlas/usb-1-2")
            let change = try await plane.attach(
                API.AttachRequest(device: "atlas/serial=E0D55EA574"), to: "one", dryRun: false)
            #expect(change.plans.count == 1)
            try await agent.workOnce()
            #expect(try await plane.vm("one").requests.map(\.device) == ["atlas/usb-1-2"])
            for (name, code) in [
                ("serial=E0D55EA575", ProblemCode.unknownDevice), ("borealis/serial=E0D55EA574", .unknownHost),
                ("serial=", .malformedAddress), ("serial=0123456789", .malformedAddress),
            ] {
                let refusal = await #expect(throws: Problem.self) { _ = try await plane.device(name) }
                #expect(refusal?.code == code && refusal?.next.isEmpty == false, "\(name)")
            }
            await agent.change { host in
                var twin = Self.stick(at: Self.second)
                twin.deviceNumber = 3
                host.usb.append(twin)
            }
            try await agent.report()
            let refusal = await #expect(throws: Problem.self) { _ = try await plane.device("serial=E0D55EA574") }
            #expect(refusal?.code == .ambiguousName)
            #expect(refusal?.evidence == ["atlas/usb-1-2", "atlas/usb-1-3.1"])
        }
    }

    @Test func `are not asked for any more where putting them in has failed`() async throws {
        try await Self.beside { plane, agent in
            let change = try await plane.attach(API.AttachRequest(pool: "sticks"), to: "one", dryRun: false)
            let plan = try #require(change.plans.first?.id)
            #expect(try await plane.vm("one").requests.map(\.pool) == ["sticks"])
            try await agent.workOnce(.rolledBack)
            #expect(try await plane.plan(plan).phase == "rolled-back")
            #expect(try await plane.vm("one").requests.isEmpty)
            #expect(try await plane.claims(API.ClaimQuery()).isEmpty)
            let again = try await plane.attach(API.AttachRequest(pool: "sticks"), to: "one", dryRun: false)
            #expect(again.plans.count == 1)
            try await agent.workOnce()
            #expect(try await plane.vm("one").requests.map(\.pool) == ["sticks"])
        }
    }

    @Test func `that somebody else has are asked for from the next start on, and why is said`() async throws {
        try await Self.beside { plane, _ in
            let draft = API.ClaimDraft(
                owner: API.ClaimOwner(kind: .system, name: "slurm/1"),
                requests: [API.RequestDraft(pool: "sticks", count: 1)])
            _ = try await plane.createClaim(draft, dryRun: false)
            let change = try await plane.attach(API.AttachRequest(pool: "sticks"), to: "one", dryRun: false)
            #expect(change.plans.isEmpty)
            let finding = try #require(change.findings.first { $0.code == "nothing-to-plug-in" })
            #expect(finding.sentence.contains("system slurm/1"), "\(finding)")
            let device = try await plane.device("atlas/usb-1-2")
            #expect(device.holder == "system slurm/1" && device.vm == nil)
        }
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
