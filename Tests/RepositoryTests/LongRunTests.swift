import Foundation
import Testing

/// What `make check` says of docs/lab-long.md, in a repository of its own with the scripts of this one.
@Suite struct `The page of long runs` {
    fileprivate static let head = "| scenario | commit | date | load at the end | times | reading, s | seconds |\n"

    @Test func `is fine with a run on a commit of ours`() throws {
        let sandbox = try Sandbox()
        let run = try sandbox.commit("Sources/PatchbayServer/one.swift")
        #expect(try sandbox.check(row(run)) == "")
        // What the scenario does not name may change.
        _ = try sandbox.commit("docs/other.md")
        #expect(try sandbox.check(row(run)) == "")
    }

    @Test func `fails without a run, with one on a strange commit, and with one before the last change`() throws {
        let sandbox = try Sandbox()
        let run = try sandbox.commit("Sources/PatchbayServer/one.swift")
        #expect(try sandbox.check("").contains("never run"))
        #expect(try sandbox.check(row("0123456789ab")).contains("no ancestor"))
        let later = try sandbox.commit("Sources/PatchbayServer/two.swift")
        #expect(try sandbox.check(row(run)).contains("\(later.prefix(7))"))
    }

    @Test(arguments: [
        ("50", "10", "?"), ("50", "10", ""), ("3", "10", "12"), ("50", "0", "12"), ("50", "9", "12"), ("x", "10", "12"),
    ])
    func `fails with a run that proves nothing`(_ run: (times: String, delay: String, seconds: String)) throws {
        let sandbox = try Sandbox()
        let commit = try sandbox.commit("Sources/PatchbayServer/one.swift")
        #expect(try sandbox.check(row(commit, run.times, run.delay, run.seconds)) != "")
    }

    @Test func `fails while what was proven is being changed`() throws {
        let sandbox = try Sandbox()
        let commit = try sandbox.commit("Sources/PatchbayServer/one.swift")
        try sandbox.write("Sources/PatchbayServer/one.swift", "changed")
        #expect(try sandbox.check(row(commit)).contains("not committed"))
    }

    @Test(arguments: ["Sources/PatchbayCore/one.swift", "Sources/PatchbayLab/Simulation/one.swift"])
    func `names all that a simulated run goes through`(_ path: String) throws {
        let sandbox = try Sandbox()
        let run = try sandbox.commit("Sources/PatchbayServer/one.swift")
        _ = try sandbox.commit(path)
        #expect(try sandbox.check(row(run)) != "")
    }

    private func row(
        _ commit: String, _ times: String = "50", _ delay: String = "10", _ seconds: String = "1082"
    ) -> String {
        "| simulated-restarts | \(commit) | 2026-11-29 | 6.0 | \(times) | \(delay) | \(seconds) |"
    }

    /// A repository with one scenario.
    private final class Sandbox {
        private let folder = FileManager.default.temporaryDirectory.appending(
            path: "patchbay-long-\(UUID().uuidString)")

        init() throws {
            let scenarios = try Repository.text("scripts/long-scenarios").split(separator: "\n")
                .filter { $0.hasPrefix("#") || $0.hasPrefix("simulated-restarts") }
            try write("scripts/long-scenarios", scenarios.joined(separator: "\n") + "\n")
            try write("scripts/check-lab-long", try Repository.text("scripts/check-lab-long"))
            try git("init", "--quiet")
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func write(_ path: String, _ text: String) throws {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }

        /// - Returns: the commit, as the page names it.
        func commit(_ path: String) throws -> String {
            try write(path, UUID().uuidString)
            try git("add", path)
            try git("-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "-m", "One")
            return try git("rev-parse", "--short=12", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
        }

        /// What the check complains of; empty: it passes.
        func check(_ row: String) throws -> String {
            try write("docs/lab-long.md", "\(`The page of long runs`.head)\(row)\n")
            let (status, said) = try run("bash", "scripts/check-lab-long")
            #expect((status == 0) == said.isEmpty, "\(status) \(said)")
            return said
        }

        @discardableResult
        private func git(_ words: String...) throws -> String {
            let (status, said) = try run(["git"] + words)
            try #require(status == 0, "git \(words): \(said)")
            return said
        }

        private func run(_ words: String...) throws -> (status: Int32, said: String) { try run(words) }

        private func run(_ words: [String]) throws -> (status: Int32, said: String) {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = words
            process.currentDirectoryURL = folder
            // A hook of git that runs the tests must not lead to its own repository.
            process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("GIT_") }
            let output = Pipe()
            process.standardOutput = output
            process.standardError = output
            try process.run()
            let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return (process.terminationStatus, said)
        }
    }
}
