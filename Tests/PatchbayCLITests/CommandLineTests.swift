import ArgumentParser
import Foundation
import PatchbayCLI
import Testing

@testable import patchbay

/// Whoever is told to type a command has to be able to: every `patchbay …` in the sources, in the documents and in what the
/// commands print is read by the parser of the program.
@Suite struct `Command lines that people are told to type` {
    @Test(arguments: CommandLines.places) func `are read by the parser`(_ place: CommandLines.Place) async throws {
        let lines = try CommandLines.all(in: place)
        #expect(lines.count > 20)
        for line in lines {
            if let complaint = await Self.complaint(about: line.words) {
                Issue.record(
                    "\(line.file): \(line.text)\n  read as: \(line.words.joined(separator: " "))\n  \(complaint)")
            }
        }
    }

    @Test func `are found in text of every form`() {
        let texts = [
            #""See them: patchbay vm list", next"#: ["vm list"],
            #""Put it back:  patchbay device release \(id.short) --dry-run""#: ["device release x --dry-run"],
            "`patchbay plan show P` or `patchbay status`.": ["plan show P", "status"],
            "  patchbay diff -f FILE|-    what would change": ["diff -f FILE"],
            "    sudo patchbay serve --state DIR  # in front": ["serve --state DIR"],
            "the patchbay binary, and no patchbay-bench": [],
        ]
        for (text, wanted) in texts {
            #expect(CommandLines.lines(of: text).map { $0.joined(separator: " ") } == wanted, "\(text)")
        }
    }

    /// nil: it could be run. What misses a value that only the reader knows is no mistake.
    private static func complaint(about words: [String]) async -> String? {
        if words.first == "help" { return await helpComplaint(about: Array(words.dropFirst())) }
        do {
            _ = try await Patchbay.asyncParseAsRoot(words)
            return nil
        } catch {
            guard !Patchbay.exitCode(for: error).isSuccess else { return nil }
            let message = Patchbay.message(for: error)
            return message.hasPrefix("Missing expected argument") ? nil : message
        }
    }

    private static func helpComplaint(about topic: [String]) async -> String? {
        guard !topic.isEmpty, !CommandLines.topics.contains(topic[0]) else { return nil }
        return await complaint(about: topic + ["--help"])
    }
}
