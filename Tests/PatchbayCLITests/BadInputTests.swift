import PatchbayCore
import Testing

@Suite struct `Bad input` {
    /// Every command with what can be wrong about it, and the exit code that must come of it.
    static let cases: [(words: [String], status: Int32)] = [
        (["nonsense"], 64), (["device", "lst"], 64), (["status", "--bogus"], 64), (["status", "extra"], 64),
        (["status", "-o", "xml"], 64), (["status", "--json", "-q"], 64), (["status", "--color", "pink"], 64),
        (["status", "--server", "nowhere"], 64), (["help", "nonsense"], 64),
        (["device", "list", "--where", "bogus=1"], 64), (["device", "list", "--where", "numa"], 64),
        (["device", "list", "--where", "name=\"open"], 64), (["device", "list", "-c", "bogus"], 64),
        (["device", "list", "--host", "nowhere"], 3), (["device", "show"], 64), (["device", "show", "41:00.9"], 64),
        (["device", "show", "/41:00.0"], 64), (["device", "show", "atlas/"], 64), (["device", "show", "gpu"], 64),
        (["device", "show", "99:00.0"], 3), (["device", "show", "atlas/99:00.0"], 3),
        (["device", "prepare"], 64), (["device", "prepare", "x"], 64), (["device", "prepare", "99:00.0"], 3),
        (["device", "prepare", "41:00.0", "--exit-code"], 64),
        (["device", "prepare", "41:00.0", "--timeout", "x"], 64),
        (["device", "prepare", "41:00.0", "--no-wait", "--timeout", "1s"], 64),
        (["device", "release"], 64), (["device", "release", "zz:00.0"], 64), (["device", "release", "99:00.0"], 3),
        (["device", "passthrough", "41:00.0"], 64), (["device", "passthrough", "--pool", "a100"], 64),
        (["device", "passthrough", "41:00.0", "--pool", "none"], 3),
        (["device", "passthrough", "41:00.0", "--pool", "a100", "--prepare", "eager"], 64),
        (["device", "passthrough", "41:00.0", "--pool", "p", "--create", "--prepare", "later"], 64),
        (["group", "show"], 64), (["group", "show", "x"], 64), (["group", "show", "-1"], 64),
        (["group", "show", "/1"], 64), (["group", "show", "a/b/1"], 64), (["group", "show", "99"], 3),
        (["group", "show", "nowhere/1"], 3), (["group", "list", "--host", "nowhere"], 3),
        (["group", "list", "--sort", "bogus"], 64),
        (["pool", "show"], 64), (["pool", "show", "none"], 3), (["pool", "list", "--where", "bogus=1"], 64),
        (["pool", "list", "--where", "pool~("], 64),
        (["pool", "create"], 64), (["pool", "create", "a100"], 4), (["pool", "create", "p", "--class", "toaster"], 64),
        (["pool", "create", "p", "--rule", "bogus=1"], 64), (["pool", "create", "p", "--rule", ""], 64),
        (["pool", "create", "p", "--rule", "name=only"], 64), (["pool", "create", "p", "--rule", "state=free"], 64),
        (["pool", "create", "p", "--rule", "name~("], 64), (["pool", "create", "p", "--rule", "numa=x"], 64),
        (["pool", "edit", "a100"], 64), (["pool", "edit", "none", "--prepare", "eager"], 3),
        (["pool", "edit", "a100", "--rule", "vendor"], 64), (["pool", "delete"], 64), (["pool", "delete", "none"], 3),
        (["pool", "preview"], 64), (["pool", "preview", "--rule", "bogus=1"], 64),
        (["pool", "rule", "add", "a100"], 64), (["pool", "rule", "add", "a100", "x"], 64),
        (["pool", "rule", "add", "none", "numa=1"], 3), (["pool", "rule", "remove", "a100", "none"], 64),
        (["pool", "rule", "edit", "a100", "cards", "bogus=1"], 64), (["pool", "rule", "list", "none"], 3),
        (["apply"], 64), (["diff"], 64), (["apply", "-f"], 64), (["apply", "-f", "/none.yaml"], 1),
        (["diff", "-f", "-", "-f", "-"], 64), (["export", "vms"], 64), (["profile", "show"], 64),
        (["profile", "show", "none"], 3), (["profile", "delete", "none"], 3),
        (["pool", "rule", "add", "a100", "numa=1", "--tag", "lan"], 64),
        (["pool", "rule", "enable", "none", "cards"], 3), (["pool", "rule", "disable", "a100"], 64),
        (["vm", "show"], 64), (["vm", "show", "none"], 3), (["vm", "show", "none", "--definition"], 3),
        (["vm", "list", "--host", "nowhere"], 3), (["vm", "create"], 64), (["vm", "create", "v"], 64),
        (["vm", "create", "v", "--disk", "/d", "--kernel", "/k"], 64),
        (["vm", "create", "v", "--disk", "/d", "--cpus", "0"], 64),
        (["vm", "create", "v", "--disk", "/d", "--memory", "lots"], 64),
        (["vm", "create", "v", "--disk", "/d", "--append", "quiet"], 64), (["vm", "start"], 64),
        (["vm", "start", "none"], 3), (["vm", "stop", "none"], 3),
        (["vm", "stop", "trainer-01", "--grace", "soon"], 64),
        (["vm", "stop", "trainer-01", "--now", "--grace", "5s"], 64), (["vm", "restart", "none"], 3),
        (["vm", "restart"], 64), (["vm", "delete", "none"], 3), (["vm", "delete"], 64), (["vm", "console"], 64),
        (["vm", "console", "none"], 3), (["vm", "console", "none", "--log"], 3),
        (["attach", "a100"], 64), (["attach", "--to", "trainer-02"], 64),
        (["attach", "none", "--to", "trainer-02"], 3),
        (["attach", "a100", "--to", "none"], 3), (["attach", "a100", "--to", "trainer-02", "--count", "0"], 64),
        (["attach", "41:00.0", "--to", "trainer-02", "--count", "2"], 64),
        (["attach", "41:00", "--to", "trainer-02"], 64), (["attach", "99:00.0", "--to", "trainer-02"], 3),
        (["detach"], 64), (["detach", "none"], 4), (["detach", "none", "--from", "trainer-01"], 3),
        (["detach", "a100", "--from", "none"], 3), (["detach", "41:0.0"], 64), (["detach", "42:00.0"], 4),
        (["attach", "a100", "--to", "trainer-02", "--numa", "near"], 64),
        (["attach", "a100", "--to", "trainer-02", "--tag", "novalue"], 64),
        (["attach", "a100", "--to", "trainer-02", "--tag", "a=1", "--tag", "a=2"], 64),
        (["vm", "create", "v", "--disk", "/d", "--pin", "hard"], 64),
        (["vm", "create", "v", "--disk", "/d", "--hugepages", "3M"], 64),
        (["vm", "create", "v", "--disk", "/d", "--cells", "0"], 64), (["vm", "explain"], 64),
        (["vm", "explain", "none"], 3),
        (["claim", "show"], 64), (["claim", "show", "none"], 3), (["claim", "list", "--phase", "late"], 64),
        (["claim", "list", "--where", "bogus=1"], 64), (["claim", "release"], 64), (["claim", "release", "none"], 3),
        (["claim", "renew", "none"], 3), (["claim", "renew", "job-17", "--lease", "long"], 64),
        (["claim", "create"], 64), (["claim", "create", "--system", "s"], 64),
        (["claim", "create", "--pool", "a100"], 64),
        (["claim", "create", "--system", "s", "--reservation", "r", "--pool", "a100"], 64),
        (["claim", "create", "--system", "s", "--pool", "none"], 3),
        (["claim", "create", "--system", "s", "--pool", "a100", "--count", "0"], 64),
        (["claim", "create", "--system", "s", "--count", "2"], 64),
        (["claim", "create", "--system", "s", "--request", "a100", "--numa", "required"], 64),
        (["claim", "create", "--system", "s", "--device", "41:00"], 64),
        (["claim", "create", "--system", "s", "--pool", "a100", "--label", "zone"], 64),
        (["claim", "create", "--system", "s", "--pool", "a100", "--lease", "long"], 64),
        (["claim", "create", "--system", "s", "--pool", "a100", "--priority", "high"], 64),
        (["claim", "create", "--system", "s", "--pool", "a100", "--strategy", "best"], 64),
        (["claim", "create", "--system", "s", "--pool", "a100", "--exit-code"], 64),
        (["claim", "create", "--system", "s", "--pool", "a100", "--timeout", "5m"], 64),
        (["claim", "explain"], 64), (["claim", "explain", "none"], 3),
        (["claim", "explain", "night", "--pool", "a100"], 64),
        (["host", "set", "atlas"], 64), (["host", "set", "none", "--cordon"], 3),
        (["host", "set", "atlas", "--cordon", "--uncordon"], 64), (["host", "set", "atlas", "--label", "zone"], 64),
        (["host", "set", "atlas", "--label", "=a"], 64), (["host", "set", "atlas", "--label", "zone=a b"], 64),
        (["host", "set", "atlas", "--pinned", "--no-pinned"], 64),
        (["host", "refresh"], 64), (["plan", "show"], 64), (["plan", "show", "none"], 3),
        (["plan", "undo", "none"], 3), (["plan", "undo"], 64), (["plan", "list", "--host", "nowhere"], 3),
        (["events", "--since", "yesterday"], 64), (["events", "--limit", "-1"], 64), (["completion"], 64),
        (["completion", "tcsh"], 64), (["version", "--bogus"], 64),
    ]

