import Foundation
import Glibc
import PatchbayHost

/// One worker process and the cases it was given.
struct TreeWorker {
    /// How a worker ended.
    struct End {
        var isWell: Bool
        /// `ended`, `it traps (signal 4)`, …
        var what: String
        var output: String
        /// The case under way when it ended.
        var lastCase: Int
    }
    /// Its own folder, empty.
    var folder: String
    var seed: UInt64
    var bases: [String]
    var cases: Range<Int>
    var keepsTree = false

    /// Runs it to its end.
    func run() async throws -> End {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let progress = "\(folder)/progress"
        let ending = try await Program("/proc/self/exe").run(
            [
                "tree-worker", "--folder", folder, "--seed", "\(seed)", "--first", "\(cases.lowerBound)", "--count",
                "\(cases.count)", "--progress", progress,
            ] + bases.flatMap { ["--base", $0] } + (keepsTree ? ["--keep"] : []),
            environment: ProcessInfo.processInfo.environment, sharesTerminal: true, within: Self.limit)
        return End(
            isWell: ending.status == 0, what: Self.words(ending.status), output: ending.text + ending.errors,
            lastCase: lastCase(progress))
    }

    /// Each case has a limit of its own, far below; this is for a worker that does not notice it.
    private static let limit: Duration = .seconds(6 * 3600)

    private func lastCase(_ progress: String) -> Int {
        guard let bytes = FileManager.default.contents(atPath: progress), bytes.count == 8 else {
            return cases.lowerBound
        }
        return Int(bytes.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) })
    }

    private static func words(_ status: Int32) -> String {
        guard status > 128 else { return status == 0 ? "ended" : "it ended with status \(status)" }
        let signal = status - 128
        let what =
            switch signal {
            case SIGALRM: "it hangs"
            case SIGILL, SIGTRAP: "it traps"
            case SIGSEGV, SIGBUS: "it touches memory that is not its own"
            case SIGABRT: "it is aborted; memory may have run out"
            default: "it died"
            }
        return "\(what) (signal \(signal))"
    }
}
