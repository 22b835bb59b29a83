import PatchbayTesting
import Testing

@Suite struct `What lists and pages look like` {
    private static let everything: [[String]] = [
        ["status"], ["device", "list"], ["group", "list"], ["pool", "list"], ["vm", "list"], ["host", "list"],
        ["plan", "list"], ["events"],
    ]
    private static let pages: [[String]] = [
        ["device", "show", "42:00.0"], ["device", "show", "00:17.0"], ["device", "show", "c1:00.0", "-v"],
        ["group", "show", "31"], ["pool", "show", "a100"], ["pool", "rule", "list", "a100"],
        ["vm", "show", "trainer-01"], ["vm", "show", "trainer-02"], ["vm", "show", "trainer-01", "--definition"],
        ["host", "show", "atlas"], ["plan", "show", "p-8a02"], ["plan", "show", "p-7c11"],
    ]

    @Test(.requirements("V21", "V24", "V25")) func `a terminal gets marks and sums`() async throws {
        try await Transcript.expect("terminal-lists", Session(isTerminal: true).plain, Self.everything)
    }

    @Test func `pages tell the whole story`() async throws {
        try await Transcript.expect("terminal-pages", Session(isTerminal: true).plain, Self.pages)
    }

    @Test func `a pipe gets no marks, no colour and nothing shortened`() async throws {
        try await Transcript.expect("piped", Session(), Self.everything + Self.pages)
    }

    @Test func `a narrow terminal shortens names and wraps nothing`() async throws {
        var session = Session(isTerminal: true).plain
        session.width = 60
        try await Transcript.expect("narrow", session, [["device", "list"], ["group", "list"], ["plan", "list"]])
        let lines = await session.run("device", "list").output.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 60 })
    }

    @Test func `a terminal without UTF-8 gets ASCII only`() async throws {
        var session = Session(isTerminal: true).plain
        session.environment["LANG"] = "C"
        for command in Self.everything + Self.pages + [["start"], ["vm", "start", "trainer-02", "-n"]] {
            let outcome = await session.run(command)
            #expect((outcome.output + outcome.talk).allSatisfy { $0.isASCII }, "\(command)")
        }
        try await Transcript.expect(
            "ascii", session, [["device", "list"], ["group", "list"], ["plan", "show", "p-7c11"]])
    }

    @Test func `a terminal gets colours unless it is asked not to`() async throws {
        var session = Session(isTerminal: true)
        try await Transcript.expect("coloured", session, [["device", "list"], ["device", "show", "nope:0"]])
        #expect(await session.run("device", "list", "--color", "never").output.contains("\u{1b}") == false)
        session.environment["NO_COLOR"] = "1"
        #expect(await session.run("device", "list").output.contains("\u{1b}") == false)
        #expect(await session.run("device", "list", "--color=always").output.contains("\u{1b}"))
        session.environment = ["LANG": "C.UTF-8", "TERM": "dumb"]
        #expect(await session.run("device", "list").output.contains("\u{1b}") == false)
        #expect(await Session().run("device", "list").output.contains("\u{1b}") == false)
    }

    @Test func `every form of the output has its shape`() async throws {
        try await Transcript.expect(
            "forms", Session(),
            [
                ["device", "list", "-q"], ["device", "list", "-o", "name"], ["device", "list", "-o", "tree"],
                ["device", "list", "-o", "wide"], ["device", "list", "-c", "device,state"],
                ["pool", "list", "--json"], ["pool", "list", "-o", "yaml"], ["vm", "show", "trainer-02", "--json"],
                ["group", "list", "-o", "table"], ["events", "--json"], ["events", "--since", "1h"],
                ["vm", "list", "--where", "state=shut-off"], ["vm", "list", "--sort", "-vm", "-q"],
                ["vm", "list", "--sort=-vm", "-q"],
                ["vm", "list", "--where", "vm~02$", "-q"], ["plan", "list", "-q"], ["status", "-q"], ["version"],
                ["pool", "preview", "--rule", "vendor=10de"], ["vm", "console", "trainer-01", "--log"],
            ])
    }

    @Test func `devices are sorted by any column`() async {
        let byDriver = await Session().run("device", "list", "-q", "--sort", "-driver").output.split(separator: "\n")
        #expect(byDriver.first == "atlas/00:14.0")
        #expect(await Session().run("device", "list", "-q", "--sort", "id").status == 0)
        #expect(await Session().run("device", "list", "--sort", "drivr").talk.contains("Did you mean driver?"))
    }

    @Test func `an empty list says what to do, on standard error, and is an empty array in JSON`() async {
        let none = await Session().run("vm", "list", "--where", "vm=none")
        #expect(none.output.isEmpty)
        #expect(none.talk.contains("next  See all:  patchbay vm list"))
        #expect(none.status == 0)
        #expect(await Session().run("vm", "list", "--where", "vm=none", "--json").output == "[\n\n]\n")
    }
}

extension Session {
    /// A terminal without colours, so the golden files can be read.
    var plain: Session {
        var session = self
        session.environment["NO_COLOR"] = "1"
        return session
    }
}
