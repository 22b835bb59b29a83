import Foundation
import PatchbayClient
import PatchbayCore
import PatchbayHost
import Testing

@testable import PatchbayCLI

@Suite struct `Completion of names` {
    /// As the scripts ask: the words on the line, and where the cursor is in the last one.
    private static func offers(
        _ command: [String], _ argument: String, typed: String, of session: Session = Session()
    ) async -> [String] {
        let words = ["patchbay"] + command + [typed]
        let asked = ["---completion"] + command + ["--", argument, String(words.count - 1), String(typed.count)]
        let outcome = await session.run(asked + words)
        #expect(outcome.status == 0, "\(outcome.talk)")
        #expect(outcome.talk.isEmpty)
        return outcome.output.split(separator: "\n").map(String.init)
    }

    @Test(arguments: [
        (["vm", "start"], "positional@0", "", ["trainer-01", "trainer-02"]),
        (["vm", "start"], "positional@0", "trainer-02", ["trainer-02"]), (["vm", "show"], "positional@0", "x", []),
        (["pool", "show"], "positional@0", "a", ["a100"]), (["host", "show"], "positional@0", "", ["atlas"]),
        (["plan", "undo"], "positional@0", "p-8", ["p-8a02"]), (["claim", "release"], "positional@0", "j", ["job-17"]),
        (["device", "show"], "positional@0", "atlas/c1:00.1", ["atlas/c1:00.1"]),
        (["device", "show"], "positional@0", "c1", ["c1:00.0", "c1:00.1"]),
        (["attach"], "positional@0", "a1", ["a100"]), (["attach"], "--to", "trainer-01", ["trainer-01"]),
        (["detach"], "positional@0", "", ["a100", "a100-1", "atlas/41:00.0"]),
        (["detach"], "positional@0", "41", ["41:00.0"]),
        (["vm", "create"], "--host", "", ["atlas"]), (["whatif"], "--drain", "", ["atlas"]),
        (["group", "show"], "positional@0", "atlas/3", ["atlas/31"]),
    ])
    func `offers those that begin as what was typed`(
        _ command: [String], _ argument: String, _ typed: String, _ names: [String]
    ) async {
        #expect(await Self.offers(command, argument, typed: typed) == names)
    }

    @Test(arguments: [
        (["pool", "list"], "--sort", "p", ["pool", "prepare"]),
        (["pool", "list"], "--sort", "-p", ["-pool", "-prepare"]),
        (["pool", "list"], "--columns", "pool,pr", ["pool,prepare"]), (["pool", "list"], "--columns", "pool,po", []),
        (["vm", "list"], "--where", "origin=", ["origin=managed", "origin=adopted"]),
        (["device", "list"], "--where", "numa=0 state=f", ["numa=0 state=free"]),
    ])
    func `offers columns of the list and conditions on them`(
        _ command: [String], _ argument: String, _ typed: String, _ words: [String]
    ) async {
        #expect(await Self.offers(command, argument, typed: typed) == words)
    }

    @Test func `is there for every list`() {
        var lists = 0
        func look(_ path: [String]) {
            for name in CommandTree.names(at: path) ?? [] { look(path + [name]) }
            guard CommandTree.options(at: path).contains("columns") else { return }
            lists += 1
            let choices = (CommandTree.command(at: path) as? any ListCommand.Type)?.choices
            #expect(choices?.columns.isEmpty == false, "\(path)")
        }
        look([])
        #expect(lists > 9, "only \(lists) lists were found")
    }

    @Test(arguments: [("trainer-01", ["a100", "a100-1", "atlas/41:00.0"]), ("trainer-02", [])])
    func `offers of what can be detached only what the named VM has`(_ vm: String, _ names: [String]) async {
        let words = ["patchbay", "detach", "", "--from", vm]
        let outcome = await Session().run(["---completion", "detach", "--", "positional@0", "2", "0"] + words)
        #expect(outcome.output.split(separator: "\n").map(String.init) == names)
    }

    @Test func `is silent when there is no server`() async {
        let session = Session()
        await session.service.fail(with: Problem(.serverUnreachable, "Cannot reach the server."))
        #expect(await Self.offers(["vm", "start"], "positional@0", typed: "", of: session).isEmpty)
    }

    @Test func `asks the server that the line names`() async {
        let session = Session()
        let words = ["patchbay", "vm", "start", "--server", "unix:/tmp/p.sock", ""]
        let outcome = await session.run(["---completion", "vm", "start", "--", "positional@0", "5", "0"] + words)
        #expect(outcome.addresses == [.unix("/tmp/p.sock")])
    }

    /// The script itself, in a real shell, with a program in the place of `patchbay` that offers two addresses.
    @Test func `takes an address as one word in bash`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "completion-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let program = folder.appending(path: "patchbay")
        try Data("#!/bin/sh\nprintf '41:00.0\\n41:00.1\\n'\n".utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
        let script = folder.appending(path: "script.bash")
        try Data(await Session().run("completion", "bash").output.utf8).write(to: script)
        let test = """
            PATH="\(folder.path):$PATH"; source "\(script.path)"
            COMP_LINE="patchbay device show 41:0"; COMP_POINT=${#COMP_LINE}
            COMP_WORDS=(patchbay device show 41 : 0); COMP_CWORD=5
            _patchbay_whole_words patchbay 0 :
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let offered = try await Program("/bin/bash").run(
            ["-c", test], environment: ProcessInfo.processInfo.environment, within: .seconds(300)
        ).text
        #expect(offered == "00.0\n00.1\n")
    }
}