    @Test(arguments: cases)
    func `is refused with a next step and changes nothing`(_ input: (words: [String], status: Int32)) async {
        let session = Session()
        let outcome = await session.run(input.words)
        #expect(outcome.status == input.status, "\(outcome.talk)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.talk.hasPrefix("error: "))
        #expect(outcome.talk.contains("\n  next      "))
        #expect(outcome.talk.contains("\n  code      "))
        #expect(await session.service.mutations.isEmpty)
    }

    @Test(
        arguments: [
            "", ":4", "a100:", "a100:x", "a100:0", "a100:-1", "a100:2,", "a100,numa", "a100,numa=", "a100,numa=near",
            "a100,topology=switch", "a100,group-policy=some", "a100,tag", "a100,tag=x", "a100,tag==y", "a100,name=",
            "a100,optinal", "a100,optional=yes", "a100, optional", "41:00.x", "atlas/", "/41:00.0", "41:00.0:2",
        ])
    func `in a request quotes what was typed and shows the form`(_ text: String) async {
        let session = Session()
        let outcome = await session.run("claim", "create", "--system", "s", "--request", text)
        #expect(outcome.status == 64)
        #expect(outcome.talk.hasPrefix("error: "))
        #expect(outcome.talk.contains("\n  next      "))
        #expect(
            text.split(separator: ",").allSatisfy { outcome.talk.contains($0) } || outcome.talk.contains("NAME=VALUE"))
        #expect(await session.service.mutations.isEmpty)
    }

    @Test func `looks like this`() async throws {
        try await Transcript.expect(
            "errors", Session(),
            [
                ["device", "lst"], ["device", "show", "41:00.9"], ["vm", "show", "none"], ["vm", "create", "v"],
                ["device", "list", "--where", "vendr=10de"], ["pool", "list", "--where", "pol=x"],
                ["pool", "rule", "remove", "a100", "none"], ["help", "nonsense"],
                ["claim", "create", "--system", "s", "--request", "gpus:4,numa=nearby"],
                ["claim", "create", "--system", "s", "--request", "gpus:4,topolgy=same-switch"],
                ["claim", "create", "--system", "s", "--request", "gpus:many"],
                ["claim", "create", "--pool", "a100"], ["claim", "create", "--system", "s"],
                ["host", "set", "atlas"], ["host", "set", "atlas", "--label", "zone=a b"],
            ])
    }

    @Test(arguments: ProblemCode.allCases)
    func `of every code keeps its exit code and evidence`(_ code: ProblemCode) async {
        let session = Session()
        await session.service.fail(
            with: Problem(code, "It did not work.", evidence: ["a fact"], next: ["Do this."], cause: "deep down"))
        let outcome = await session.run("device", "list")
        #expect(outcome.status == ExitCodes.expected(code))
        let suffix = "  code      \(code.rawValue)  (patchbay help \(code.rawValue))\n"
        let label = code == .usage ? "usage     " : "why       "
        #expect(
            outcome.talk == "error: It did not work.\n  \(label)a fact\n  cause     deep down\n  next      Do this.\n"
                + suffix)
    }

    @Test func `from a device cannot steer the terminal`() async {
        let session = Session(isTerminal: true).plain
        await session.service.fail(with: Problem(.failed, "\u{1b}[2J\u{9b}31m\u{202e}evil\u{7}"))
        let talk = await session.run("status").talk
        #expect(talk.hasPrefix("error: \u{fffd}[2J\u{fffd}31m\u{fffd}evil\u{fffd}\n"))
    }
}

/// The table of the user's manual, written out once more on purpose.
enum ExitCodes {
    static func expected(_ code: ProblemCode) -> Int32 {
        if code == .interrupted { return 130 }
        switch code.category {
        case .failed: return 1
        case .refused: return 2
        case .notFound: return 3
        case .conflict: return 4
        case .notAllowed: return 5
        case .unreachable: return 6
        case .timedOut: return 7
        case .rolledBack: return 8
        case .stuck: return 9
        case .invalid: return 64
        }
    }
}
