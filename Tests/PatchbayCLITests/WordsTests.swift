import ArgumentParser
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayCLI
@testable import patchbay

@Suite struct `A list that is empty` {
    @Test func `because of a filter says so, and what there is`() async {
        let none = await Session().run("vm", "list", "--where", "vm=trainer-1")
        #expect(none.status == 0)
        #expect(none.output.isEmpty)
        #expect(none.talk.hasPrefix("Nothing matches vm=trainer-1. There are 2 in all.\n"))
        #expect(none.talk.contains("Values of vm here: trainer-01, trainer-02. Did you mean trainer-01?\n"))
        #expect(none.talk.hasSuffix("next  See all:  patchbay vm list\n"))
        #expect(!none.talk.contains("No VMs yet"))
    }

    @Test(arguments: [
        (["vm", "list", "--where", "state=runing"], "Did you mean running?"),
        (["plan", "list", "--where", "phase!=aplied"], "Did you mean applied?"),
        (["claim", "list", "--where", "phase=late"], "Use one of pending, allocated, attached, releasing."),
        (["pool", "list", "--where", "prepare=early"], "Use one of eager, on-demand."),
    ])
    func `because a filter names a value that cannot be is refused, in every form`(_ words: [String], _ hint: String)
        async
    {
        for form in [[], ["--json"], ["-q"]] {
            let outcome = await Session().run(words + form)
            #expect(outcome.status == 64)
            #expect(outcome.output.isEmpty)
            #expect(outcome.talk.contains(hint), "\(outcome.talk)")
        }
        #expect(await Session().run("vm", "list", "--where", "state~^ru").status == 0)
    }

    @Test(arguments: [
        (["plan", "list", "--where", "phase=undoing"], "There are 2 in all."),
        (["device", "list", "--where", "state=free", "--host", "atlas"], ""),
        (["pool", "list", "--where", "pool=none"], "There is 1 in all."),
    ])
    func `because of a filter says how many there are without it`(_ words: [String], _ count: String) async {
        #expect(await Session().run(words).talk.contains(count))
    }

    @Test(arguments: [
        ["plan", "list", "--where", "phase=undoing"],
        ["pool", "list", "--where", "pool=none"], ["claim", "list", "--owner", "nobody-at-all", "--where", "claim=x"],
    ])
    func `because of a filter is not one that was never filled`(_ words: [String]) async {
        let outcome = await Session().run(words)
        #expect(outcome.talk.hasPrefix("Nothing matches "), "\(outcome.talk)")
        #expect(!outcome.talk.contains(" yet"))
    }

    @Test func `of plans is as long as was asked for, and says how many more there are`() async {
        let all = await Session().run("plan", "list", "-q", "--limit", "0")
        let count = all.output.split(separator: "\n").count
        let some = await Session().run("plan", "list", "-q", "--limit", "1")
        #expect(some.output.split(separator: "\n").count == 1)
        #expect(some.talk == "\(count - 1) more; to see all:  --limit 0\n")
        #expect(all.talk.isEmpty)
        #expect(await Session().run("plan", "list", "--limit", "-1").status == 64)
        #expect(await Session().run("claim", "list", "-q", "--limit", "1").output.split(separator: "\n").count == 1)
        #expect(await Session().run("claim", "list", "-q").talk.isEmpty)
    }
}

