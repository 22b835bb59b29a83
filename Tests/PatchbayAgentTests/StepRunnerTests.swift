import PatchbayCore
import PatchbayHost
import PatchbayLab
import PatchbayTesting
import Testing

@Suite struct `The step runner` {
    private let world = AgentWorld()
    private let card = AgentWorld.card
    private var runner: StepRunner {
        StepRunner(kernel: world.kernel, hypervisor: world.hypervisor, clock: SteppingClock())
    }

    private func problem(_ body: () async throws -> Void) async throws -> Problem? {
        do {
            try await body()
            return nil
        } catch let problem as Problem {
            return problem
        }
    }

    @Test(.requirements("O12", "O16", "O17"))
    func `moves a device to vfio-pci and is done when the driver link says so`() async throws {
        try await runner.perform(.loadModule("vfio-pci"))
        try await runner.perform(.unbind(card, from: "igb"))
        try await runner.perform(.setOverride(card, from: nil, to: "vfio-pci"))
        try await runner.perform(.probe(card, to: "vfio-pci"))
        #expect(
            try await world.kernel.driverState(of: card) == DriverState(driver: "vfio-pci", override: "vfio-pci"))
    }

    @Test func `does not believe a probe that says yes and binds nothing`() async throws {
        await world.kernel.set(card, driver: nil, override: "no-such-driver")
        let problem = try await problem { try await runner.perform(.probe(card, to: "vfio-pci")) }
        #expect(problem?.code == .driverDidNotBind)
        #expect(problem?.detail == "Driver vfio-pci did not bind 42:00.0.")
        #expect(problem?.evidence == ["driver now: none", "override now: no-such-driver"])
    }

    @Test func `keeps the errno of a refused write as the cause`() async throws {
        await world.kernel.fail(write: 1, .refuse("EBUSY"))
        let problem = try await problem { try await runner.perform(.unbind(card, from: "igb")) }
        #expect(problem?.code == .kernelRefused)
        #expect(problem?.cause == "EBUSY")
    }

    @Test(arguments: [PlanFixture.single, .release, .start, .stop])
    func `may perform a step again that is in effect`(_ fixture: PlanFixture) async throws {
        let world = try await fixture.world()
        let runner = StepRunner(kernel: world.kernel, hypervisor: world.hypervisor, clock: SteppingClock())
        for step in fixture.plan.steps {
            try await runner.perform(step)
            #expect(try await runner.isInEffect(step))
            let snapshot = try await world.snapshot()
            try await runner.perform(step)
            #expect(try await world.snapshot() == snapshot)
        }
    }

    @Test(arguments: PlanFixture.all) func `takes back what was never done`(_ fixture: PlanFixture) async throws {
        for outcome in [StepRunner.Outcome.failed, .unknown] {
            let world = try await fixture.world()
            let runner = StepRunner(kernel: world.kernel, hypervisor: world.hypervisor, clock: SteppingClock())
            let before = try await world.snapshot()
            let first = try #require(fixture.plan.steps.first { $0.wayBack != .notNeeded })
            try await runner.takeBack(first, after: outcome)
            #expect(try await world.snapshot() == before)
        }
    }

    /// Each expects something that is not so: the code it is refused with.
    private static let surprises: [(Step, ProblemCode)] = [
        (.unbind(AgentWorld.card, from: "ixgbe"), .changedMeanwhile),
        (.unbind(AgentWorld.bare, from: "igb"), .changedMeanwhile),
        (.setOverride(AgentWorld.card, from: "vfio-pci", to: nil), .changedMeanwhile),
        (.probe(AgentWorld.card, to: "vfio-pci"), .changedMeanwhile),
        (.unbind(try! PCIAddress("7f:00.0"), from: "igb"), .unknownDevice),
        (.plug(vm: "nobody", devices: [AgentWorld.card.key]), .unknownVM),
        (.startVM("nobody"), .unknownVM),
        (.defineVM(AgentWorld.spec), .alreadyExists),
        (.undefineVM(AgentWorld.spec), .wrongState),
        (.startVM(AgentWorld.vm), .wrongState),
    ]

    @Test(arguments: surprises.indices) func `refuses a step whose start is not so`(_ index: Int) async throws {
        let (step, code) = Self.surprises[index]
        try await world.hypervisor.define(AgentWorld.spec)
        try await world.hypervisor.start(AgentWorld.vm)
        let before = try await world.snapshot()
        let problem = try await problem { _ = try await runner.check(step) }
        #expect(problem?.code == code)
        #expect(problem?.next.isEmpty == false)
        #expect(try await world.snapshot() == before)
    }

    @Test func `takes no device that does not answer, and gives one back all the same`() async throws {
        await world.kernel.setSilence(Silence(.allOnes), of: card)
        let taking = try await problem { _ = try await runner.check(.unbind(card, from: "igb")) }
        #expect(taking?.code == .deviceSilent)
        #expect(taking?.evidence == ["\(card): its config space reads as all ones"])
        await world.kernel.set(card, driver: nil, override: nil)
        let probing = try await problem { _ = try await runner.check(.probe(card, to: "vfio-pci")) }
        #expect(probing?.code == .deviceSilent)
        #expect(try await runner.check(.probe(card, to: "igb")) == .holds)
        await world.kernel.set(card, driver: "vfio-pci", override: "vfio-pci")
        #expect(try await runner.check(.unbind(card, from: "vfio-pci")) == .holds)
    }

    @Test func `has nothing to do where somebody else did it`() async throws {
        try await world.hypervisor.define(AgentWorld.spec)
        #expect(try await runner.check(.stopVM(AgentWorld.vm, timeoutSeconds: 1, force: false)) == .alreadySo)
        #expect(try await runner.check(.unplug(vm: AgentWorld.vm, devices: [card.key])) == .alreadySo)
        try await world.hypervisor.plug([card.key], into: AgentWorld.vm)
        #expect(try await runner.check(.plug(vm: AgentWorld.vm, devices: [card.key])) == .alreadySo)
        #expect(try await runner.check(.unplug(vm: AgentWorld.vm, devices: [card.key])) == .holds)
        let both = Step.plug(vm: AgentWorld.vm, devices: [card.key, AgentWorld.bare.key])
        #expect(try await problem { _ = try await runner.check(both) }?.code == .changedMeanwhile)
    }

    @Test func `never unbinds a device that a running VM holds`() async throws {
        let world = try await PlanFixture.stop.world()
        let runner = StepRunner(kernel: world.kernel, hypervisor: world.hypervisor, clock: SteppingClock())
        let unbind = Step.unbind(AgentWorld.gpu, from: "vfio-pci")
        let held = try await problem { _ = try await runner.check(unbind) }
        #expect(held?.code == .inUse)
        #expect(held?.evidence == ["0000:41:00.0 → VM trainer-01, running"])
        await world.hypervisor.goAway()
        let unknown = try await problem { _ = try await runner.check(unbind) }
        #expect(unknown?.code == .hypervisorUnreachable, "who cannot be asked may hold it")
        await world.hypervisor.comeBack()
        await world.hypervisor.powerOff(AgentWorld.vm)
        #expect(try await runner.check(unbind) == .holds)
    }

    @Test(.requirements("V39")) func `starts no VM with a device that another running one holds`() async throws {
        let world = try await PlanFixture.stop.world()
        let runner = StepRunner(kernel: world.kernel, hypervisor: world.hypervisor, clock: SteppingClock())
        try await world.hypervisor.define(HypervisorContract.spec("other"))
        try await world.hypervisor.plug([AgentWorld.gpu.key], into: "other")
        let problem = try await problem { _ = try await runner.check(.startVM("other")) }
        #expect(problem?.code == .deviceTaken)
        #expect(problem?.evidence == ["0000:41:00.0 → VM trainer-01, running"])
    }

    @Test func `waits for an effect no longer than it is told, on its own clock`() async throws {
        let clock = SteppingClock()
        let runner = StepRunner(
            kernel: world.kernel, hypervisor: world.hypervisor, clock: clock,
            patience: StepRunner.Patience(effect: .seconds(60), interval: .seconds(1)))
        await world.kernel.fail(write: 1, .swallow)
        let start = clock.now
        #expect(try await problem { try await runner.perform(.unbind(card, from: "igb")) }?.code == .kernelRefused)
        #expect(start.duration(to: clock.now) == .seconds(60))
    }
}
