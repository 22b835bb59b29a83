import CPatchbayLab
import Foundation
import Glibc
import PatchbayCore
import Synchronization

/// A program of this machine that the lab uses: started, waited for with a hard limit, its output kept.
package enum Tool {
    package struct Output: Sendable {
        package var status: Int32
        package var text: String
        package var errors: String
    }

    /// Runs a program to its end, with nothing on its standard input.
    ///
    /// - Throws: `.failed` when it cannot be started or ends with another status than 0, with what it said as the cause;
    ///   `.timedOut` when it had to be killed.
    @discardableResult
    package static func run(
        _ arguments: [String], environment: [String: String] = [:], directory: String? = nil,
        limit: Duration = .seconds(600)
    ) async throws(Problem) -> Output {
        let streams = try Streams()
        defer { streams.close() }
        let pid = try Spawn(
            arguments: arguments, environment: environment, directory: directory, input: streams.input,
            output: streams.output, errors: streams.errors
        ).start()
        let isLate = Mutex(false)
        let watchdog = Task {
            try await ContinuousClock().sleep(for: limit)
            isLate.withLock { $0 = true }
            kill(-pid, SIGKILL)
        }
        defer { watchdog.cancel() }
        let status = try await withTaskCancellationHandler {
            await Self.end(of: pid)
        } onCancel: {
            kill(-pid, SIGKILL)
        }.get()
        let output = Output(status: status, text: streams.text(streams.output), errors: streams.text(streams.errors))
        let line = arguments.joined(separator: " ")
        guard !isLate.withLock({ $0 }) else {
            throw Problem(.timedOut, "\"\(line)\" did not end within \(limit).", cause: output.errors)
        }
        guard status == 0 else {
            throw Problem(.failed, "\"\(line)\" ended with status \(status).", cause: output.errors + output.text)
        }
        return output
    }

    private static func end(of pid: Int32) async -> Result<Int32, Problem> {
        do {
            return .success(
                try await offload {
                    var raw: Int32 = 0
                    while waitpid(pid, &raw, 0) < 0 {
                        guard errno == EINTR else {
                            return .failure(.system("Cannot wait for process \(pid).", errno: errno))
                        }
                    }
                    return .success(raw & 0x7f == 0 ? raw >> 8 & 0xff : 128 + raw & 0x7f)
                })
        } catch {
            return .failure(error)
        }
    }

    /// The path of a program, looked for as a shell does, and in the directories of system programs.
    package static func path(of program: String) -> String? {
        let path =
            ProcessInfo.processInfo.environment["PATCHBAY_LAB_PATH"] ?? ProcessInfo.processInfo.environment["PATH"]
        let directories = (path ?? "").split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin", "/usr/bin"]
        return directories.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }
}

/// Files in memory for what a program prints: no pipe that could fill up while nobody reads.
private struct Streams {
    let input: Int32
    let output: Int32
    let errors: Int32

    init() throws(Problem) {
        input = open("/dev/null", O_RDONLY | O_CLOEXEC)
        output = patchbay_lab_memory_file()
        errors = patchbay_lab_memory_file()
        guard input >= 0, output >= 0, errors >= 0 else {
            throw .system("Cannot make a file in memory.", errno: errno)
        }
    }

    func text(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let got = pread(descriptor, &chunk, chunk.count, bytes.count)
            guard got > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<got]
        }
    }

    func close() {
        for descriptor in [input, output, errors] { Glibc.close(descriptor) }
    }
}
