import Foundation
import PatchbayHost

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
        let ending = try await Program("/proc/self/exe").run(
            ["input-worker", target.rawValue, "--corpus", corpus, "--found", found]
                + (seconds.map { ["--seconds", "\($0)"] } ?? []),
            environment: ProcessInfo.processInfo.environment, most: 64 << 20, sharesTerminal: true,
            within: .seconds((seconds ?? 0) + 3600))
        let lines = (ending.text + ending.errors).split(separator: "\n")
        try removeScratch(of: ending.process)
        return End(isWell: ending.status == 0, summary: Self.summary(lines, ending.status == 0))
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
