import CPatchbayLab
import Foundation
import Glibc
import PatchbayCore

/// A program that outlives this one: emulated hosts and the lab's server run on when the command that started them is over.
/// Whatever is waited for is a `Program`.
struct Spawn {
    var arguments: [String]
    /// Added to our own environment.
    var environment: [String: String] = [:]
    var directory: String?
    var input: Int32
    var output: Int32
    var errors: Int32

    /// Starts it as the leader of a session, so that neither our terminal nor our end reaches it.
    ///
    /// Throws `.failed` when the program is not there.
    func start() throws(Problem) -> Int32 {
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }
        let argv = arguments.map { strdup($0) } + [nil]
        let envp = variables.map { strdup($0) } + [nil]
        defer { for string in argv + envp { free(string) } }
        var pid: pid_t = 0
        let code = patchbay_lab_spawn(&pid, argv, envp, directory, input, output, errors)
        guard code == 0 else { throw .system("Cannot start \(arguments[0]).", errno: code) }
        return pid
    }
}
