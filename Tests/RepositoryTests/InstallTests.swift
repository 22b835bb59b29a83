import Foundation
import Testing

/// What `make install` needs and does, told by make itself (`--dry-run`).
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/make"), "needs make"))
struct `Installing` {
    private static func plan(_ arguments: String...) throws -> [Substring] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/make")
        process.arguments = ["--dry-run", "--no-print-directory", "install"] + arguments
        process.currentDirectoryURL = Repository.root
        // Of a make that runs this test.
        process.environment = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("MAKE") && $0.key != "MFLAGS"
        }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return text.split(separator: "\n")
    }

    @Test func `needs what building needs, and no browser or lab`() throws {
        let lines = try Self.plan()
        #expect(lines.contains { $0.contains(" build -c release") })
        #expect(lines.last?.hasSuffix("scripts/install") == true)
        let setups = lines.filter { $0.contains("scripts/setup") }
        #expect(setups == ["scripts/setup build"])
    }

    @Test func `of a program that is built needs nothing`() throws {
        let lines = try Self.plan("BINARY=/bin/true")
        #expect(lines.count == 1 && lines.first?.hasSuffix("scripts/install") == true, "\(lines)")
    }
}
