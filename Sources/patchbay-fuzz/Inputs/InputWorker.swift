import Foundation

/// One target in a process of its own.
struct InputWorker {
    struct End {
        var isWell: Bool
        var summary: String
    }
    var target: InputTarget
    var corpus: String
    var found: String
    /// nil: kept inputs are only run.
    var seconds: Int?

    func run() async throws -> End {
        let output = FileManager.default.temporaryDirectory.appending(path: "patchbay-fuzz-\(UUID().uuidString)").path
        guard FileManager.default.createFile(atPath: output, contents: nil),
            let file = FileHandle(forWritingAtPath: output)
        else { throw CocoaError(.fileWriteUnknown) }
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe")
        process.arguments =
            ["input-worker", target.rawValue, "--corpus", corpus, "--found", found]
            + (seconds.map { ["--seconds", "\($0)"] } ?? [])
        process.standardOutput = file
        process.standardError = file
        let isWell = try await ended(process)
        let lines = String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self)
            .split(separator: "\n")
        try FileManager.default.removeItem(atPath: output)
        try removeScratch(of: process.processIdentifier)
        return End(isWell: isWell, summary: Self.summary(lines, isWell))
    }

    private func ended(_ process: Process) async throws -> Bool {
        try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = {
                continuation.resume(returning: $0.terminationReason == .exit && $0.terminationStatus == 0)
            }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }

    /// A process that died or was ended by the search could not do it itself.
    private func removeScratch(of process: Int32) throws {
        let folder = "\(ScratchFolder.parent)/patchbay-fuzz-input-\(process)"
        if TreeFiles.kind(folder) != nil { try FileManager.default.removeItem(atPath: folder) }
    }

    /// `DONE   cov: 512 ft: 1034 corp: 100/5kb …`, and how many were run; or what it died of.
    private static func summary(_ lines: [Substring], _ isWell: Bool) -> String {
        guard isWell else {
            let told = lines.filter {
                $0.contains("Fatal error") || $0.contains("ERROR:") || $0.contains("Test unit written")
            }
            return "not survived\n" + told.prefix(6).map { "  \($0)" }.joined(separator: "\n")
        }
        let stats = lines.filter {
            $0.contains("DONE") || $0.contains("number_of_executed_units") || $0.contains(" inputs")
        }
        return stats.map { $0.split(separator: " ").joined(separator: " ") }.joined(separator: "; ")
    }
}
