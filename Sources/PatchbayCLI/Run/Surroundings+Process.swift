@preconcurrency import Dispatch
import Foundation
import PatchbayClient
import PatchbayCore

extension Surroundings {
    /// The process that this is.
    package static func process() -> Surroundings {
        Surroundings(
            arguments: Array(CommandLine.arguments.dropFirst()),
            environment: ProcessInfo.processInfo.environment,
            terminal: .process(),
            write: { writeAll($0, to: STDOUT_FILENO) },
            talk: { writeAll(Array($0.utf8), to: STDERR_FILENO) },
            ask: { question in
                writeAll(Array(question.utf8), to: STDERR_FILENO)
                return readLine()
            },
            now: { Int(Date().timeIntervalSince1970 * 1000) },
            pause: { try await Task.sleep(for: $0) },
            interrupts: interruptSignals,
            keyboard: { () throws(Problem) in try .process() },
            input: { () throws(Problem) in try readAll(STDIN_FILENO) },
            connect: { address, token, trace in PatchbayClient(address: address, token: token, trace: trace) })
    }

    /// SIGINT is taken from the process only while the stream is read.
    private static func interruptSignals() -> AsyncStream<Void> {
        AsyncStream { continuation in
            signal(SIGINT, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: SIGINT)
            source.setEventHandler { continuation.yield() }
            source.resume()
            continuation.onTermination = { _ in
                source.cancel()
                signal(SIGINT, SIG_DFL)
            }
        }
    }
}

extension TerminalFacts {
    static func process() -> TerminalFacts {
        TerminalFacts(
            isInputTerminal: isatty(STDIN_FILENO) == 1, isOutputTerminal: isatty(STDOUT_FILENO) == 1,
            isErrorTerminal: isatty(STDERR_FILENO) == 1, width: columns())
    }

    /// `TIOCGWINSZ`, `COLUMNS`, 80: the first that says something.
    private static func columns() -> Int {
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 80
    }
}

private func readAll(_ descriptor: CInt) throws(Problem) -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count == 0 { return all }
        guard count > 0 || errno == EINTR else {
            throw Problem(
                .unreadable, "Standard input cannot be read.", next: ["Name a file instead."],
                cause: String(cString: strerror(errno)))
        }
        if count > 0 { all += buffer[..<count] }
    }
}

/// Writes everything. A reader that went away ends the process as SIGPIPE would: the HTTP library switches that off.
private func writeAll(_ bytes: [UInt8], to descriptor: CInt) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count >= 0 {
            rest = rest.dropFirst(count)
        } else if errno == EPIPE {
            exit(128 + SIGPIPE)
        } else if errno != EINTR && errno != EAGAIN {
            return
        }
    }
}
