import ArgumentParser
import PatchbayCore
import PatchbayHost

/// `--root`: what a command reads when it asks no server. One place for every command that reads a host by itself.
enum RootOption {
    static let help = ArgumentHelp(
        "Instead of asking a server, read this directory (which holds sys and proc, such as /) or recording (FILE.tar.xz).",
        valueName: "dir|file")

    /// Calls `body` with a directory to read. A recording is unpacked for that long, and removed again when the command is
    /// interrupted, too: an interruption waits for the reading to end.
    static func read<Value: Sendable>(
        _ root: String, _ body: @escaping @Sendable (String) async throws(Problem) -> Value
    ) async throws -> Value {
        let interrupts = Surroundings.current.interrupts()
        let watch = Task {
            for await _ in interrupts { return true }
            return false
        }
        let result: Result<Value, Problem>
        do throws(Problem) { result = .success(try await HostSource.read(root, body)) } catch {
            result = .failure(error)
        }
        watch.cancel()
        if await watch.value { throw CancellationError() }
        return try result.get()
    }
}
