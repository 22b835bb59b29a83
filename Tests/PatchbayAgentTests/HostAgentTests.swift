import PatchbayAPI
import PatchbayAgent
import PatchbayCore
import PatchbayHost
import PatchbayLab
import PatchbayTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct `The host agent` {
    /// Runs an agent on the world beside `body`, then stops it.
    private static func run(
        _ world: AgentWorld, _ link: RecordingLink, kernel: (any Kernel)? = nil, domainsEvery: Duration? = nil,
        _ body: () async throws -> Void
    ) async throws {
        var timing = HostAgent.Timing()
        timing.domainsEvery = domainsEvery
        timing.inventoryEvery = nil
        timing.programsEvery = nil
        timing.surveyEvery = nil
        let agent = HostAgent(
            host: "atlas", kernel: kernel ?? world.kernel, hypervisor: world.hypervisor, journal: world.journal,
            link: link,
            logger: AgentWorld.silent, clock: SteppingClock(), timing: timing, random: { 0.5 })
        let running = Task { try await agent.run() }
        try await body()
        running.cancel()
        try await running.value
    }

    @Test func `tells what is on the host, and again only when that changed`() async throws {
        let world = try await PlanFixture.start.world()
        let link = RecordingLink()
        try await Self.run(world, link) {
            let first = try await link.until { $0.reports.count == 1 }
            #expect(first.reports[0].inventory == AgentWorld.inventory)
            #expect(first.reports[0].domains.map(\.name) == [AgentWorld.vm])
            #expect(first.reports[0].agentVersion == AgentProtocol.version)
            await world.kernel.setUses([], of: AgentWorld.bare)
            await world.kernel.set(AgentWorld.card, driver: nil, override: nil)
            let second = try await link.until { $0.reports.count == 2 }
            #expect(second.reports[1].inventory[AgentWorld.card]?.driver == nil)
            try await world.hypervisor.start(AgentWorld.vm)
            let third = try await link.until { !$0.domains.isEmpty }
            #expect(third.domains[0].map(\.state) == [.running])
            #expect(third.reports.count == 2)
        }
    }

    @Test func `reports again when it is asked to, changed or not`() async throws {
        let link = RecordingLink()
        try await Self.run(AgentWorld(), link) {
            _ = try await link.until { $0.reports.count == 1 }
            await link.give(.refresh(number: 7))
            let told = try await link.until { $0.reports.count == 2 }
            #expect(told.reports.map(\.refreshed) == [0, 7])
        }
    }

    /// A reading that began after the first report does not end until the kernel lets go.
    private static func holdReading(of world: AgentWorld, _ slow: SlowKernel, _ link: RecordingLink) async throws {
        _ = try await link.until { $0.reports.count == 1 }
        await slow.hold()
        await world.kernel.set(AgentWorld.bare, driver: "toy", override: nil)
        await slow.untilHeld()
    }

    @Test func `says that it was read again only of what was read after that was asked`() async throws {
        let world = AgentWorld()
        let slow = SlowKernel(world.kernel)
        let link = RecordingLink()
        try await Self.run(world, link, kernel: slow) {
            try await Self.holdReading(of: world, slow, link)
            await link.give(.refresh(number: 7))
            await slow.letGo()
            let told = try await link.until { $0.reports.last?.refreshed == 7 }
            #expect(told.reports.map(\.refreshed) == [0, 0, 7])
        }
    }

    @Test func `applies a plan and has told what became of the host before it says so`() async throws {
        let world = AgentWorld()
        let link = RecordingLink()
        try await Self.run(world, link) {
            await link.give(.apply(PlanFixture.single.plan))
            let told = try await link.until { $0.ending(of: "p-single") != nil }
            #expect(told.ending(of: "p-single") == .applied)
            #expect(told.reports.last?.inventory[AgentWorld.card]?.driver == "vfio-pci")
        }
    }

    @Test func `says that a plan is over only with what was read after it`() async throws {
        let world = AgentWorld()
        let slow = SlowKernel(world.kernel)
        let link = RecordingLink()
        try await Self.run(world, link, kernel: slow) {
            try await Self.holdReading(of: world, slow, link)
            await link.give(.apply(PlanFixture.single.plan))
            _ = try await link.until { $0.progress.last?.progress.contains { $0.isDone } == true }
            await slow.letGo()
            let told = try await link.until { $0.ending(of: "p-single") != nil }
            let before = told.reports.first { $0.inventory[AgentWorld.bare]?.driver == "toy" }
            #expect(before?.endings.isEmpty == true)
            #expect(told.reports.last?.inventory[AgentWorld.card]?.driver == "vfio-pci")
        }
    }

    @Test func `says that the host cannot be read, and reports when it can, changed or not`() async throws {
        let world = AgentWorld()
        let slow = SlowKernel(world.kernel)
        let link = RecordingLink()
        try await Self.run(world, link, kernel: slow) {
            _ = try await link.until { $0.reports.count == 1 }
            await slow.fail(Problem(.timedOut, "Reading the host did not end within 30 s."))
            await link.give(.refresh(number: 7))
            let told = try await link.until { !$0.unreadable.isEmpty }
            #expect(told.unreadable[0].code == .timedOut)
            #expect(told.reports.count == 1)
            await slow.fail(nil)
            _ = try await link.until { $0.reports.count == 2 }
        }
    }

    @Test func `begins no plan that the server says no to, and no plan of another agent`() async throws {
        let world = AgentWorld()
        let link = RecordingLink()
        try await Self.run(world, link) {
            await link.refuse("p-single", Problem(.cancelled, "It was cancelled."))
            await link.give(.apply(PlanFixture.single.plan))
            _ = try await link.until { $0.begun == ["p-single"] }
            var other = PlanFixture.driverless.plan
            other.agent = String(repeating: "c", count: 64)
            await link.give(.apply(other))
            let told = try await link.until { $0.ending(of: "p-driverless") != nil }
            guard case .rolledBack(let problem)? = told.ending(of: "p-driverless") else {
                Issue.record("not refused")
                return
            }
            #expect(problem.code == .otherAgent)
            #expect(told.begun == ["p-single"])
        }
        #expect(try await world.journal.entries().isEmpty)
    }

    @Test func `applies plans one at a time, in the order they came`() async throws {
        let world = try await PlanFixture.start.world()
        let link = RecordingLink()
        try await Self.run(world, link) {
            await link.give(.apply(PlanFixture.single.plan), .apply(PlanFixture.driverless.plan))
            await link.give(.apply(PlanFixture.start.plan))
            _ = try await link.until { $0.ending(of: "p-start") != nil }
        }
        let lines = try await world.journal.entries().map(\.plan)
        let order = lines.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
        #expect(order == ["p-single", "p-driverless", "p-start"])
    }

    @Test func `applies a plan once that is delivered three times`() async throws {
        let world = AgentWorld()
        let link = RecordingLink()
        try await Self.run(world, link) {
            await link.give(.apply(PlanFixture.single.plan), .apply(PlanFixture.single.plan))
            _ = try await link.until { $0.ending(of: "p-single") != nil }
            let endings = await link.told.endings.count
            await link.give(.apply(PlanFixture.single.plan))
            _ = try await link.until { $0.endings.count == endings + 1 }
        }
        #expect(try await world.journal.entries().filter { $0 == .planned(PlanFixture.single.plan) }.count == 1)
    }

    @Test(arguments: [nil, Problem(.malformedInput, "The report's number \"cpuCount\" is -1.")])
    func `keeps the ending of a plan until the server has it`(_ refusal: Problem?) async throws {
        let link = RecordingLink()
        try await Self.run(AgentWorld(), link) {
            _ = try await link.until { $0.reports.count == 1 }
            await link.loseReports(5, because: refusal)
            await link.give(.apply(PlanFixture.single.plan))
            let told = try await link.until { $0.ending(of: "p-single") != nil }
            #expect(told.refusedCalls >= 5)
        }
    }

    @Test func `goes on working while the server is away, and tells everything when it is back`() async throws {
        let world = AgentWorld()
        let link = RecordingLink()
        try await Self.run(world, link) {
            _ = try await link.until { $0.reports.count == 1 && $0.polls > 0 }
            await link.setReachable(false)
            await link.give(.apply(PlanFixture.single.plan))
            _ = try await link.until { $0.refusedCalls > 10 }
            #expect(await link.told.progress.isEmpty)
            #expect(await link.told.endings.isEmpty)
            await link.setReachable(true)
            let told = try await link.until { $0.ending(of: "p-single") != nil }
            #expect(told.ending(of: "p-single") == .applied)
            #expect(told.reports.last?.inventory[AgentWorld.card]?.driver == "vfio-pci")
        }
    }

    @Test func `starts without a server`() async throws {
        let link = RecordingLink(isReachable: false)
        try await Self.run(AgentWorld(), link) {
            _ = try await link.until { $0.refusedCalls > 5 }
            await link.setReachable(true)
            _ = try await link.until { $0.reports.count == 1 }
        }
    }

    @Test func `starts without a hypervisor and sees its guests when it comes`() async throws {
        let world = try await PlanFixture.stop.world()
        await world.hypervisor.goAway()
        let link = RecordingLink()
        try await Self.run(world, link, domainsEvery: .seconds(15)) {
            let told = try await link.until { $0.reports.count == 1 }
            #expect(told.reports[0].domains == [])
            await world.hypervisor.comeBack()
            let later = try await link.until { !$0.domains.isEmpty }
            #expect(later.domains.last?.map(\.name) == [AgentWorld.vm])
        }
    }

    @Test func `does not call guests gone when only the hypervisor is`() async throws {
        let world = try await PlanFixture.stop.world()
        let link = RecordingLink()
        try await Self.run(world, link) {
            _ = try await link.until { $0.reports.count == 1 }
            await world.hypervisor.goAway()
            await link.give(.refresh(number: 7))
            let told = try await link.until { $0.reports.count == 2 }
            #expect(told.reports[1].domains.map(\.state) == [.running])
            #expect(told.domains.isEmpty)
        }
    }

    @Test func `tells what a guest has open with the guest, and of nobody else's device`() async throws {
        let world = try await PlanFixture.stop.world()
        let chain = ["qemu-system-x86", "/dev/vfio/1", AgentWorld.gpu.description]
        let use = HostUse(.holder, .inUse, chain: chain)
        await world.kernel.setUses([use], of: AgentWorld.gpu)
        let link = RecordingLink()
        try await Self.run(world, link) {
            let first = try await link.until { $0.reports.count == 1 }
            #expect(first.reports[0].domains.map(\.liveDevices).joined().contains(AgentWorld.gpu.key))
            #expect(first.reports[0].inventory.hostUses[AgentWorld.gpu] == nil)
            try await world.hypervisor.stop(AgentWorld.vm, timeoutSeconds: 0, force: true)
            let second = try await link.until { $0.reports.count == 2 }
            #expect(second.reports[1].inventory.hostUses[AgentWorld.gpu] == [use])
        }
    }

    @Test func `sees a guest that powered off even when no event says so`() async throws {
        let world = try await PlanFixture.stop.world()
        let link = RecordingLink()
        try await Self.run(world, link, domainsEvery: .seconds(15)) {
            _ = try await link.until { $0.reports.count == 1 }
            await world.hypervisor.goAway()
            await world.hypervisor.powerOff(AgentWorld.vm)
            await world.hypervisor.comeBack()
            let told = try await link.until { !$0.domains.isEmpty }
            #expect(told.domains[0].map(\.state) == [.shutOff])
        }
    }

    @Test func `ends what an earlier agent left, and says so`() async throws {
        let world = try await PlanFixture.start.world()
        let power = PowerSwitch(at: .afterWrite(4))
        _ = await world.applier(power: power).apply(PlanFixture.start.plan)
        let link = RecordingLink()
        try await Self.run(world, link) {
            let told = try await link.until { $0.ending(of: "p-start") != nil }
            #expect(told.ending(of: "p-start")?.word == "rolled-back")
            #expect(told.reports.last?.inventory[AgentWorld.gpu]?.driver == "nvidia")
        }
    }

    @Test func `says how a plan ended that an earlier agent wrote down and did not tell`() async throws {
        let world = AgentWorld()
        _ = await world.applier().apply(PlanFixture.driverless.plan)
        _ = await world.applier().apply(PlanFixture.single.plan)
        let link = RecordingLink()
        try await Self.run(world, link) {
            let told = try await link.until { $0.reports.count == 1 }
            #expect(told.ending(of: "p-single") == .applied)
            #expect(told.reports[0].inventory[AgentWorld.card]?.driver == "vfio-pci")
            #expect(told.ending(of: "p-driverless") == nil, "its successor was handed out, so it was told")
        }
    }

    @Test func `answers questions`() async throws {
        let world = try await PlanFixture.stop.world()
        let link = RecordingLink()
        try await Self.run(world, link) {
            await link.give(.question(id: "q1", .definition(vm: AgentWorld.vm)))
            await link.give(.question(id: "q2", .consoleLog(vm: AgentWorld.vm)))
            let told = try await link.until { $0.answers.count == 2 }
            #expect(String(decoding: told.answers["q1"] ?? [], as: UTF8.self).contains("<name>trainer-01</name>"))
            #expect(told.answers["q2"] == Array("login: ".utf8))
        }
    }

    @Test func `says why a question has no answer`() async throws {
        let world = try await PlanFixture.stop.world()
        let link = RecordingLink()
        try await Self.run(world, link) {
            await link.give(.question(id: "q1", .definition(vm: "nobody")))
            let told = try await link.until { $0.failures["q1"] != nil }
            #expect(told.failures["q1"]?.code == .unknownVM)
            #expect(told.answers.isEmpty)
        }
    }

    @Test func `carries a console both ways until it is closed`() async throws {
        let world = try await PlanFixture.stop.world()
        let link = RecordingLink()
        try await Self.run(world, link) {
            await link.give(
                .consoleOpen(session: "s", vm: AgentWorld.vm), .consoleInput(session: "s", Array("root\n".utf8)))
            _ = try await link.until { $0.console["s"] == Array("root\n".utf8) }
            await world.hypervisor.print(Array("# ".utf8), from: AgentWorld.vm)
            _ = try await link.until { $0.console["s"] == Array("root\n# ".utf8) }
            await link.give(.consoleClose(session: "s"))
            _ = try await link.until { $0.endedConsoles.contains("s") }
            await link.give(.consoleOpen(session: "t", vm: "nobody"))
            let told = try await link.until { $0.endedConsoles.contains("t") }
            #expect(String(decoding: told.console["t"] ?? [], as: UTF8.self) == "There is no VM nobody.\r\n")
        }
    }

    @Test func `leaves plans for other hosts alone`() async throws {
        var plan = PlanFixture.single.plan
        plan.host = "zeus"
        let world = AgentWorld()
        let link = RecordingLink()
        let foreign = plan
        try await Self.run(world, link) {
            await link.give(.apply(foreign))
            let told = try await link.until { $0.ending(of: "p-single") != nil }
            #expect(told.ending(of: "p-single")?.word == "rolled-back")
        }
        #expect(try await world.journal.entries().isEmpty)
    }

    @Test func `does not start on a damaged journal`() async throws {
        struct Damaged: Journal {
            let problem = Problem(.corruptJournal, "Line 1 is damaged.")
            func append(_ entry: JournalEntry) async throws(Problem) { throw problem }
            func entries() async throws(Problem) -> [JournalEntry] { throw problem }
            func findings() async -> [Finding] { [] }
        }
        await #expect(throws: Problem.self) {
            try await Self.run(AgentWorld(journal: Damaged()), RecordingLink()) {}
        }
    }
}

extension StepProgress {
    fileprivate var isDone: Bool {
        switch self {
        case .done: true
        case .waiting, .running, .failed, .undone: false
        }
    }
}

@Suite struct `Waiting before another try` {
    @Test func `doubles, is capped, is shaken, and starts over`() {
        var backoff = Backoff(first: .seconds(1), cap: .seconds(10))
        #expect((0..<6).map { _ in backoff.next(random: 1) } == [1, 2, 4, 8, 10, 10].map { .seconds($0) })
        backoff.reset()
        #expect(backoff.next(random: 0) == .milliseconds(500))
        for _ in 0..<100 { #expect(backoff.next(random: 0.5) <= .seconds(10)) }
    }
}
