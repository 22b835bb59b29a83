import Foundation
import Glibc
import PatchbayCore
import Subprocess
import Testing

@testable import PatchbayHost

@Suite(.timeLimit(.minutes(10))) struct `Asking a program` {
    @Test func `gives what it prints`() async {
        #expect(await ProgramRunner.live(within: .seconds(300)).output("echo", "one", "two words") == "one two words\n")
    }

    @Test func `gives nothing when it fails, is not there, or prints without end`() async {
        #expect(await ProgramRunner.live(within: .seconds(300)).output("false") == nil)
        #expect(await ProgramRunner.live(within: .seconds(300)).output("no-such-program-at-all") == nil)
        #expect(await ProgramRunner.live(within: .seconds(300)).output("yes") == nil)
    }

    @Test func `does not wait for one that does not answer`() async {
        #expect(await ProgramRunner.live(within: .zero).output("sleep", "600") == nil)
    }

    @Test func `a recorded tree has none`() async { #expect(await ProgramRunner.none.output("echo", "x") == nil) }
}

@Suite(.timeLimit(.minutes(10))) struct `A program that is run` {
    private func run(_ script: String, within limit: Duration) async throws(Program.Failure) -> Program.Ending {
        try await Program("/bin/sh").run(["-c", script], within: limit)
    }

    @Test func `tells its status, or the signal that ended it, and both its outputs`() async throws {
        let ending = try await run("echo out; echo err >&2; exit 3", within: .seconds(300))
        #expect(ending.status == 3 && ending.text == "out\n" && ending.errors == "err\n")
        #expect(try await run("kill -9 $$", within: .seconds(300)).status == 128 + SIGKILL)
    }

    @Test func `has of our environment and descriptors nothing but what it is given`() async throws {
        let ending = try await Program("/bin/sh").run(
            ["-c", "echo \"$PATCHBAY_X$HOME\" $(ls /proc/self/fd | wc -l); cat"],
            environment: ["PATCHBAY_X": "x", "PATH": "/usr/bin:/bin"], input: .string("typed"), within: .seconds(300))
        #expect(ending.text == "x 4\ntyped")
    }

    @Test func `begins with usual signals and none blocked`() async throws {
        signal(SIGPIPE, SIG_IGN)
        let told = try await run("grep -E '^Sig(Blk|Ign)' /proc/self/status", within: .seconds(300)).text
        let masks = try told.split(separator: "\n").map { line in
            try #require(line.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) })
        }
        // 32 and 33 are glibc's own: what it has spawned once ignores them, and nothing can change that.
        #expect(masks.map { $0 & ~0x1_8000_0000 } == [0, 0])
    }

    @Test(arguments: ["exec >&- 2>&-; exec sleep 6000", "trap '' TERM HUP INT; exec sleep 6000"])
    func `never keeps its caller longer than its time`(_ script: String) async {
        await #expect(throws: Program.Failure.late) { try await run(script, within: .milliseconds(200)) }
    }

    @Test func `is over when it ends, whatever it leaves behind`() async throws {
        let ending = try await run("sleep 600 & echo $!", within: .seconds(300))
        #expect(ending.status == 0)
        let left = try #require(pid_t(ending.text.trimmingCharacters(in: .newlines)))
        #expect(kill(left, SIGKILL) == 0)
    }

    @Test func `takes with it what it has started when its time is over`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "program-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        await #expect(throws: Program.Failure.late) {
            try await run("sleep 600 & echo $! >\(file); wait", within: .seconds(10))
        }
        let started = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .newlines)
        var runs = true
        for _ in 0..<100 where runs {
            let state = try? String(contentsOfFile: "/proc/\(started)/stat", encoding: .utf8)
            runs = state.map { !$0.contains(") Z ") } ?? false
            if runs { try await Task.sleep(for: .milliseconds(50)) }
        }
        #expect(!runs)
    }

    @Test func `is killed when nobody waits for it any more`() async {
        let waiting = Task { try await run("exec sleep 600", within: .seconds(600)) }
        waiting.cancel()
        await #expect(throws: Program.Failure.cancelled) { try await waiting.value }
    }
}
