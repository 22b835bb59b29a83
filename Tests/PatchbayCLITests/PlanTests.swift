import PatchbayAPI
import PatchbayCLI
import PatchbayCore
import Testing

@Suite struct `Plans on the command line` {
    private static let start = ["vm", "start", "trainer-02"]

    private static func session(
        _ story: [API.Plan], first: API.Plan = Fleet.plan("queued"), isTerminal: Bool = false
    ) async -> Session {
        let session = Session(isTerminal: isTerminal).plain
        await session.service.answer(
            with: .init(
                dryRun: true, message: "Start of trainer-02 is planned.", subject: "vm trainer-02", plans: [first]))
        await session.service.tell(story, of: first.id)
        return session
    }

    private static let applied = [
        Fleet.plan("running", ["running"]), Fleet.plan("running", ["done", "done", "running"]),
        Fleet.plan("applied", ["done", "done", "done", "done"]),
    ]
    private static let rolledBack = [
        Fleet.plan("running", ["done", "done", "done", "running"]),
        Fleet.plan("undoing", ["done", "done", "done", "failed"], problem: Fleet.broken),
        Fleet.plan("rolled-back", ["undone", "undone", "undone", "failed"], problem: Fleet.broken),
    ]
    private static let stuck = [
        Fleet.plan("stuck", ["done", "undone", "undone", "failed"], problem: Fleet.broken, left: [0])
    ]

    @Test func `a dry run prints the plan and changes nothing`() async throws {
        let session = await Self.session([])
        try await Transcript.expect(
            "plan-dry-run", session,
            [Self.start + ["--dry-run"], Self.start + ["-n", "--exit-code"], Self.start + ["-n", "-q"]])
        #expect(await session.service.mutations.isEmpty)
    }

    @Test func `a plan that is applied ends with the way back`() async throws {
        try await Transcript.expect("plan-applied", await Self.session(Self.applied), [Self.start])
        try await Transcript.expect(
            "plan-applied-terminal", await Self.session(Self.applied, isTerminal: true), [Self.start])
    }

    @Test(arguments: ProblemCode.allCases.filter(\.endsPlans))
    func `a plan that fails with a code ends as the help of the code says`(_ code: ProblemCode) async {
        let problem = Problem(code, "It failed.")
        let end = Fleet.plan("rolled-back", ["undone", "undone", "undone", "failed"], problem: problem)
        #expect(await Self.session([end]).run(Self.start).status == 8)
        #expect(await Session().run("help", code.rawValue).output.contains("in a plan  8, failed and rolled back"))
    }

    @Test func `a guest that is left running is told of as failed, by the command and by the help`() async {
        let problem = Problem(.stillRunning, "It is still running.")
        let end = Fleet.plan("rolled-back", ["undone", "undone", "undone", "failed"], problem: problem)
        #expect(await Self.session([end]).run(Self.start).status == 1)
        #expect(!(await Session().run("help", "still-running").output.contains("in a plan")))
    }

    @Test func `a plan that was rolled back ends with exit code 8`() async throws {
        try await Transcript.expect("plan-rolled-back", await Self.session(Self.rolledBack), [Self.start])
    }

    @Test func `a stuck plan ends with exit code 9 and the steps left`() async throws {
        try await Transcript.expect("plan-stuck", await Self.session(Self.stuck), [Self.start])
    }

    @Test func `JSON has the plan as it ended, and nothing else on standard output`() async throws {
        try await Transcript.expect("plan-json", await Self.session(Self.applied), [Self.start + ["--json"]])
        try await Transcript.expect("plan-names", await Self.session(Self.applied), [Self.start + ["-q"]])
    }

    @Test func `without a stream of events it looks now and then`() async throws {
        var session = await Self.session(Self.applied)
        session.expiredPauses = [1]
        await session.service.breakStream()
        #expect(await session.run(Self.start).status == 0)
    }

    @Test func `it does not wait when told so`() async {
        let session = await Self.session([Fleet.plan("queued")])
        let outcome = await session.run(Self.start + ["--no-wait"])
        #expect(outcome.status == 0)
        #expect(outcome.output == "Start of trainer-02 is planned.\n")
        #expect(outcome.talk == "Follow it with  patchbay plan wait p-8a02\n")
    }

    @Test func `patience that ends is exit code 7, and the plan goes on`() async throws {
        var session = await Self.session([Fleet.plan("running", ["running"])])
        session.expiredPauses = [7]
        let outcome = await session.run(Self.start + ["--timeout", "7s"])
        #expect(outcome.status == 7)
        #expect(outcome.talk.contains("Plan p-8a02 is still running after 7 s; it goes on."))
    }

    @Test func `an interrupt is exit code 130 and says that the plan goes on`() async {
        var session = await Self.session([Fleet.plan("running", ["running"])])
        session.interrupts = true
        let outcome = await session.run(Self.start)
        #expect(outcome.status == 130)
        #expect(outcome.talk.contains("plan p-8a02 goes on"))
    }

    @Test func `a plan that cannot be undone needs a yes`() async {
        let lasting = Fleet.plan("queued", canBeUndone: false)
        let applied = [Fleet.plan("applied", ["done", "done", "done", "done"], canBeUndone: false)]
        var session = await Self.session(applied, first: lasting)
        let alone = await session.run(Self.start)
        #expect(alone.status == 64)
        #expect(alone.talk.contains("patchbay vm start trainer-02 --yes"))
        session.answer = ""
        let refused = await session.run(Self.start)
        #expect(refused.status == 130)
        #expect(refused.talk.contains("It cannot be undone. Go on? [y/N]"))
        #expect(await session.service.mutations.isEmpty)
        session.answer = "y"
        #expect(await session.run(Self.start).status == 0)
        session.answer = nil
        #expect(await session.run(Self.start + ["-y"]).status == 0)
        #expect(await session.service.mutations == ["start trainer-02", "start trainer-02"])
    }

    @Test func `stopping a guest is asked about at a terminal and done without one`() async {
        var plan = Fleet.plan("applied", ["done", "done", "done", "done"])
        plan.steps[3].verb = "stop"
        var session = await Self.session([plan], first: plan)
        session.answer = "n"
        let refused = await session.run("vm", "stop", "trainer-01")
        #expect(refused.status == 130)
        #expect(refused.talk.contains("It stops a running VM. Go on?"))
        #expect(await session.service.mutations.isEmpty)
        session.answer = nil
        #expect(await session.run("vm", "stop", "trainer-01").status == 0)
    }

    @Test func `following prints what happened once and ends with the stream`() async {
        let outcome = await Session().run("events", "--follow", "--limit", "1")
        #expect(outcome.status == 0)
        #expect(outcome.output == "1 min ago  Plan p-8a02 was applied: atlas/42:00.0 is in trainer-02.  (uid 0)\n")
    }
}
