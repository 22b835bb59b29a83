import PatchbayAPI
import PatchbayAgent
import PatchbayCore
import PatchbayHost
import PatchbayLab
import PatchbayTesting
import PatchbayText
import Testing

/// What happens to a host between the making of a plan and its writes, with the wiring that the agent ships with.
@Suite struct `Right before a write` {
    struct Use: Sendable, CustomTestStringConvertible {
        var reason: HostUse.Reason
        var severity: HostUse.Severity
        var testDescription: String { "\(reason.rawValue) \(severity.rawValue)" }
        var use: HostUse { HostUse(reason, severity, chain: ["x", "0000:41:00.0"]) }

        /// Who holds a device is looked at by itself, in tests of their own.
        static let all = HostUse.Reason.allCases.flatMap { reason in
            reason == .holder ? [] : HostUse.Severity.allCases.map { Use(reason: reason, severity: $0) }
        }
    }

    private static func plan(
        _ change: (DeviceUnit) -> Change, _ address: PCIAddress, on world: AgentWorld
    ) async throws -> Plan {
        let inventory = try await world.kernel.inventory()
        let unit = try #require(inventory.unit(of: address))
        let usage = Usage(domains: try await world.hypervisor.domains())
        return try Planner(inventory: inventory, usage: usage).plan(change(unit), id: "p-taking")
    }

    private static func refusal(_ phase: PlanPhase) -> Problem? {
        if case .rolledBack(let problem) = phase { problem } else { nil }
    }

    @Test(.requirements("V8"), arguments: Use.all, [AgentWorld.gpu, AgentWorld.audio])
    func `every use that would have stopped the plan stops it`(_ use: Use, _ used: PCIAddress) async throws {
        let world = AgentWorld()
        let plan = try await Self.plan({ .prepare([$0]) }, AgentWorld.gpu, on: world)
        await world.kernel.setUses([use.use], of: used)
        let now = try await world.kernel.inventory()
        let unit = try #require(now.unit(of: AgentWorld.gpu))
        let expected = Planner(inventory: now, usage: Usage()).refusal(toTake: [unit], for: nil)
        let ending = await world.applier().apply(plan)
        #expect(Self.refusal(ending.phase)?.code == expected?.code)
        #expect((ending.phase == .applied) == (expected == nil))
        #expect(await world.kernel.writeCount == 0)
    }

    @Test(.requirements("V8"))
    func `a disk that was mounted meanwhile is left alone, with the chain`() async throws {
        let world = AgentWorld()
        let plan = try await Self.plan({ .prepare([$0]) }, AgentWorld.card, on: world)
        let chain = ["/data", "nvme1n1p1", "nvme1n1", "0000:42:00.0"]
        await world.kernel.setUses([HostUse(.mount, .inUse, chain: chain)], of: AgentWorld.card)
        let problem = Self.refusal(await world.applier().apply(plan).phase)
        #expect(problem?.code == .inUse)
        #expect(problem?.detail == "Cannot hand over atlas/42:00.0: the host uses it.")
        #expect(problem?.evidence == ["mounted file system: /data → nvme1n1p1 → nvme1n1 → 0000:42:00.0"])
        #expect(try await world.kernel.driverState(of: AgentWorld.card)?.driver == "igb")
    }

    @Test(arguments: [HostUse.Severity.critical, .inUse, .unknown])
    func `a use that begins in the middle of a plan has what was done taken back`(
        _ severity: HostUse.Severity
    ) async throws {
        let world = AgentWorld()
        let plan = try await Self.plan({ .prepare([$0]) }, AgentWorld.gpu, on: world)
        let before = try await world.snapshot()
        let kernel = world.kernel
        let applier = world.applier { progress in
            guard case .done = progress.progress[1], progress.progress[2] == .waiting else { return }
            await kernel.setUses([HostUse(.console, severity, chain: ["0000:41:00.1"])], of: AgentWorld.audio)
        }
        #expect(Self.refusal(await applier.apply(plan).phase) != nil)
        await kernel.setUses([], of: AgentWorld.audio)
        #expect(try await world.snapshot() == before)
    }

    @Test(.requirements("V8"))
    func `a device on vfio-pci that a program has opened goes into no VM`() async throws {
        let world = AgentWorld()
        try await world.hand([AgentWorld.gpu, AgentWorld.audio])
        try await world.hypervisor.define(AgentWorld.spec)
        let plan = try await Self.plan(
            { .start(vm: AgentWorld.vm, claim: nil, units: [$0]) }, AgentWorld.gpu, on: world)
        #expect(plan.steps.map(\.verb) == ["plug", "start"])
        let program = DeviceHolder(pid: 77, command: "dpdk-testpmd", node: "/dev/vfio/10", unit: "router.service")
        await world.kernel.setPrograms([program], of: AgentWorld.audio)
        let problem = Self.refusal(await world.applier().apply(plan).phase)
        #expect(problem?.code == .inUse)
        #expect(problem?.next.lines.first == "systemctl stop router.service")
        #expect(try await world.hypervisor.domains().first?.definedDevices == [])
        await world.kernel.setPrograms([], of: AgentWorld.audio)
        let again = await world.applier().apply(
            Plan(
                id: "p-again", host: plan.host, change: plan.change, title: plan.title, basis: plan.basis,
                steps: plan.steps))
        #expect(again.phase == .applied)
    }