@Suite struct `A command line with a mistake` {
    @Test(arguments: [
        (["vm", "rm", "x"], "patchbay vm delete x"), (["vm", "ls"], "patchbay vm list"),
        (["vm", "info", "x"], "patchbay vm show x"), (["vm", "destroy", "x"], "patchbay vm stop --now x"),
        (["vm", "undefine", "x"], "patchbay vm delete x"), (["vm", "shutdown", "x"], "patchbay vm stop x"),
        (["vm", "reboot", "x"], "patchbay vm restart x"), (["pool", "rm", "a100"], "patchbay pool delete a100"),
        (["devcie", "list"], "patchbay device list"), (["vm", "strat", "x", "--now"], "patchbay vm start x --now"),
        (["help", "vm", "strat"], "patchbay vm start"), (["host", "rm", "atlas"], "patchbay host remove atlas"),
        (["host", "delete", "atlas"], "patchbay host remove atlas"),
        (["claim", "rm", "c"], "patchbay claim release c"),
        (["pool", "rule", "rm", "a", "b"], "patchbay pool rule remove a b"),
        (["host", "cordon", "atlas"], "patchbay host set --cordon atlas"),
        (["domains", "ls"], "patchbay vm list"), (["vms", "ls"], "patchbay vm list"),
        (["node", "info", "x"], "patchbay host show x"), (["dev", "list"], "patchbay device list"),
        (["start", "x"], "patchbay vm start x"), (["shutdown", "x"], "patchbay vm stop x"),
        (["prepare", "41:00.0"], "patchbay device prepare 41:00.0"), (["plan", "rm", "p"], "patchbay plan cancel p"),
        (["list", "vms"], "patchbay vm list"), (["get", "pool", "a100"], "patchbay pool show a100"),
        (["rm", "x"], "patchbay vm delete x"), (["vm", "attach", "a100", "--to", "x"], "patchbay attach a100 --to x"),
    ])
    func `is told the command that was meant`(_ words: [String], _ meant: String) async {
        let outcome = await Session().run(words)
        #expect(outcome.status == 64)
        #expect(outcome.talk.contains("error: There is no command \"patchbay "), "\(outcome.talk)")
        #expect(
            outcome.talk.contains("Did you mean:  \(meant)\n") || outcome.talk.contains("Or:  \(meant)\n"),
            "\(outcome.talk)")
    }

    @Test(
        arguments: [
            (["vm", "stop", "trainer-01", "--force"], "--now"),
            (["vm", "stop", "trainer-01", "--gracee", "5s"], "--grace"),
            (["vm", "create", "v", "--disk", "/d", "--ram", "8G"], "--memory"),
            (["vm", "create", "v", "--disk", "/d", "--mem", "8G"], "--memory"),
            (["vm", "list", "--filter", "state=running"], "--where"), (["vm", "list", "--follow"], "--watch"),
            (["device", "list", "--dry-run"], nil), (["pool", "delete", "a100", "--force"], nil),
        ] as [([String], String?)])
    func `is told the option that was meant, and no other`(_ words: [String], _ option: String?) async {
        let talk = await Session().run(words).talk
        if let option {
            #expect(talk.contains("Did you mean:  \(option)\n"), "\(talk)")
        } else {
            #expect(!talk.contains("Did you mean"), "\(talk)")
        }
    }

    @Test func `is told the value that was meant`() async {
        #expect(await Session().run("status", "-o", "josn").talk.contains("Did you mean:  json\n"))
        #expect(!(await Session().run("status", "-o", "csv").talk.contains("Did you mean")))
    }

    @Test func `is told the device that was meant, where it is one digit off`() async {
        #expect(
            await Session().run("device", "show", "41:00.1").talk.contains(
                "Did you mean atlas/41:00.0 or atlas/c1:00.1?"))
        #expect(await Session().run("device", "show", "atlas/c1:00.2").talk.contains("atlas/c1:00.0 or atlas/c1:00.1?"))
        #expect(await Session().run("device", "show", "99:00.0").talk.contains("Did you mean") == false)
    }

    @Test func `is told the field of a request by its option`() async {
        let session = Session()
        await session.service.fail(with: Problem(.malformedInput, "\"vcpus\" is 5000.", next: ["Use 1 to 1024."]))
        let talk = await session.run("vm", "create", "v", "--disk", "/d", "--cpus", "5000").talk
        #expect(talk.hasPrefix("error: --cpus is 5000.\n"), "\(talk)")
    }

    @Test func `is told which values there are`() async {
        let outcome = await Session().run("device", "list", "-o", "csv")
        #expect(outcome.status == 64)
        #expect(outcome.talk.contains("Use table, wide, tree, name, json or yaml."), "\(outcome.talk)")
        #expect(await Session().run("vm", "list", "-o", "csv").talk.contains("Use table, wide, name, json or yaml."))
    }

    @Test(arguments: [["vm", "create", "v", "--disk", "/d", "--uefi"], ["status", "--foo"]])
    func `is offered nothing that is far from it`(_ words: [String]) async {
        #expect(!(await Session().run(words)).talk.contains("Did you mean"))
    }

    @Test func `is offered --now for --force`() async {
        #expect(await Session().run("vm", "stop", "trainer-01", "--force").talk.contains("Did you mean:  --now\n"))
    }

    @Test(arguments: [["vm", "list", "-o", "tree"], ["plan", "show", "p-8a02", "-o", "tree"]])
    func `that asks for a tree where there is none is refused`(_ words: [String]) async {
        #expect(await Session().run(words).status == 64)
        #expect(await Session().run("device", "list", "-o", "tree").status == 0)
    }

    @Test(arguments: [("8G", 8192), ("8GiB", 8192), ("512M", 512), ("8192", 8192), ("1t", 1_048_576)])
    func `takes memory as people write it`(_ text: String, _ mebibytes: Int) async {
        let session = Session()
        let outcome = await session.run("vm", "create", "v", "--disk", "/d", "--memory", text)
        #expect(outcome.status == 0, "\(outcome.talk)")
        #expect(await session.service.mutations.first?.contains("\(mebibytes)") == true)
        let little = await session.run("vm", "create", "v", "--disk", "/d", "--memory", "1")
        #expect(little.talk.contains("--memory 1 is too little; give at least 16 MiB"))
    }
}

@Suite struct `The table of words of other systems` {
    private static func everything() -> (commands: Set<String>, options: Set<String>) {
        var paths: [[String]] = [[]]
        var (commands, options): (Set<String>, Set<String>) = ([], [])
        while let path = paths.popLast() {
            options.formUnion(CommandTree.options(at: path))
            for name in CommandTree.names(at: path) ?? [] {
                commands.insert(name)
                paths.append(path + [name])
            }
        }
        return (commands, options)
    }

    @Test func `names commands and options that there are`() {
        CLI.$root.withValue(Patchbay.self) {
            let known = Self.everything()
            for (word, meanings) in Aliases.commands {
                for meaning in meanings { #expect(known.commands.contains(meaning[0]), "\(word)") }
                for option in meanings.joined() where option.hasPrefix("--") {
                    #expect(known.options.contains(String(option.dropFirst(2))), "\(word)")
                }
            }
            for (word, meanings) in Aliases.options {
                for option in meanings { #expect(known.options.contains(option), "\(word)") }
            }
        }
    }
}

@Suite struct `A word that does not exist` {
    @Test(arguments: [
        ("strat", "start"), ("devcie", "device"), ("shwcase", "showcase"), ("pol", "pool"), ("lst", "list"),
    ])
    func `is near to another one`(_ word: String, _ known: String) {
        #expect(Spelling.nearest(to: word, among: ["for", "zzzzzz", known]) == known)
    }

    @Test(arguments: [("foo", "for"), ("uefi", "yes"), ("force", "grace"), ("foo", "root")])
    func `is far from another one`(_ word: String, _ known: String) {
        #expect(Spelling.nearest(to: word, among: [known]) == nil)
    }
}
