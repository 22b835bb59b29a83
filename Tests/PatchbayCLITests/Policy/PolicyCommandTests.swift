import Foundation
import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Commands for policies` {
    static let text = """
        pool: gpus
        rules:
          - name: a100
            where: id=10de:20b5 numa=0
            host: atlas
            tags: {net: lan}
        expect:
          - matches 4 on atlas
        ---
        profile: trainer
        vcpus: 4
        requests:
          - pool: gpus
        """

    @Test(.requirements("V34", "V38", "N19")) func `send what the files say`() async {
        var session = Session()
        session.input = Self.text
        let outcome = await session.run("apply", "-f", "-", "--prune")
        #expect(outcome.status == 0, "\(outcome.talk)")
        #expect(
            await session.service.mutations == [
                "policy pools=gpus[a100@atlas #net=lan id=10de:20b5 numa=0] profiles=trainer"
                    + " expect=standard input:8 gpus matches 4 on atlas prune=true"
            ])
    }

    @Test func `look like this`() async throws {
        var session = Session(isTerminal: true).plain
        session.input = Self.text
        await session.service.answer(with: Fleet.policyChange)
        try await Transcript.expect(
            "policy", session,
            [
                ["diff", "-f", "-"], ["apply", "-f", "-", "--dry-run"], ["apply", "-f", "-"],
                ["diff", "-f", "-", "-q"],
            ])
        await session.service.answer(with: Fleet.policyUnchanged)
        try await Transcript.expect("policy-unchanged", session, [["diff", "-f", "-"], ["apply", "-f", "-"]])
        try await Transcript.expect(
            "policy-pages", session,
            [
                ["export"], ["export", "profiles"], ["profile", "list"], ["profile", "show", "trainer"],
                ["help", "policy"],
            ])
    }

    @Test func `that look end with what they found`() async {
        var session = Session()
        session.input = Self.text
        await session.service.answer(with: Fleet.policyChange)
        #expect(await session.run("diff", "-f", "-").status == 10)
        #expect(await session.run("apply", "-f", "-", "--dry-run").status == 0)
        #expect(await session.run("apply", "-f", "-", "--dry-run", "--exit-code").status == 10)
        await session.service.answer(with: Fleet.policyUnchanged)
        #expect(await session.run("diff", "-f", "-").status == 0)
        #expect(await session.run("apply", "-f", "-", "--dry-run", "--exit-code").status == 0)
        await session.service.fail(with: Problem(.expectationFailed, "It does not hold."))
        #expect(await session.run("diff", "-f", "-").status == 2)
        #expect(await session.service.mutations.isEmpty)
    }

    @Test func `read back what export prints`() async throws {
        var session = Session()
        session.input = await session.run("export").output
        #expect(session.input.contains("pool: a100\n"))
        let outcome = await session.run("apply", "-f", "-")
        #expect(outcome.status == 0, "\(outcome.talk)")
        #expect(
            await session.service.mutations == [
                "policy pools=a100[cards@atlas vendor=10de name*=A100 80GB] profiles=trainer expect= prune=false"
            ])
    }

    @Test func `read folders in the order of names, and tell mistakes with their files`() async throws {
        try await Folder.with(["b.yml": "pool: nics\n", "a.yaml": Self.text, "c.txt": "no policy"]) { folder in
            let session = Session()
            #expect(await session.run("apply", "-f", folder).status == 0)
            let sent = try #require(await session.service.mutations.first)
            #expect(sent.contains("pools=gpus[a100@atlas #net=lan id=10de:20b5 numa=0] nics "))
            #expect(sent.contains("expect=\(folder)/a.yaml:8 gpus matches 4 on atlas"))
        }
        try await Folder.with([
            "a.yaml": "pool: gpus\nrules:\n  - were: numa=0\n", "b.yaml": "pool: gpus\nclass: toaster\n",
        ]) { folder in
            let session = Session()
            let outcome = await session.run("apply", "-f", folder)
            #expect(outcome.status == 64)
            #expect(outcome.talk.hasPrefix("error: The policy has 3 mistakes; nothing was changed.\n"))
            for line in [
                "a.yaml:3: \"were\"", "b.yaml:2: \"class\"", "b.yaml:1: Pool \"gpus\" is already in \(folder)/a.yaml:1",
            ] {
                #expect(outcome.talk.contains("\(folder)/\(line)"), "\(outcome.talk)")
            }
            #expect(outcome.talk.contains("patchbay diff -f \(folder)\n"))
            #expect(await session.service.mutations.isEmpty)
        }
    }

    @Test func `refuse what is no policy`() async throws {
        try await Folder.with(["c.txt": "x"]) { folder in
            let session = Session()
            for words in [
                ["apply"], ["diff"], ["apply", "-f", folder], ["apply", "-f", "\(folder)/none.yaml"],
                ["apply", "-f", "\(folder)/c.txt"], ["apply", "-f", "-", "-f", "-"], ["export", "vms"],
            ] {
                let outcome = await session.run(words)
                #expect(outcome.status != 0 && outcome.talk.hasPrefix("error: "), "\(words)")
                #expect(outcome.talk.contains("\n  next      "))
            }
            #expect(await session.service.mutations.isEmpty)
        }
    }

    @Test func `make VMs from profiles, and say what is said`() async {
        let session = Session()
        _ = await session.run("vm", "create", "v", "--disk", "/d", "--profile", "trainer")
        _ = await session.run("vm", "create", "v", "--disk", "/d", "--profile", "trainer", "--cpus", "8")
        _ = await session.run("profile", "delete", "trainer")
        _ = await session.run("pool", "rule", "add", "a100", "numa=1", "--tag", "net=lan", "--tag", "vlan=4")
        #expect(
            await session.service.mutations == [
                "create vm v cpus=- memory=- profile=trainer", "create vm v cpus=8 memory=- profile=trainer",
                "delete profile trainer",
                "edit pool a100 revision=5 [cards@atlas vendor=10de name*=A100 80GB][rule-2@* #net=lan #vlan=4 numa=1]",
            ])
        #expect(await session.run("pool", "rule", "add", "a100", "numa=1", "--tag", "lan").status == 64)
        #expect(await session.run("profile", "show", "none").status == 3)
    }
}

/// A folder of texts that is there while a test runs.
private enum Folder {
    static func with(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "policy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        try await body(folder.path)
    }
}
