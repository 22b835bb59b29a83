import Foundation
import Glibc
import PatchbayClient
import Testing

/// `patchbay serve` as it was built, in a process of its own, without an agent.
final class ServerProcess: Sendable {
    let client: PatchbayClient
    let pid: Int32
    private let process: Process
    private let lines: AsyncStream<String>
    private let end: AsyncStream<Void>

    static func log(in folder: String) -> String { folder + "/log" }
    static func store(in folder: String) -> String { folder + "/patchbay.sqlite" }

    /// The program beside the tests: both are built together, so a missing one is a failure.
    private static func program() throws -> URL {
        let tests = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let program = tests.deletingLastPathComponent().appending(path: "patchbay")
        try #require(
            FileManager.default.isExecutableFile(atPath: program.path),
            "\(program.path) is not built; build everything: swift build --build-tests")
        return program
    }

    /// Starts it on the state in `folder`; `listens` says when it can be asked.
    init(in folder: String) throws {
        let socket = folder + "/s"
        client = PatchbayClient(address: .unix(socket), token: nil)
        process = Process()
        process.executableURL = try Self.program()
        process.arguments = ["serve", "--no-agent", "--listen", "127.0.0.1:0", "--state", folder, "--socket", socket]
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        let log = open(Self.log(in: folder), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        process.standardError = FileHandle(fileDescriptor: log, closeOnDealloc: true)
        let (end, tellEnd) = AsyncStream<Void>.makeStream()
        self.end = end
        process.terminationHandler = { _ in tellEnd.finish() }
        let (lines, tellLine) = AsyncStream<String>.makeStream()
        self.lines = lines
        try process.run()
        pid = process.processIdentifier
        Thread.detachNewThread {
            var rest = Data()
            while true {
                let bytes = output.fileHandleForReading.availableData
                guard !bytes.isEmpty else { return tellLine.finish() }
                rest.append(bytes)
                while let newline = rest.firstIndex(of: 10) {
                    tellLine.yield(String(decoding: rest[rest.startIndex..<newline], as: UTF8.self))
                    rest = Data(rest[(newline + 1)...])
                }
            }
        }
    }

    /// None outlives a test that failed.
    deinit { kill() }

    /// Returns when it serves its socket; false: it ended before.
    func listens() async -> Bool {
        for await line in lines where line.hasPrefix("Socket ") { return true }
        return false
    }

    /// `kill -9`, if it still runs.
    func kill() {
        if process.isRunning { Glibc.kill(pid, SIGKILL) }
    }

    /// Returns when it is gone; true: it was killed, and did not end by itself.
    func wasKilled() async -> Bool {
        for await _ in end {}
        return process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
    }
}
