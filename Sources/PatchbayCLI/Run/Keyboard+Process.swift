@preconcurrency import Dispatch
import Foundation
import PatchbayCore

extension Keyboard {
    /// Standard input; when it is a terminal, in raw mode until `restore`.
    static func process() throws(Problem) -> Keyboard {
        let saved = try rawMode()
        let keys = AsyncStream<[UInt8]> { continuation in
            let source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO)
            source.setEventHandler {
                var buffer = [UInt8](repeating: 0, count: 4096)
                let count = read(STDIN_FILENO, &buffer, buffer.count)
                if count > 0 {
                    continuation.yield(Array(buffer[..<count]))
                } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
                    continuation.finish()
                }
            }
            continuation.onTermination = { _ in source.cancel() }
            source.resume()
        }
        return Keyboard(keys: keys) {
            guard var saved else { return }
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved)
        }
    }

    /// - Returns: the settings to go back to; nil when the input is no terminal.
    private static func rawMode() throws(Problem) -> termios? {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { throw terminalRefused() }
        let saved = settings
        cfmakeraw(&settings)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) == 0 else { throw terminalRefused() }
        return saved
    }

    private static func terminalRefused() -> Problem {
        Problem(
            .failed, "The terminal cannot be switched to raw mode.",
            next: ["Read what was printed so far instead:  patchbay vm console VM --log"],
            cause: String(cString: strerror(errno)))
    }
}
