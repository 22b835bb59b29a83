import PatchbayAPI
import PatchbayCore
import Testing

@Suite struct `Several names in one command` {
    @Test(arguments: [
        (["vm", "start", "trainer-01", "trainer-02"], ["start trainer-01", "start trainer-02"]),
        (["vm", "restart", "trainer-02", "trainer-01"], ["restart trainer-02", "restart trainer-01"]),
        (
            ["vm", "delete", "trainer-01", "trainer-02", "trainer-01"],
            ["delete vm trainer-01", "delete vm trainer-02"]
        ),
        (["claim", "release", "c-1", "job-17"], ["release claim c-1", "release claim job-17"]),
        (
            ["claim", "renew", "c-1", "job-17", "--lease", "1m"],
            ["renew claim c-1 lease=60", "renew claim job-17 lease=60"]
        ),
        (["plan", "cancel", "p-8a02", "p-7c11"], ["cancel p-8a02", "cancel p-7c11"]),
        (["host", "remove", "a", "b"], ["remove-host a", "remove-host b"]),
    ])
    func `are each changed once, in their order`(_ words: [String], _ mutations: [String]) async {
        let session = Session()
        let outcome = await session.run(words)
        #expect(outcome.status == 0, "\(outcome.talk)")
        #expect(await session.service.mutations == mutations)
    }

    @Test func `are each answered, and the worst decides how the command ends`() async {
        let session = Session()
        await session.service.refuse(
            "start trainer-01", Problem(.hostCritical, "Cannot start trainer-01.", next: ["Look."]))
        let outcome = await session.run("vm", "start", "nobody", "trainer-01", "trainer-02")
        #expect(outcome.status == 2)
        #expect(outcome.talk.contains("error: There is no \"nobody\"."))
        #expect(outcome.talk.contains("error: Cannot start trainer-01."))
        #expect(outcome.output.contains("Understood: start trainer-02."))
        #expect(await session.service.mutations == ["start trainer-02"])
        #expect(await session.run("vm", "start", "nobody", "trainer-02").status == 3)
    }

    private static func stopping(_ session: Session) async {
        var plan = Fleet.plan("applied", ["done", "done", "done", "done"])
        plan.steps[3].verb = "stop"
        await session.service.answer(
            with: .init(dryRun: true, message: "Stop.", subject: "vm trainer-01", plans: [plan]))
    }

    @Test func `are asked about together`() async {
        var session = Session()
        await Self.stopping(session)
        session.answer = "n"
        let refused = await session.run("vm", "stop", "trainer-01", "trainer-02")
        #expect(refused.status == 130)
        #expect(refused.talk.ranges(of: "Go on?").count == 1)
        #expect(refused.talk.contains("2 running VMs are stopped. Go on?"))
        #expect(await session.service.mutations.isEmpty)
        session.answer = "y"
        #expect(await session.run("vm", "stop", "trainer-01", "trainer-02").status == 0)
        #expect(await session.service.mutations.count == 2)
    }

    @Test func `are previewed together`() async {
        let session = Session()
        let outcome = await session.run("vm", "start", "trainer-01", "trainer-02", "-n")
        #expect(outcome.status == 0)
        #expect(outcome.output == "Understood: start trainer-01.\nUnderstood: start trainer-02.\n")
        #expect(outcome.talk == "Nothing changed. To do it:  patchbay vm start trainer-01 trainer-02\n")
        await Self.stopping(session)
        #expect(await session.run("vm", "stop", "trainer-01", "trainer-02", "-n", "--exit-code").status == 10)
        #expect(await session.run("vm", "stop", "nobody", "trainer-02", "-n", "--exit-code").status == 3)
        #expect(await session.service.mutations.isEmpty)
    }

    @Test func `are a list in JSON, and one alone is not`() async {
        let several = await Session().run("vm", "start", "trainer-01", "trainer-02", "--json").output
        #expect(several.hasPrefix("[\n  {\n"))
        #expect(several.ranges(of: "\"subject\"").count == 2)
        #expect(await Session().run("vm", "start", "trainer-01", "--json").output.hasPrefix("{\n"))
        #expect(await Session().run("vm", "start", "trainer-01", "trainer-02", "-q").output == "it\nit\n")
    }

    @Test func `are waited for to their end, however each ends`() async {
        let session = Session()
        let broken = Fleet.plan("rolled-back", ["undone", "undone", "undone", "failed"], problem: Fleet.broken)
        await session.service.answer(
            with: .init(dryRun: true, message: "Start.", subject: "vm x", plans: [Fleet.plan("queued")]))
        await session.service.tell([broken], of: "p-8a02")
        let outcome = await session.run("vm", "start", "trainer-01", "trainer-02")
        #expect(outcome.status == 8)
        #expect(outcome.talk.ranges(of: "The hypervisor did not start").count == 2)
    }
}
