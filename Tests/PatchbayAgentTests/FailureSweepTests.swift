import PatchbayAPI
import PatchbayAgent
import PatchbayCore
import PatchbayHost
import PatchbayLab
import PatchbayTesting
import Testing

/// Every write of every plan fixture fails in every way, alone and with a second failure while it is taken back.
@Suite struct `A plan whose writes fail` {
    private static let faults: [SimulatedFault] = [
        .refuse("EBUSY"), .refuse("ENODEV"), .refuse("EIO"), .refuseAfterwards("EIO"), .swallow, .hang,
    ]

    @Test(arguments: PlanFixture.all)
    func `ends applied, rolled back or stuck with the exact steps left`(_ fixture: PlanFixture) async throws {
        let clean = try await Self.cleanRun(fixture)
        var tally = Tally()
        for run in Self.runs(clean) {
            try await Self.check(fixture, run, clean, &tally)
        }
        print("failure sweep of \(fixture.name): \(tally.text)")
        #expect(tally.applied == 0, "a plan was called applied though a write of it failed")
        #expect(tally.rolledBack > 0)
    }

    /// What goes wrong: kernel writes and changing hypervisor calls, by number.
    struct Run {
        var kernel: [Int: SimulatedFault] = [:]
        var hypervisor: Set<Int> = []
    }

    private static func runs(_ clean: Clean) -> [Run] {
        let writes = clean.firstWrite..<clean.firstWrite + clean.writes
        let calls = clean.firstCall..<clean.firstCall + clean.calls
        var runs: [Run] = []
        for write in writes {
            for fault in faults {
                runs.append(Run(kernel: [write: fault]))
                for second in 1...clean.writes + 1 {
                    for next in faults { runs.append(Run(kernel: [write: fault, write + second: next])) }
                }
            }
        }
        for call in calls {
            runs.append(Run(hypervisor: [call]))
            runs.append(Run(hypervisor: [call, call + 1]))
            runs.append(Run(hypervisor: [call, call + 2]))
            for second in 0...clean.writes + 1 {
                for fault in faults {
                    runs.append(Run(kernel: [clean.firstWrite + second: fault], hypervisor: [call]))
                }
            }
        }
        return runs
    }

    struct Clean {
        var before: AgentWorld.Snapshot
        var after: AgentWorld.Snapshot
        var firstWrite: Int
        var writes: Int
        var firstCall: Int
        var calls: Int
    }

    private static func cleanRun(_ fixture: PlanFixture) async throws -> Clean {
        let world = try await fixture.world()
        let before = try await world.snapshot()
        let (writes, calls) = (await world.kernel.writeCount, await world.hypervisor.callCount)
        let ending = await world.applier().apply(fixture.plan)
        try #require(ending.phase == .applied)
        let after = try await world.snapshot()
        try #require(before != after)
        return Clean(
            before: before, after: after, firstWrite: writes + 1,
            writes: await world.kernel.writeCount - writes, firstCall: calls + 1,
            calls: await world.hypervisor.callCount - calls)
    }

    private static func check(
        _ fixture: PlanFixture, _ run: Run, _ clean: Clean, _ tally: inout Tally
    ) async throws {
        let world = try await fixture.world()
        for (number, fault) in run.kernel { await world.kernel.fail(write: number, fault) }
        for call in run.hypervisor {
            await world.hypervisor.fail(call: call, Problem(.hypervisorRefused, "The hypervisor refused."))
        }
        let ending = await world.applier().apply(fixture.plan)
        let after = try await world.snapshot()
        let lines = try await world.journal.entries()
        #expect(lines.last == .ended(plan: fixture.plan.id, ending.phase), "\(run)")
        switch ending.phase {
        case .applied:
            tally.applied += 1
            #expect(after == clean.after, "\(run)")
        case .rolledBack:
            tally.rolledBack += 1
            #expect(after == clean.before, "\(run)")
            await world.kernel.letGo()
            #expect(try await world.snapshot() == clean.before, "\(run): a late write changed what was rolled back")
        case .stuck(_, let left):
            tally.stuck += 1
            #expect(!left.isEmpty)
            let expected = StandingSteps(left, on: clean.before)
            let hung = run.kernel.values.contains(.hang)
            expected.expectMatch(after, exceptHung: hung, "\(run), left: \(left.map { "\($0.verb) \($0.object)" })")
        case .queued, .running, .undoing: Issue.record("a fourth ending: \(ending.phase.word) for \(run)")
        }
    }

    struct Tally {
        var applied = 0
        var rolledBack = 0
        var stuck = 0
        var text: String { "\(applied) applied, \(rolledBack) rolled back, \(stuck) stuck" }
    }
}
