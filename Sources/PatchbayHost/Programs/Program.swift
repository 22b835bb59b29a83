import Glibc
import PatchbayCore
import Subprocess
import SystemPackage

/// A program of this machine that is run to its end, and never waited for longer than its time.
///
/// It leads a session of its own, so that what it started is killed with it. One that the kernel does not let die is waited
/// for no longer all the same: it is left to the kernel. Docs: `docs/decisions/0027-running-programs.md`.
package struct Program: Sendable {
    package struct Ending: Sendable {
        /// Of a program that a signal ended: 128 and the signal's number.
        package var status: Int32
        package var output: [UInt8]
        package var errors: String
        package var process: Int32

        package var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// Why there is no ending.
    package enum Failure: Error, Hashable {
        case notStarted(because: String)
        case late
        case saysTooMuch
        /// Nobody waits for it any more.
        case cancelled
    }

    private let executable: Executable

    /// - Parameter name: a path, or a name that is looked for as a shell does.
    package init(_ name: String) { executable = name.contains("/") ? .path(FilePath(name)) : .name(name) }

    /// nil: it is not installed where the programs of a system are.
    package init?(system name: String) {
        let places = SysfsPath.programs.map { "\($0)/\(name)" }
        guard let path = places.first(where: { access($0, X_OK) == 0 }) else { return nil }
        self.init(path)
    }

    /// - Parameters:
    ///   - environment: nil: the places of programs and the language of none, so that it answers the same for everybody.
    ///   - most: bytes that it may say, on its standard output and on the other one; what says more is killed.
    ///   - sharesTerminal: it leads no session, so that ctrl-C reaches it too, and is killed alone.
    package func run(
        _ arguments: [String], environment: [String: String]? = nil, directory: String? = nil,
        input: some InputProtocol = .none, most: Int = 1 << 20, sharesTerminal: Bool = false, within limit: Duration
    ) async throws(Failure) -> Ending {
        let configuration = Configuration(
            executable: executable, arguments: Arguments(arguments),
            environment: Self.environment(environment ?? Self.plain), workingDirectory: directory.map { FilePath($0) },
            platformOptions: Self.options(leadsSession: !sharesTerminal))
        let run = Task { try await Self.ending(of: configuration, input: input, most: most) }
        return try await Self.first(of: run, within: limit)
    }

    private static let plain = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]

    private static func environment(_ variables: [String: String]) -> Environment {
        .custom(
            Dictionary(
                variables.compactMap { name, value in Environment.Key(rawValue: name).map { ($0, value) } },
                uniquingKeysWith: { $1 }))
    }

    private static func options(leadsSession: Bool) -> PlatformOptions {
        var options = PlatformOptions()
        options.createSession = leadsSession
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: leadsSession, allowedDurationToNextStep: .zero)
        ]
        return options
    }

    private static func ending(
        of configuration: Configuration, input: some InputProtocol, most: Int
    ) async throws -> Ending {
        let result = try await Subprocess.run(
            configuration, input: input, output: .sequence, error: .string(limit: min(most, 16 << 20))
        ) { execution in
            var bytes: [UInt8] = []
            for try await buffer in execution.standardOutput {
                buffer.withUnsafeBytes { bytes.append(contentsOf: $0) }
                if bytes.count > most { throw Failure.saysTooMuch }
            }
            return bytes
        }
        return Ending(
            status: Self.status(result.terminationStatus), output: result.closureResult,
            errors: result.standardError, process: result.processIdentifier.value)
    }

    private static func status(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }

    /// The ending, or that the time is over; what is late is killed, and not waited for.
    private static func first(
        of run: Task<Ending, any Error>, within limit: Duration
    ) async throws(Failure) -> Ending {
        let (answers, answer) = AsyncStream<Result<Ending, any Error>>.makeStream()
        let clock = Task {
            try await Task.sleep(for: limit)
            answer.yield(.failure(Failure.late))
        }
        Task { answer.yield(await run.result) }
        defer {
            clock.cancel()
            run.cancel()
        }
        for await first in answers {
            switch first {
            case .success(let ending): return ending
            case .failure(let failure as Failure): throw failure
            case .failure(let error as SubprocessError) where error.code == .outputLimitExceeded: throw .saysTooMuch
            case .failure(let error): throw .notStarted(because: "\(error)")
            }
        }
        throw .cancelled
    }
}
