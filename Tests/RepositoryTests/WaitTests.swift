import Foundation
import Testing

/// A regression fails; it never hangs.
@Suite struct `Tests that wait` {
    /// A suite, or what a file adds to one.
    private struct Part {
        var file: String
        var suite = ""
        /// From `@Suite` to the name; empty where the suite is opened elsewhere.
        var traits = ""
        var waitsAt: Int?
    }

    private static let waits = [
        ".until(", ".until {", "for await ", "for try await ", "Task.yield", "CheckedContinuation",
    ]

    private static func isWait(_ line: Substring) -> Bool {
        waits.contains { line.contains($0) } || (line.contains("while ") && line.contains("await "))
    }

    private static func parts(of file: String) throws -> [Part] {
        var parts: [Part] = []
        var traits: String?
        for (number, line) in try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if line.hasPrefix("@Suite") { traits = "" }
            traits? += line
            let opens = line.hasPrefix("extension `") || traits != nil && line.contains("struct `")
            if opens {
                let name = line.split(separator: "`", omittingEmptySubsequences: false)[1]
                parts.append(Part(file: file, suite: String(name), traits: traits ?? ""))
                traits = nil
            } else if let last = parts.indices.last, parts[last].waitsAt == nil, isWait(line) {
                parts[last].waitsAt = number + 1
            }
        }
        return parts
    }

    @Test func `are in suites with a time limit`() throws {
        let files = Repository.files(under: "Tests", ending: ".swift").filter {
            !$0.hasPrefix("Tests/RepositoryTests/")
        }
        let parts = try files.flatMap { try Self.parts(of: $0) }
        let limited = Set(parts.filter { $0.traits.contains(".timeLimit(") }.map(\.suite))
        let waiting = parts.filter { $0.waitsAt != nil }
        #expect(parts.count > 250 && waiting.count > 20, "the test looks for the wrong words")
        for part in waiting where !limited.contains(part.suite) {
            Issue.record("\(part.file):\(part.waitsAt ?? 0): `\(part.suite)` waits, and has no .timeLimit")
        }
    }
}
