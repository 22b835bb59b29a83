import ArgumentParser
import PatchbayCLI
import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `A list that is empty` {
    @Test func `because of a filter says so, and what there is`() async {
        let none = await Session().run("vm", "list", "--where", "state=runing")
        #expect(none.status == 0)
        #expect(none.output.isEmpty)
        #expect(none.talk.hasPrefix("Nothing matches state=runing.\n"))
        #expect(none.talk.contains("Did you mean running?\n"))
        #expect(none.talk.hasSuffix("next  See all:  patchbay vm list\n"))
        #expect(!none.talk.contains("No VMs yet"))
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
    }
}

@Suite struct `A command line with a mistake` {
    @Test(arguments: [
        (["vm", "rm", "x"], "patchbay vm delete x"), (["vm", "ls"], "patchbay vm list"),
        (["vm", "info", "x"], "patchbay vm show x"), (["vm", "destroy", "x"], "patchbay vm stop --now x"),
        (["vm", "undefine", "x"], "patchbay vm delete x"), (["vm", "shutdown", "x"], "patchbay vm stop x"),
        (["vm", "reboot", "x"], "patchbay vm restart x"), (["pool", "rm", "a100"], "patchbay pool delete a100"),
        (["devcie", "list"], "patchbay device list"), (["vm", "strat", "x", "--now"], "patchbay vm start x --now"),
        (["help", "vm", "strat"], "patchbay vm start"),
    ])
    func `is told the command that was meant`(_ words: [String], _ meant: String) async {
        let outcome = await Session().run(words)
        #expect(outcome.status == 64)
        #expect(outcome.talk.contains("error: There is no command \"patchbay "), "\(outcome.talk)")
        #expect(outcome.talk.contains("Did you mean:  \(meant)\n"), "\(outcome.talk)")
    }

    @Test func `is told which values there are`() async {
        let outcome = await Session().run("device", "list", "-o", "csv")
        #expect(outcome.status == 64)
        #expect(outcome.talk.contains("Use table, wide, tree, name, json or yaml."), "\(outcome.talk)")
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
