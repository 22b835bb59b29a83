import PatchbayAPI
import PatchbayCLI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import Synchronization
import Testing

/// `patchbay` against a control plane, without a process.
private final class Terminal: Sendable {
    private let plane: ControlPlane
    private let printed = Mutex((output: [UInt8](), talk: ""))

    init(_ plane: ControlPlane) { self.plane = plane }

    func run(_ words: String..., input: String = "") async -> (status: Int32, output: String, talk: String) {
        printed.withLock { $0 = ([], "") }
        let plane = plane
        let surroundings = Surroundings(
            arguments: words, environment: [:],
            terminal: TerminalFacts(
                isInputTerminal: false, isOutputTerminal: false, isErrorTerminal: false, width: 80),
            write: { bytes in self.printed.withLock { $0.output += bytes } },
            talk: { text in self.printed.withLock { $0.talk += text } }, ask: { _ in nil }, now: { 0 },
            pause: { _ in throw CancellationError() }, interrupts: { AsyncStream { $0.finish() } },
            keyboard: { () throws(Problem) in Keyboard(keys: AsyncStream { $0.finish() }) {} },
            input: { Array(input.utf8) }, connect: { _, _, _ in plane })
        let status = await CLI.run(PatchbayCommand.self, surroundings: surroundings)
        return printed.withLock { (status, String(decoding: $0.output, as: UTF8.self), $0.talk) }
    }
}

@Suite struct `A policy at the command line` {
    static let text = """
        pool: gpus
        description: "A100s: all of them"
        class: gpu
        rules:
          - name: a100
            where: id=10de:20b5 name*="A100 PCIe"
            tags: {physical_network: lan}
          - {name: off, host: atlas, where: numa=0, enabled: false}
        expect:
          - matches 2 on atlas
          - excludes atlas/c1:00.0
        ---
        profile: trainer
        vcpus: 4
        memoryMiB: 512
        requests:
          - {pool: gpus, count: 2, numa: preferred, optional: true}
        """

    @Test(.requirements("V33", "V34", "V38", "N18", "N19", "N21", "N30"), arguments: StoreKind.allCases)
    func `is exported as it was applied, and applying the export changes nothing`(_ kind: StoreKind) async throws {
        try await Scene.with(kind) { scene in
            try await scene.makePool("made", ["c1:00.0"], .onDemand)
            let terminal = Terminal(scene.plane)
            #expect(await terminal.run("diff", "-f", "-", input: Self.text).status == 10)
            let applied = await terminal.run("apply", "-f", "-", input: Self.text)
            #expect(applied.status == 0, "\(applied.talk)")
            #expect(applied.output == "create  pool gpus\ncreate  profile trainer\nPolicy applied: 2 created.\n")
            let pool = try await scene.plane.pool("gpus")
            #expect(pool.devices.map(\.address) == ["0000:41:00.0", "0000:42:00.0"])
            let exported = await terminal.run("export").output
            #expect(exported.contains("madeFrom: atlas/0000:c1:00.0"))
            let before = try await scene.revision
            for words in [["diff", "-f", "-"], ["apply", "-f", "-"], ["apply", "-f", "-", "--prune"]] {
                let outcome = await terminal.run(words[0], words[1], words[2], input: exported)
                #expect(outcome.status == 0 && outcome.output == "Nothing changes.\n", "\(outcome)")
            }
            #expect(try await scene.revision == before)
            #expect(await terminal.run("export").output == exported)
        }
    }

    @Test(.requirements("N31")) func `that expects too much changes nothing and names file and line`() async throws {
        try await Scene.with { scene in
            let wrong = Self.text.replacing("matches 2 on atlas", with: "matches 4 on atlas")
            let outcome = await Terminal(scene.plane).run("apply", "-f", "-", input: wrong)
            #expect(outcome.status == 2)
            #expect(
                outcome.talk.contains(
                    "standard input:10: \"gpus matches 4 on atlas\", but it matches 2: atlas/41:00.0, atlas/42:00.0"))
            let pools = try await scene.plane.pools()
            #expect(pools.isEmpty)
        }
    }

    @Test(.requirements("N6", "N51")) func `makes VMs that ask for what the profile says`() async throws {
        try await Scene.with { scene in
            let terminal = Terminal(scene.plane)
            _ = await terminal.run("apply", "-f", "-", input: Self.text)
            let made = await terminal.run(
                "vm", "create", "trainer-01", "--profile", "trainer", "--memory", "1024", "--disk", "/d.qcow2",
                "--no-wait")
            #expect(made.status == 0, "\(made.talk)")
            let vm = try await scene.plane.vm("trainer-01")
            #expect(vm.vcpus == 4 && vm.memoryMiB == 1024)
            #expect(vm.requests.map(\.name) == ["gpus-1"])
            #expect(vm.requests.first?.numa == .preferred && vm.requests.first?.isOptional == true)
            try await scene.agent.work()
            _ = try await scene.plane.startVM("trainer-01", dryRun: false)
            try await scene.agent.work()
            #expect(
                try await scene.plane.vm("trainer-01").now.map(\.device)
                    == ["atlas/0000:41:00.0", "atlas/0000:42:00.0"])
            _ = try await scene.plane.stopVM("trainer-01", API.PowerRequest(), dryRun: false)
            try await scene.agent.work()
            let refusal = try await problem { _ = try await scene.plane.deletePool("gpus", dryRun: false) }
            #expect(refusal.evidence == ["trainer-01 requests it", "profile trainer requests it"])
            let bare = await terminal.run("vm", "create", "v", "--profile", "none", "--disk", "/d", "--no-wait")
            #expect(bare.status == 3)
        }
    }
}
