import Foundation
import PatchbayAPI
import PatchbayAgent
import PatchbayCore
import PatchbayHost
import PatchbayLab
import PatchbayTesting
import Testing

/// The agent is killed between any two journal lines and after any write; another one starts on what is left.
@Suite struct `An agent that is killed` {
    @Test(arguments: PlanFixture.all)
    func `leaves a plan that the next start ends as applied or rolled back`(_ fixture: PlanFixture) async throws {
        let clean = try await CleanStory(fixture)
        var tally = Tally()
        for point in clean.points {
            let world = try await fixture.world()
            try await Self.kill(world, fixture.plan, at: point)
            let wasInEffect = try await world.snapshot() == clean.after
            let ending = try await Self.recover(world, fixture.plan)
            #expect(
                (ending?.phase == .applied) == wasInEffect, "\(point): what was all there is applied, else taken back")
            try await Self.check(world, ending, fixture, clean, "\(point)", &tally)
        }
        #expect(tally.applied > 0)
        print("crash sweep of \(fixture.name): \(tally.text)")
    }

    @Test(arguments: PlanFixture.all)
    func `may be killed again while it recovers`(_ fixture: PlanFixture) async throws {
        let clean = try await CleanStory(fixture)
        var tally = Tally()
        for point in clean.points {
            for again in clean.points {
                let world = try await fixture.world()
                try await Self.kill(world, fixture.plan, at: point)
                let power = PowerSwitch(at: again)
                _ = try? await world.applier(power: power).recover()
                guard await power.isOff else { continue }
                let ending = try await Self.recover(world, fixture.plan)
                try await Self.check(world, ending, fixture, clean, "\(point), then \(again)", &tally)
            }
        }
        print("double crash sweep of \(fixture.name): \(tally.text)")
        #expect(tally.rolledBack > 0)
    }

    @Test(arguments: PlanFixture.all)
    func `does so with a journal on a disk`(_ fixture: PlanFixture) async throws {
        let clean = try await CleanStory(fixture)
        var tally = Tally()
        for point in clean.points {
            try await withTemporaryFolder { folder in
                let path = folder + "/journal"
                let world = try await fixture.world(journal: FileJournal(path: path))
                try await Self.kill(world, fixture.plan, at: point)
                _ = try await world.journal.entries()
                let ending = try await Self.recover(world, fixture.plan)
                try await Self.check(world, ending, fixture, clean, "\(point)", &tally)
            }
        }
    }

    @Test(arguments: [PlanFixture.single, .driverless, .twoFunctions, .start])
    func `by a power cut finds its devices as the boot left them, and says rolled back`(
        _ fixture: PlanFixture
    ) async throws {
        let clean = try await CleanStory(fixture)
        for point in clean.points {
            let world = try await fixture.world()
            try await Self.kill(world, fixture.plan, at: point)
            let booted = try await fixture.world(journal: world.journal)
            guard let ending = try await Self.recover(booted, fixture.plan) else { continue }
            if case .rolledBack(let problem) = ending.phase {
                #expect(problem.code == .interrupted)
            } else if case .ended(_, .applied)? = try await world.journal.entries().last {
                continue
            } else {
                Issue.record("\(point): \(ending.phase.word)")
            }
            #expect(try await booted.snapshot() == clean.before, "\(point)")
        }
    }

    @Test(arguments: PlanFixture.all)
    func `right after it wrote down how a plan ended has the next one tell it`(_ fixture: PlanFixture) async throws {
        let world = try await fixture.world()
        try await Self.kill(world, fixture.plan, at: .afterLine(try await CleanStory(fixture).lines))
        let told = try await world.applier().recover()
        #expect(told.map(\.plan) == [fixture.plan.id])
        #expect(told.first?.phase == .applied)
    }

    @Test func `before it has reset a VM does not say that it did`() async throws {
        let world = try await PlanFixture.reset.world()
        try await Self.kill(world, PlanFixture.reset.plan, at: .afterLine(2))
        let calls = await world.hypervisor.callCount
        let ending = try await Self.recover(world, PlanFixture.reset.plan)
        #expect(await world.hypervisor.callCount == calls)
        guard case .rolledBack(let problem)? = ending?.phase else {
            Issue.record("\(ending?.phase.word ?? "untold")")
            return
        }
        #expect(problem.evidence.last == "Whether \"reset trainer-01\" was done is unknown.")
    }

    @Test func `finds its plan taken back when only the load was begun`() async throws {
        let plan = PlanFixture.single.plan
        let world = AgentWorld(journal: MemoryJournal([.planned(plan), .begin(plan: plan.id, index: 0)]))
        let ending = try #require(try await world.applier().recover().first)
        #expect(ending.phase.word == "rolled-back")
        #expect(await world.kernel.writeCount == 0)
    }

    private static func kill(_ world: AgentWorld, _ plan: Plan, at point: PowerSwitch.Point) async throws {
        let power = PowerSwitch(at: point)
        _ = await world.applier(power: power).apply(plan)
        #expect(await power.isOff, "\(point) was never reached")
    }

    /// What is told of the plan; nil: the journal does not know it, so nothing was touched.
    private static func recover(_ world: AgentWorld, _ plan: Plan) async throws -> AgentProtocol.Progress? {
        let applier = world.applier()
        let told = try await applier.recover().last { $0.plan == plan.id }
        #expect(try await applier.ending(of: plan)?.phase == told?.phase, "what was written down is told")
        return told
    }

    private static func check(
        _ world: AgentWorld, _ ending: AgentProtocol.Progress?, _ fixture: PlanFixture, _ clean: CleanStory,
        _ comment: String, _ tally: inout Tally
    ) async throws {
        let now = try await world.snapshot()
        switch ending?.phase {
        case nil:
            tally.untouched += 1
            #expect(now == clean.before, "\(comment)")
            return
        case .applied:
            tally.applied += 1
            #expect(now == clean.after, "\(comment)")
            #expect(ending?.progress.allSatisfy { if case .done = $0 { true } else { false } } == true)
        case .rolledBack:
            tally.rolledBack += 1
            #expect(now == clean.before, "\(comment)")
        case .stuck, .queued, .running, .undoing:
            Issue.record("\(comment): \(ending?.phase.word ?? "")")
        }
        let writes = await world.kernel.writeCount
        let calls = await world.hypervisor.callCount
        let again = await world.applier().apply(fixture.plan)
        #expect(again.phase == ending?.phase, "\(comment)")
        #expect(await world.kernel.writeCount == writes, "\(comment): delivered twice, applied twice")
        #expect(await world.hypervisor.callCount == calls, "\(comment): delivered twice, applied twice")
    }

    struct Tally {
        var untouched = 0
        var applied = 0
        var rolledBack = 0
        var text: String { "\(untouched) untouched, \(applied) applied, \(rolledBack) rolled back" }
    }
}

/// One run of a fixture in which nothing goes wrong.
struct CleanStory {
    let before: AgentWorld.Snapshot
    let after: AgentWorld.Snapshot
    /// Everywhere an agent can be killed in it.
    let points: [PowerSwitch.Point]
    /// How many lines its journal has.
    let lines: Int

    init(_ fixture: PlanFixture) async throws {
        let world = try await fixture.world()
        before = try await world.snapshot()
        let power = PowerSwitch(at: .never)
        let ending = await world.applier(power: power).apply(fixture.plan)
        try #require(ending.phase == .applied)
        after = try await world.snapshot()
        lines = await power.lines
        let writes = await power.writes
        points =
            (1...lines).flatMap { [PowerSwitch.Point.beforeLine($0), .afterLine($0)] }
            + (writes > 0 ? (1...writes).map { .afterWrite($0) } : [])
    }
}

/// A folder of this test alone, gone afterwards.
func withTemporaryFolder<T>(_ body: (String) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("patchbay-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}
