import Foundation
import Glibc
import PatchbayAPI
import PatchbayCore
import Synchronization
import Testing

@testable import PatchbayClient

/// A server that answers every request with what it is told to, and counts them; one connection after the other.
private final class ScriptedServer: Sendable {
    let port: Int
    private let descriptor: Int32
    private let asked = Mutex(0)
    var requests: Int { asked.withLock { $0 } }

    /// - Parameter answer: for the number of the request, from 0.
    init(_ answer: @escaping @Sendable (Int) -> String) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        try #require(result)
        port = Int(UInt16(bigEndian: address.sin_port))
        descriptor = listener
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                var buffer = [UInt8](repeating: 0, count: 65536)
                _ = recv(connection, &buffer, buffer.count, 0)
                let number = asked.withLock { value in
                    value += 1
                    return value - 1
                }
                let bytes = Array(answer(number).utf8)
                _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                close(connection)
            }
        }
    }

    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }
    deinit { close(descriptor) }

    var client: PatchbayClient {
        get throws { PatchbayClient(address: try ServerAddress("http://127.0.0.1:\(port)"), token: nil) }
    }

    static func json(_ body: String, _ more: String = "") -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\(more)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}

@Suite(.timeLimit(.minutes(10))) struct `A server that means no good` {
    @Test func `does not keep a list going for ever`() async throws {
        let profile = #"[{"name":"p","description":"","requests":[],"revision":1}]"#
        let server = try ScriptedServer { _ in ScriptedServer.json(profile, "patchbay-next: same\r\n") }
        defer { server.stop() }
        let client = try server.client
        let problem = await #expect(throws: Problem.self) { try await client.profiles() }
        #expect(problem?.code == .tooLarge)
        #expect(server.requests == 2)
    }

    @Test func `does not make its clients ask without a pause`() async throws {
        let event = #"{"id":1,"kind":"k","subject":"s","sentence":"t"}"#
        let server = try ScriptedServer { _ in
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                + "retry: 0\nid: 1\ndata: \(event)\n\n"
        }
        defer { server.stop() }
        let start = ContinuousClock.now
        var count = 0
        for try await _ in try await server.client.eventStream(after: nil) {
            count += 1
            if count == 3 { break }
        }
        #expect(start.duration(to: .now) > .milliseconds(1900))
        #expect(server.requests <= 4)
    }
}
