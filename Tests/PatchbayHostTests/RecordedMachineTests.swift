import Foundation
import PatchbayCore
import PatchbayHost
import Testing

/// The 24 machines that others recorded. They are not part of the project: `PATCHBAY_CORPUS` names their directory.
@Suite struct `Recorded machines` {
    private static let corpus = ProcessInfo.processInfo.environment["PATCHBAY_CORPUS"]

    @Test(.enabled(if: corpus != nil, "PATCHBAY_CORPUS does not name the directory of the recorded machines"))
    func `are read as they are`() throws {
        let corpus = try #require(Self.corpus)
        let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let tool = Process()
        let program = Self.folders(above: products).map { $0.appending(path: "patchbay-conformance") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
        tool.executableURL = program
        tool.arguments = ["machines", corpus]
        let output = Pipe()
        tool.standardOutput = output
        try tool.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        tool.waitUntilExit()
        #expect(tool.terminationStatus == 0, "\(text)")
        #expect(text.hasSuffix("24 passed, 0 failed\n"), "\(text)")
    }

    private static func folders(above folder: URL) -> [URL] {
        sequence(first: folder) { $0.pathComponents.count > 1 ? $0.deletingLastPathComponent() : nil }.prefix(5).map {
            $0
        }
    }
}
