import Foundation
import PatchbayCore

/// QEMU's control socket: one command a connection, because QEMU serves one connection at a time.
///
/// Source: docs/interop/qmp-spec.rst of QEMU.
struct QMPClient: Sendable {
    let path: String

    /// Runs a command and decodes what it returns.
    ///
    /// - Throws: `.failed` with QEMU's words when it refuses, or when it does not answer within 30 seconds.
    func execute<Answer: Decodable & Sendable>(
        _ command: String, arguments: [String: String] = [:], as: Answer.Type
    ) async throws(Problem) -> Answer {
        let path = path
        return try await offload { () -> Result<Answer, Problem> in
            do throws(Problem) {
                let connection = try Connection(path: path)
                _ = try connection.line()
                try connection.send("qmp_capabilities", [:])
                _ = try connection.answer(as: Nothing.self, to: "qmp_capabilities")
                try connection.send(command, arguments)
                return .success(try connection.answer(as: Answer.self, to: command))
            } catch {
                return .failure(error)
            }
        }
    }

    struct Nothing: Codable, Sendable {}
}

private final class Connection {
    private let socket: UnixSocket
    private let deadline = ContinuousClock.now + .seconds(30)
    private var buffer: [UInt8] = []

    init(path: String) throws(Problem) { socket = try UnixSocket(connectedTo: path) }

    private struct Command: Encodable {
        var execute: String
        var arguments: [String: String]
    }

    private struct Reply<Answer: Decodable>: Decodable {
        struct Refusal: Decodable { var desc: String }
        var `return`: Answer?
        var error: Refusal?
    }

    func send(_ command: String, _ arguments: [String: String]) throws(Problem) {
        do {
            let json = try JSONEncoder().encode(Command(execute: command, arguments: arguments))
            try socket.send([UInt8](json) + [UInt8(ascii: "\n")])
        } catch {
            throw (error as? Problem) ?? Problem(.failed, "Cannot write \(command).", cause: "\(error)")
        }
    }

    /// Skips events, which may come at any time.
    func answer<Answer: Decodable>(as: Answer.Type, to command: String) throws(Problem) -> Answer {
        while true {
            let text = try line()
            let reply: Reply<Answer>
            do {
                reply = try JSONDecoder().decode(Reply<Answer>.self, from: Data(text))
            } catch {
                throw Problem(.failed, "QEMU's answer to \(command) is not understood.", cause: "\(error)")
            }
            if let answer = reply.return { return answer }
            if let refusal = reply.error {
                throw Problem(.failed, "QEMU refuses \(command).", cause: refusal.desc)
            }
        }
    }

    func line() throws(Problem) -> [UInt8] {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[..<end])
                buffer.removeFirst(end + 1)
                return line
            }
            guard let bytes = try socket.receive(until: deadline) else {
                throw Problem(.failed, "The emulator of the host does not answer.")
            }
            buffer += bytes
        }
    }
}
