import HummingbirdCore
import NIOCore
import Synchronization

/// Holds the connections of one listener from when they are accepted until they are served, and closes those that
/// nobody will serve.
///
/// The accepting channel drops what waits in it when its reader is cancelled or it closes, and a connection that is
/// dropped unclosed ends the process ("Deinited NIOAsyncWriter without calling finish()", swift-nio issues 2637 and
/// 2813). Held here, none is dropped.
final class AcceptedConnections: Sendable {
    typealias Connection = HTTP1Channel.Value

    /// nil: nobody serves any more.
    private let waiting = Mutex<[ObjectIdentifier: Connection]?>([:])

    func accepted(_ connection: Connection) {
        let isHeld = waiting.withLock { waiting in
            waiting?[ObjectIdentifier(connection.channel)] = connection
            return waiting != nil
        }
        if !isHeld { Task { await Self.close(connection) } }
    }

    /// Who takes it closes it.
    func taken(_ connection: Connection) {
        waiting.withLock { _ = $0?.removeValue(forKey: ObjectIdentifier(connection.channel)) }
    }

    /// From now on connections are closed as they come.
    func closeAll() async {
        let left = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting ?? [:]
        }
        for connection in left.values { await Self.close(connection) }
    }

    private static func close(_ connection: Connection) async {
        try? await connection.executeThenClose { _, _ in }
    }
}
