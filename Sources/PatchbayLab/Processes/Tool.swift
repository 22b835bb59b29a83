import Foundation
import Glibc
import PatchbayCore
import PatchbayHost

/// A program of this machine that the lab uses, in our own environment.
package enum Tool {
    /// Runs a program to its end, with nothing on its standard input.
    ///
    /// - Throws: `.failed` when it cannot be started or ends with another status than 0, with what it said as the cause;
    ///   `.timedOut` when it had to be killed.
    @discardableResult
    package static func run(
        _ arguments: [String], environment: [String: String] = [:], directory: String? = nil,
        limit: Duration = .seconds(600)
    ) async throws(Problem) -> Program.Ending {
        let line = arguments.joined(separator: " ")
        let ending: Program.Ending
        do throws(Program.Failure) {
            ending = try await Program(arguments[0]).run(
                Array(arguments.dropFirst()),
                environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
                directory: directory, most: 64 << 20, within: limit)
        } catch {
            throw switch error {
            case .notStarted(let why): Problem(.failed, "Cannot start \(arguments[0]).", cause: why)
            case .late: Problem(.timedOut, "\"\(line)\" did not end within \(limit).")
            case .saysTooMuch: Problem(.failed, "\"\(line)\" says more than can be kept.")
            case .cancelled: Problem(.interrupted, "Nobody waits for \"\(line)\" any more.")
            }
        }
        guard ending.status == 0 else {
            throw Problem(
                .failed, "\"\(line)\" ended with status \(ending.status).", cause: ending.errors + ending.text)
        }
        return ending
    }

    /// The path of a program, looked for as a shell does, and in the directories of system programs.
    package static func path(of program: String) -> String? {
        let path =
            ProcessInfo.processInfo.environment["PATCHBAY_LAB_PATH"] ?? ProcessInfo.processInfo.environment["PATH"]
        let directories = (path ?? "").split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin", "/usr/bin"]
        return directories.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }
}
