import PatchbayAPI
import PatchbayAgent
import PatchbayCore
import PatchbayHost
import PatchbayLab
import PatchbayTesting
import PatchbayText
import Testing

@Suite(.timeLimit(.minutes(10))) struct `The applier` {
    private actor Heard {
        private(set) var all: [AgentProtocol.Progress] = []
        func add(_ progress: AgentProtocol.Progress) { all.append(progress) }
    }

    @Test func `writes down what it does before it does it`() async throws {
        let world = try await PlanFixture.driverless.world()
        let plan = PlanFixture.driverless.plan
        _ = await world.applier().apply(plan)
        let lines = try await world.journal.entries()
        #expect(
            lines == [
                .planned(plan), .begin(plan: plan.id, index: 0), .done(plan: plan.id, index: 0, milliseconds: 0),
                .begin(plan: plan.id, index: 1), .done(plan: plan.id, index: 1, milliseconds: 0),
                .begin(plan: plan.id, index: 2), .done(plan: plan.id, index: 2, milliseconds: 0),
                .ended(plan: plan.id, .applied),
            ])
    }

    @Test func `takes back in reverse, the failed step first`() async throws {
        let world = try await PlanFixture.single.world()
        let plan = PlanFixture.single.plan
        await world.kernel.fail(write: 3, .refuse("EIO"))
        let ending = await world.applier().apply(plan)
        let undone = try await world.journal.entries().compactMap { entry in
            if case .beginUndo(_, let index) = entry { index } else { nil }
        }
        #expect(undone == [3, 2, 1], "loading a module is not taken back")
        guard case .rolledBack(let problem) = ending.phase else {
            Issue.record("\(ending.phase.word)")
            return
        }
        #expect(problem.cause == "EIO")
        #expect(ending.progress[0] == .done(milliseconds: 0))
        #expect(ending.progress[1] == .undone(milliseconds: 0))
        #expect(ending.progress[2] == .undone(milliseconds: 0))
        #expect(ending.progress[3] == .failed(problem))
    }

    @Test func `leaves nothing standing of a reset that the hypervisor did not make`() async throws {
        let world = try await PlanFixture.reset.world()
        let refusal = Problem(.hypervisorRefused, "The hypervisor does not want to.")
        await world.hypervisor.fail(call: await world.hypervisor.callCount + 1, refusal)
        let ending = await world.applier().apply(PlanFixture.reset.plan)
        #expect(ending.phase == .rolledBack(refusal))
    }

    @Test func `is at work from its first line in the journal to its last, and not while a plan waits`() async throws {
        let world = try await PlanFixture.driverless.world()
        let underWay = PlansUnderWay()
        let heard = Heard()
        let applier = world.applier(
            underWay: underWay,
            listener: { progress in if !underWay.isEmpty { await heard.add(progress) } })
        #expect(underWay.isEmpty)
        _ = await applier.apply(PlanFixture.driverless.plan)
        #expect(underWay.isEmpty)
        let phases = await heard.all.map(\.phase.word)
        #expect(phases.first == "running" && phases.last == "applied")
    }

    @Test func `tells every change in order`() async throws {
        let world = try await PlanFixture.driverless.world()
        let heard = Heard()
        _ = await world.applier(listener: { await heard.add($0) }).apply(PlanFixture.driverless.plan)
        let story = await heard.all.map { progress in
            progress.phase.word
                + progress.progress.map { step in
                    switch step {
                    case .waiting: " ·"
                    case .running: " …"
                    case .done: " ✓"
                    case .failed: " ✕"
                    case .undone: " ↩"
                    }
                }.joined()
        }
        #expect(
            story == [
                "running · · ·", "running … · ·", "running ✓ · ·", "running ✓ … ·", "running ✓ ✓ ·", "running ✓ ✓ …",
                "running ✓ ✓ ✓", "applied ✓ ✓ ✓",
            ])
    }

    @Test(.requirements("V8", "V11"))
    func `stops when the host needs the device by now, before anything is written`() async throws {
        let world = try await PlanFixture.twoFunctions.world()
        let before = try await world.snapshot()
        let use = HostUse(.mount, .critical, chain: ["/", "nvme0n1", "0000:41:00.1"])
        await world.kernel.setUses([use], of: AgentWorld.audio)
        let ending = await world.applier().apply(PlanFixture.twoFunctions.plan)
        guard case .rolledBack(let problem) = ending.phase else {
            Issue.record("\(ending.phase.word)")
            return
        }
        #expect(problem.code == .groupNotIsolated)
        #expect(problem.evidence.contains { $0.hasSuffix("root file system: / → nvme0n1 → 0000:41:00.1") })
        #expect(await world.kernel.writeCount == 0)
        await world.kernel.setUses([], of: AgentWorld.audio)
        #expect(try await world.snapshot() == before)
    }

    @Test(.requirements("P4"))
    func `names who has the device open before it takes it, and how to stop them`() async throws {
        let world = try await PlanFixture.twoFunctions.world()
        let before = try await world.snapshot()
        let daemon = DeviceHolder(
            pid: 812, command: "nvidia-persiste", node: "/dev/nvidia0", unit: "nvidia-persistenced.service",
            recipe: "nvidia-persistenced")
        await world.kernel.setPrograms([daemon], of: AgentWorld.gpu)
        let ending = await world.applier().apply(PlanFixture.twoFunctions.plan)
        guard case .rolledBack(let problem) = ending.phase else {
            Issue.record("\(ending.phase.word)")
            return
        }
        #expect(problem.code == .inUse)
        #expect(problem.detail == "Cannot hand over atlas/41:00.0: the host uses it.")
        let chain = "nvidia-persiste (nvidia-persistenced.service) → /dev/nvidia0 → 0000:41:00.0"
        #expect(problem.evidence == ["open by a program: \(chain)"])
        #expect(problem.next.lines.first == "systemctl stop nvidia-persistenced")
        #expect(try await world.snapshot() == before)
    }

    @Test func `takes a sound card from under those who listen to it`() async throws {
        let world = try await PlanFixture.twoFunctions.world()
        let sound = DeviceHolder(pid: 900, command: "pipewire", node: "/dev/snd/controlC1", recipe: "sound-server")
        await world.kernel.setPrograms([sound], of: AgentWorld.audio)
        #expect(await world.applier().apply(PlanFixture.twoFunctions.plan).phase == .applied)
    }

    @Test func `takes the host's picture where somebody took that risk for the plan, and nothing else with it`()
        async throws
    {
        let code = ProblemCode.bootDisplay
        var plan = PlanFixture.twoFunctions.plan
        plan.change = .prepare([
            DeviceUnit(primary: AgentWorld.gpu.key, companions: [AgentWorld.audio.key], bridges: [])
        ])
        let picture = HostUse(.bootDisplay, .critical, chain: ["efifb", "0000:41:00.0"])
        let unsaid = try await PlanFixture.twoFunctions.world()
        await unsaid.kernel.setUses([picture], of: AgentWorld.gpu)
        guard case .rolledBack(let refusal) = await unsaid.applier().apply(plan).phase else {
            Issue.record("taken though nobody allowed it")
            return
        }
        #expect(refusal.code == code)
        plan.allowed = [Allowance(code: code, reason: "no screen", actor: "uid 0", at: 1)]
        let world = try await PlanFixture.twoFunctions.world()
        await world.kernel.setUses([picture, HostUse(.mount, .critical, chain: ["/", "sdb"])], of: AgentWorld.gpu)
        guard case .rolledBack(let problem) = await world.applier().apply(plan).phase else {
            Issue.record("taken in spite of a risk that nobody allowed")
            return
        }
        #expect(problem.code == .hostCritical)
        let other = try await PlanFixture.twoFunctions.world()
        await other.kernel.setUses([picture], of: AgentWorld.gpu)
        #expect(await other.applier().apply(plan).phase == .applied)
    }

    @Test func `takes a disk with data on it only where the plan may lose that`() async throws {
        var plan = PlanFixture.twoFunctions.plan
        plan.change = .prepare([
            DeviceUnit(primary: AgentWorld.gpu.key, companions: [AgentWorld.audio.key], bridges: [])
        ])
        let data = HostUse(.storedData, .dataAtRisk, chain: ["ext4", "sdb1", "0000:41:00.0"])
        let unsaid = try await PlanFixture.twoFunctions.world()
        await unsaid.kernel.setUses([data], of: AgentWorld.gpu)
        guard case .rolledBack(let refusal) = await unsaid.applier().apply(plan).phase else {
            Issue.record("taken though nobody gave the data up")
            return
        }
        #expect(refusal.code == .dataAtRisk)
        plan.overwritable = [AgentWorld.gpu.key]
        let own = try await PlanFixture.twoFunctions.world()
        await own.kernel.setUses([data], of: AgentWorld.gpu)
        #expect(await own.applier().apply(plan).phase == .applied)
    }

    @Test func `gives back a device whatever the host uses it for`() async throws {
        let world = try await PlanFixture.release.world()
        await world.kernel.setUses([HostUse(.bootDisplay, .critical, chain: ["0000:42:00.0"])], of: AgentWorld.card)
        #expect(await world.applier().apply(PlanFixture.release.plan).phase == .applied)
    }

    @Test func `stops between steps when it is cancelled, and takes back what it did`() async throws {
        let world = try await PlanFixture.start.world()
        let before = try await world.snapshot()
        let (reached, reach) = AsyncStream<Void>.makeStream()
        let (proceed, go) = AsyncStream<Void>.makeStream()
        let applier = world.applier { progress in
            guard case .done = progress.progress[2], progress.progress[3] == .waiting else { return }
            reach.yield()
            for await _ in proceed { return }
        }
        let task = Task { await applier.apply(PlanFixture.start.plan) }
        for await _ in reached { break }
        task.cancel()
        go.yield()
        let ending = await task.value
        guard case .rolledBack(let problem) = ending.phase else {
            Issue.record("\(ending.phase.word)")
            return
        }
        #expect(problem.code == .interrupted)
        #expect(try await world.snapshot() == before)
    }

    @Test func `stops between steps when its plan is cancelled, and takes back what it did`() async throws {
        let world = try await PlanFixture.start.world()
        let before = try await world.snapshot()
        let (reached, reach) = AsyncStream<Void>.makeStream()
        let (proceed, go) = AsyncStream<Void>.makeStream()
        let applier = world.applier { progress in
            guard case .done = progress.progress[2], progress.progress[3] == .waiting else { return }
            reach.yield()
            for await _ in proceed { return }
        }
        let plan = PlanFixture.start.plan
        #expect(await !applier.cancel(plan.id))
        let task = Task { await applier.apply(plan) }
        for await _ in reached { break }
        #expect(await applier.cancel(plan.id))
        go.yield()
        guard case .rolledBack(let problem) = await task.value.phase else {
            Issue.record("not taken back")
            return
        }
        #expect(problem.code == .cancelled)
        #expect(try await world.snapshot() == before)
        #expect(try await applier.ending(ofPlan: plan.id)?.phase == .rolledBack(problem))
        #expect(await !applier.cancel(plan.id))
    }

    @Test func `does not take back what was so before`() async throws {
        let world = try await PlanFixture.start.world()
        try await world.hypervisor.plug([AgentWorld.gpu.key, AgentWorld.audio.key], into: AgentWorld.vm)
        let before = try await world.snapshot()
        let calls = await world.hypervisor.callCount
        await world.hypervisor.fail(call: calls + 1, Problem(.hypervisorRefused, "No memory left."))
        let ending = await world.applier().apply(PlanFixture.start.plan)
        #expect(ending.phase == .rolledBack(Problem(.hypervisorRefused, "No memory left.")))
        #expect(try await world.snapshot() == before)
    }

    @Test func `names what still stands when it is stuck`() async throws {
        let world = try await PlanFixture.single.world()
        await world.kernel.fail(write: 1, .hang)
        let ending = await world.applier().apply(PlanFixture.single.plan)
        guard case .stuck(let problem, let left) = ending.phase else {
            Issue.record("\(ending.phase.word)")
            return
        }
        #expect(left == [.unbind(AgentWorld.card, from: "igb")])
        #expect(problem.code == .planStuck)
        #expect(problem.detail == "Plan p-single failed, and 1 of its steps could not be undone.")
        #expect(problem.evidence.contains("not undone: unbind 42:00.0 from igb"))
    }

    @Test func `gives back the other devices when one is stuck`() async throws {
        let world = try await PlanFixture.twoFunctions.world()
        await world.kernel.fail(write: 4, .hang)
        let ending = await world.applier().apply(PlanFixture.twoFunctions.plan)
        guard case .stuck(_, let left) = ending.phase else {
            Issue.record("\(ending.phase.word)")
            return
        }
        #expect(left == [.unbind(AgentWorld.audio, from: "snd_hda_intel")])
        #expect(
            try await world.kernel.driverState(of: AgentWorld.gpu) == DriverState(driver: "nvidia", override: nil))
    }

    @Test func `says an ending again and touches nothing when a plan comes twice`() async throws {
        let world = try await PlanFixture.single.world()
        let first = await world.applier().apply(PlanFixture.single.plan)
        await world.kernel.set(AgentWorld.card, driver: "igb", override: nil)
        let writes = await world.kernel.writeCount
        let again = await world.applier().apply(PlanFixture.single.plan)
        #expect(again.phase == .applied)
        #expect(again.progress == first.progress)
        #expect(await world.kernel.writeCount == writes)
    }

    @Test func `touches nothing when its journal is damaged`() async throws {
        struct Damaged: Journal {
            let problem = Problem(.corruptJournal, "Line 1 is damaged.")
            func append(_ entry: JournalEntry) async throws(Problem) { throw problem }
            func entries() async throws(Problem) -> [JournalEntry] { throw problem }
            func findings() async -> [Finding] { [] }
        }
        let world = AgentWorld(journal: Damaged())
        let ending = await world.applier().apply(PlanFixture.single.plan)
        #expect(ending.phase == .rolledBack(Problem(.corruptJournal, "Line 1 is damaged.")))
        #expect(await world.kernel.writeCount == 0)
        await #expect(throws: Problem.self) { try await world.applier().recover() }
    }

    @Test func `ends plans of the planner as their simulation says`() async throws {
        let world = AgentWorld()
        let spec = AgentWorld.spec
        try await world.hypervisor.define(spec)
        let inventory = try await world.kernel.inventory()
        let unit = try #require(inventory.unit(of: AgentWorld.gpu))
        let usage = Usage(domains: try await world.hypervisor.domains())
        let plan = try Planner(inventory: inventory, usage: usage)
            .plan(.start(vm: spec.name, claim: nil, units: [unit]), id: "p-start")
        let ending = await world.applier().apply(plan)
        #expect(ending.phase == .applied)
        #expect(try await world.kernel.inventory() == inventory.after(plan.steps))
        #expect(try await world.hypervisor.domains().first?.liveDevices == unit.members)
    }
}
