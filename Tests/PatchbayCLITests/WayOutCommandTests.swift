import PatchbayAPI
import PatchbayCore
import Testing

@Suite struct `Ways out on the command line` {
    @Test(arguments: [
        (["plan", "cancel", "p-8a02"], "cancel p-8a02"), (["plan", "retry", "p-8a02"], "retry p-8a02"),
        (["plan", "resolve", "p-8a02", "--reason", "seen"], "resolve p-8a02 because seen"),
        (["vm", "confirm-off", "trainer-01", "--reason", "seen"], "confirm-off trainer-01 because seen"),
        (["host", "remove", "atlas"], "remove-host atlas"), (["host", "accept", "atlas"], "accept-host atlas"),
        (
            ["host", "remove", "atlas", "--allow", "host-lost", "--reason", "burnt"],
            "remove-host atlas in spite of host-lost, because burnt"
        ),
        (
            ["host", "remove", "atlas", "--allow", "host-lost", "--allow", "data-at-risk", "--reason", "burnt"],
            "remove-host atlas in spite of host-lost,data-at-risk, because burnt"
        ),
        (["vm", "reset", "trainer-01"], "reset trainer-01"),
        (["device", "return", "atlas/41:00.0"], "return atlas/41:00.0"),
    ])
    func `are commands`(_ words: [String], _ done: String) async {
        let session = Session()
        let outcome = await session.run(words)
        #expect(outcome.status == 0, "\(outcome.talk)")
        #expect(await session.service.mutations == [done])
    }

    @Test(
        arguments: [
            (["host", "remove", "atlas", "--allow", "host-critical", "--reason", "x"], 2),
            (["host", "remove", "atlas", "--allow", "anything", "--reason", "x"], 2),
            (["host", "remove", "atlas", "--allow", "host-lost", "--allow", "host-critical", "--reason", "x"], 2),
            (["host", "remove", "atlas", "--allow", "host-lost"], 64),
            (["host", "remove", "atlas", "--reason", "x"], 64),
            (["plan", "resolve", "p-8a02"], 64), (["vm", "confirm-off", "trainer-01"], 64),
        ] as [([String], Int32)])
    func `take one named risk, with a reason`(_ words: [String], _ status: Int32) async {
        let session = Session()
        #expect(await session.run(words).status == status)
        #expect(await session.service.mutations.isEmpty)
    }

    private static func session(_ story: [API.Plan]) async -> Session {
        let session = Session().plain
        await session.service.answer(
            with: .init(dryRun: true, message: "It stops.", subject: "plan p-8a02", plans: [Fleet.plan("running")]))
        await session.service.tell(story, of: "p-8a02")
        return session
    }

    @Test func `end well when the plan was cancelled, and not when it was done before`() async {
        let cancelled = Problem(.cancelled, "Cancelled before step 2 of 4.")
        let back = [Fleet.plan("rolled-back", ["undone", "failed"], problem: cancelled)]
        #expect(await Self.session(back).run("plan", "cancel", "p-8a02").status == 0)
        let done = await Self.session([Fleet.plan("applied", ["done", "done", "done", "done"])])
            .run("plan", "cancel", "p-8a02")
        #expect(done.status == 4)
        #expect(done.talk.contains("was done before it could be stopped"))
    }

    @Test func `of a plan that is to be cancelled ask and show nothing of what it would have done`() async {
        let withdrawn = Fleet.plan(
            "rolled-back", [], canBeUndone: false, problem: Problem(.cancelled, "uid 0 cancelled the plan."))
        let session = Session().plain
        await session.service.answer(
            with: .init(
                dryRun: true, message: "Plan p-8a02 is withdrawn.", subject: "plan p-8a02", plans: [withdrawn]))
        await session.service.tell([withdrawn], of: "p-8a02")
        let tried = await session.run("plan", "cancel", "p-8a02", "--dry-run")
        let done = await session.run("plan", "cancel", "p-8a02")
        #expect(tried.output == "Plan p-8a02 is withdrawn.\n")
        #expect(done.status == 0, "\(done.talk)")
        #expect(done.output.contains("Plan p-8a02 is withdrawn.\n"))
    }

    @Test func `of a restart that had stopped its VM say that it is off, and exit as for a failed restart`() async {
        var off = Fleet.plan(
            "rolled-back", ["waiting", "waiting", "waiting", "done"],
            problem: Problem(.cancelled, "trainer-02 is off: it was stopped and could not be started again."))
        off.steps[3].verb = "stop"
        let outcome = await Self.session([off]).run("plan", "cancel", "p-8a02")
        #expect(outcome.status == 8)
        #expect(outcome.talk.contains("trainer-02 is off"))
    }

    @Test func `of a stuck plan are those that the server would take`() async {
        let stuck = Fleet.plan(
            "stuck", ["done", "undone", "undone", "failed"], canBeUndone: false, problem: Fleet.broken)
        let waited = await Self.session([stuck]).run("plan", "wait", "p-8a02")
        #expect(waited.status == 9)
        #expect(!waited.talk.contains("patchbay plan undo"))
        #expect(waited.talk.contains("patchbay plan resolve p-8a02 --reason TEXT"))
    }

    @Test func `are not to undo what was done too early to be stopped and cannot be undone`() async {
        let done = Fleet.plan("applied", ["done", "done", "done", "done"], canBeUndone: false)
        let outcome = await Self.session([done]).run("plan", "cancel", "p-8a02")
        #expect(outcome.status == 4)
        #expect(!outcome.talk.contains("patchbay plan undo"))
    }

    @Test func `begin with waiting, which says what for`() async {
        var waiting = Fleet.plan("queued")
        waiting.waitsFor = "Host atlas has been offline for 47 s; the plan waits for it."
        let session = await Self.session([waiting, Fleet.plan("applied", ["done", "done", "done", "done"])])
        let outcome = await session.run("plan", "wait", "p-8a02")
        #expect(outcome.status == 0)
        #expect(
            outcome.talk.contains(
                "for 47 s; the plan waits for it. ctrl-C leaves it queued. To withdraw it:  patchbay plan cancel p-8a02"
            ))
        let stuck = await Self.session([Fleet.plan("stuck", ["done", "undone", "undone", "failed"])])
        #expect(await stuck.run("plan", "wait", "p-8a02").status == 9)
    }
}
