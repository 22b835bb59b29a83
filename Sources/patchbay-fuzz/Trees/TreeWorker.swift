import Foundation
import Glibc

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
        let (progress, output) = ("\(folder)/progress", "\(folder)/output")
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe")
        process.arguments =
            [
                "tree-worker", "--folder", folder, "--seed", "\(seed)", "--first", "\(cases.lowerBound)", "--count",
                "\(cases.count)", "--progress", progress,
            ] + bases.flatMap { ["--base", $0] } + (keepsTree ? ["--keep"] : [])
        guard FileManager.default.createFile(atPath: output, contents: nil),
            let file = FileHandle(forWritingAtPath: output)
        else { throw CocoaError(.fileWriteUnknown) }
        process.standardOutput = file
        process.standardError = file
        let (status, wasKilled) = try await Self.ended(process)
        let bytes = FileManager.default.contents(atPath: output) ?? Data()
        return End(
            isWell: !wasKilled && status == 0, what: Self.words(status, wasKilled: wasKilled),
            output: String(decoding: bytes, as: UTF8.self), lastCase: lastCase(progress))
    }

    private static func ended(_ process: Process) async throws -> (status: Int32, wasKilled: Bool) {
        try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = {
                continuation.resume(returning: ($0.terminationStatus, $0.terminationReason == .uncaughtSignal))
            }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }

    private func lastCase(_ progress: String) -> Int {
        guard let bytes = FileManager.default.contents(atPath: progress), bytes.count == 8 else {
            return cases.lowerBound
        }
        return Int(bytes.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) })
    }

    private static func words(_ status: Int32, wasKilled: Bool) -> String {
        guard wasKilled else { return status == 0 ? "ended" : "it ended with status \(status)" }
        let what =
            switch status {
            case SIGALRM: "it hangs"
            case SIGILL, SIGTRAP: "it traps"
            case SIGSEGV, SIGBUS: "it touches memory that is not its own"
            case SIGABRT: "it is aborted; memory may have run out"
            default: "it died"
            }
        return "\(what) (signal \(status))"
    }
}