    @Test func `a device that another VM only names goes into the VM that the server gave it to`() async throws {
        let world = AgentWorld()
        try await world.hand([AgentWorld.card])
        try await world.hypervisor.define(AgentWorld.spec)
        let plan = try await Self.plan(
            { .start(vm: AgentWorld.vm, claim: nil, units: [$0]) }, AgentWorld.card, on: world)
        try await world.hypervisor.define(HypervisorContract.spec("another"))
        try await world.hypervisor.plug([AgentWorld.card.key], into: "another")
        #expect(await world.applier().apply(plan).phase == .applied)
    }

    @Test(.requirements("V8"))
    func `a disk that only the definition of a VM names is not taken from under its file system`() async throws {
        let world = AgentWorld()
        try await world.hypervisor.define(AgentWorld.spec)
        try await world.hypervisor.plug([AgentWorld.card.key], into: AgentWorld.vm)
        let planner = Planner(
            inventory: try await world.kernel.inventory(), usage: Usage(domains: try await world.hypervisor.domains()))
        let plan = try planner.plan(.start(vm: AgentWorld.vm, claim: nil, units: []), id: "p-start")
        let mount = HostUse(.mount, .inUse, chain: ["/data", "nvme1n1", "0000:42:00.0"])
        await world.kernel.setUses([mount], of: AgentWorld.card)
        let problem = Self.refusal(await world.applier().apply(plan).phase)
        #expect(problem?.code == .inUse)
        #expect(problem?.evidence.first == mount.sentence)
        #expect(try await world.hypervisor.domains().first?.state == .shutOff)
    }

    @Test func `a device on vfio-pci that a program has opened is not taken from under it`() async throws {
        let world = try await PlanFixture.release.world()
        let program = DeviceHolder(pid: 77, command: "dpdk-testpmd", node: "/dev/vfio/11", unit: "router.service")
        await world.kernel.setPrograms([program], of: AgentWorld.card)
        let problem = Self.refusal(await world.applier().apply(PlanFixture.release.plan).phase)
        #expect(problem?.code == .inUse)
        #expect(problem?.next.lines.first == "systemctl stop router.service")
        #expect(try await world.kernel.driverState(of: AgentWorld.card)?.driver == "vfio-pci")
    }

    /// A stop whose last write but one fails, after the host has these uses of what was given back.
    private static func failedStop(_ uses: [HostUse]) async throws -> (world: AgentWorld, phase: PlanPhase) {
        let world = try await PlanFixture.stop.world()
        let unit = try #require(try await world.kernel.inventory().unit(of: AgentWorld.gpu))
        var plan = PlanFixture.stop.plan
        plan.change = .stop(vm: AgentWorld.vm, claim: "c-1", units: [unit], giveBack: [unit], force: false)
        let kernel = world.kernel
        let given = try #require(plan.steps.firstIndex(of: .probe(AgentWorld.gpu, to: "nvidia")))
        let applier = world.applier { progress in
            guard case .done = progress.progress[given], progress.progress[given + 1] == .waiting else { return }
            await kernel.setUses(uses, of: AgentWorld.gpu)
            await kernel.fail(write: kernel.writeCount + 1, .refuse("EIO"))
        }
        return (world, await applier.apply(plan).phase)
    }

    @Test func `a card that was lent as the boot display is taken again without asking`() async throws {
        let before = try await PlanFixture.stop.world().snapshot()
        let (world, phase) = try await Self.failedStop(
            [HostUse(.bootDisplay, .critical, chain: ["efifb", "0000:41:00.0"])])
        #expect(Self.refusal(phase)?.code == .kernelRefused)
        await world.kernel.setUses([], of: AgentWorld.gpu)
        #expect(try await world.snapshot() == before)
        let (_, other) = try await Self.failedStop([HostUse(.console, .critical, chain: ["tty1", "0000:41:00.0"])])
        #expect(Self.refusal(other) == nil, "taken from under the console")
    }

    @Test func `a probe that bound nothing is taken back without asking`() async throws {
        let world = try await PlanFixture.stop.world()
        let before = try await world.snapshot()
        let kernel = world.kernel
        let plan = PlanFixture.stop.plan
        let probe = try #require(plan.steps.firstIndex(of: .probe(AgentWorld.gpu, to: "nvidia")))
        let applier = world.applier { progress in
            guard case .done = progress.progress[probe - 1], progress.progress[probe] == .waiting else { return }
            await kernel.setUses([HostUse(.console, .inUse, chain: ["tty1", "0000:41:00.0"])], of: AgentWorld.gpu)
            await kernel.fail(write: kernel.writeCount + 1, .refuse("EIO"))
        }
        #expect(Self.refusal(await applier.apply(plan).phase)?.code == .kernelRefused)
        await kernel.setUses([], of: AgentWorld.gpu)
        #expect(try await world.snapshot() == before)
    }

    @Test func `a function that was given back and is in use by now is not taken again`() async throws {
        let world = try await PlanFixture.stop.world()
        let plan = PlanFixture.stop.plan
        let kernel = world.kernel
        let given = try #require(plan.steps.firstIndex(of: .probe(AgentWorld.gpu, to: "nvidia")))
        let applier = world.applier { progress in
            guard case .done = progress.progress[given], progress.progress[given + 1] == .waiting else { return }
            await kernel.setUses([HostUse(.console, .inUse, chain: ["tty1", "0000:41:00.0"])], of: AgentWorld.gpu)
            await kernel.fail(write: kernel.writeCount + 1, .refuse("EIO"))
        }
        guard case .stuck(let problem, let left) = await applier.apply(plan).phase else {
            Issue.record("taken from under its user")
            return
        }
        #expect(left.last == .probe(AgentWorld.gpu, to: "nvidia"))
        #expect(problem.evidence.contains { $0.contains("the host uses it") })
        #expect(try await kernel.driverState(of: AgentWorld.gpu)?.driver == "nvidia")
    }
}
