import Foundation
import Testing

/// What commands print, compared with a file in `Golden/`. `PATCHBAY_GOLDEN=write` writes the files anew; the diff is
/// reviewed as code.
enum Transcript {
    static func expect(
        _ name: String, _ session: Session, _ commands: [[String]], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        var text = ""
        for command in commands {
            let outcome = await session.run(command)
            text += "$ patchbay \(command.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " "))\n"
            text += outcome.output
            if !outcome.talk.isEmpty { text += "--- standard error\n" + outcome.talk }
            text += "--- exit \(outcome.status)\n\n"
        }
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Golden/\(name).txt")
        if ProcessInfo.processInfo.environment["PATCHBAY_GOLDEN"] == "write" {
            try Data(text.utf8).write(to: file)
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(text == golden, "differs from \(file.lastPathComponent)", sourceLocation: sourceLocation)
    }
}
