import CPatchbayHost
import Glibc
import PatchbayCore

/// A program that turns what it reads into what it writes, as far as its output is wanted.
struct Packer {
    private let process: pid_t
    private let output: Int32

    /// Throws `.failed` when it cannot be started.
    /// - Parameter input: stays open; the program reads from where it stands.
    init(_ program: String, _ words: [String], input: Int32) throws(Problem) {
        var ends: [Int32] = [-1, -1]
        let failure = pb_make_pipe(&ends)
        guard failure >= 0 else { throw Self.refused(program, -failure) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let error = posix_spawn(&process, program, &actions, nil, &arguments, environ)
        close(ends[1])
        guard error == 0 else {
            close(ends[0])
            throw Self.refused(program, error)
        }
        self.process = process
        output = ends[0]
    }

    private static func refused(_ program: String, _ error: Int32) -> Problem {
        Problem(.failed, "The program \"\(program)\" cannot be started.", cause: ErrorNumber.name(error))
    }

    /// The next bytes. nil: there are no more.
    func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(output, $0.baseAddress, $0.count) }
            if count > 0 { return Array(buffer[..<count]) }
            if count == 0 || errno != EINTR { return nil }
        }
    }

    /// Ends it although it has more to say.
    func stop() {
        kill(process, SIGKILL)
        _ = end()
    }

    /// Waits until it has ended, by itself or because nobody reads any more. 0: all went well.
    func end() -> Int32 {
        close(output)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 { if errno != EINTR { return -1 } }
        return status
    }
}
