import Foundation
import Glibc
import PatchbayClient
import Testing

/// `patchbay serve` as it was built, in a process of its own, without an agent: for tests of whatever needs a real one.
package final class ServerProcess: Sendable {
    package let client: PatchbayClient
    package let pid: Int32
    private let process: Process
    private let lines: AsyncStream<String>
    private let end: AsyncStream<Void>

    package static func log(in folder: String) -> String { folder + "/log" }
    package static func store(in folder: String) -> String { folder + "/patchbay.sqlite" }

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
    ///
    /// - Parameters:
    ///   - files: how many files it may have open; nil: as many as this process.
    ///   - softFiles: how many of those it may have before it asks for more.
    package init(
        in folder: String, listen: String = "127.0.0.1:0", socket: String? = nil, files: Int? = nil,
        softFiles: Int? = nil, options: [String] = []
    ) throws {
        let socket = socket ?? folder + "/s"
        client = PatchbayClient(address: .unix(socket), token: nil)
        process = Process()
        let program = try Self.program()
        let arguments = ["serve", "--no-agent", "--listen", listen, "--state", folder, "--socket", socket] + options
        let limits = [files.map { "ulimit -n \($0); " }, softFiles.map { "ulimit -S -n \($0); " }].compactMap(\.self)
        if !limits.isEmpty {
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", limits.joined() + "exec \"$0\" \"$@\"", program.path] + arguments
        } else {
            process.executableURL = program
            process.arguments = arguments
        }
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
    package func listens() async -> Bool {
        for await line in lines where line.hasPrefix("Socket ") { return true }
        return false
    }

    /// Returns the port when both its doors are open; nil: it ended before.
    package func port() async -> Int? {
        var port: Int?
        var hasSocket = false
        for await line in lines {
            if line.hasPrefix("Socket ") { hasSocket = true }
            if line.hasPrefix("Dashboard"), let colon = line.lastIndex(of: ":") {
                port = Int(line[line.index(after: colon)...])
            }
            if hasSocket, let port { return port }
        }
        return nil
    }

    /// Asks it to end.
    package func terminate() { Glibc.kill(pid, SIGTERM) }

    /// Returns its exit code when it is gone; that of a signal, negative; nil: it is not.
    package func exitCode() async -> Int32? {
        for await _ in end {}
        // The test's time was over first.
        guard !process.isRunning else { return nil }
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    /// `kill -9`, if it still runs.
    package func kill() {
        if process.isRunning { Glibc.kill(pid, SIGKILL) }
    }

    /// Returns when it is gone; true: it was killed, and did not end by itself.
    package func wasKilled() async -> Bool {
        for await _ in end {}
        return process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
    }
}
