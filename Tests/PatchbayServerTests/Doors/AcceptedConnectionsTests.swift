import Foundation
import Glibc
import Hummingbird
import Logging
import Testing

@testable import PatchbayServer

/// Nobody has begun to serve them.
@Suite(.timeLimit(.minutes(10))) struct `Connections that wait when a listener ends` {
    /// swift-nio's accepting channel drops them, and a connection that is dropped unclosed ends the process.
    @Test func `are closed, and the server ends in order`() async {
        await #expect(processExitsWith: .success) {
            alarm(120)
            for round in 0..<20 { try await Self.end(amidst: 64, round: round) }
        }
    }

    private static func end(amidst clients: Int, round: Int) async throws {
        let path = "/tmp/pb-\(getpid())-\(round).s"
        let responder = Router(context: PatchbayContext.self).buildResponder()
        let listener = Listener(
            try .unix(path), ConnectionLimits(connections: 1000), responder, Logger(label: "test"))
        let (listening, told) = AsyncStream.makeStream(of: Void.self)
        let serving = Task { try await listener.run { _ in told.finish() } }
        for await _ in listening {}
        let waiting = try (0..<clients).map { _ in try RawConnection(socket: path) }
        serving.cancel()
        _ = await serving.result
        for connection in waiting { precondition(connection.isClosed(within: 30), "a connection was left open") }
    }
}
