import Glibc
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// Serves the connections of one socket until it is asked to stop.
///
/// Then nothing new is accepted, silent connections are closed, and answers under way have `ConnectionLimits`' grace to
/// end before they are cut.
struct Listener: Sendable {
    let socket: ListeningSocket
    let limits: ConnectionLimits
    let responder: RouterResponder<PatchbayContext>
    let logger: Logger

    init(
        _ socket: ListeningSocket, _ limits: ConnectionLimits, _ responder: RouterResponder<PatchbayContext>,
        _ logger: Logger
    ) {
        self.socket = socket
        self.limits = limits
        self.responder = responder
        self.logger = logger
    }

    /// How long answers under way may take once the server stops.
    private static let grace = Duration.milliseconds(700)

    func run(onListening: @Sendable (any Channel) async -> Void) async throws {
        defer { socket.removeFile() }
        let connections = Connections(limit: limits.connections)
        let accepted = AcceptedConnections()
        let http = HTTP1Channel(responder: respond)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(socket.descriptor) { [limits, logger, isLocal = socket.isLocal] channel in
                http.setup(channel: channel, logger: logger).flatMapThrowing { connection in
                    let pipeline = channel.pipeline.syncOperations
                    let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                    try pipeline.addHandler(
                        ConnectionKeeper(limits: limits, connections: connections, needsHost: !isLocal),
                        position: .after(decoder))
                    accepted.accepted(connection)
                    return connection
                }
            }
        await onListening(server.channel)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(server, accepted, http) }
            group.addTask {
                try await gracefulShutdown()
                server.channel.close(promise: nil)
                connections.quiesce()
                try await Task.sleep(for: Self.grace)
                connections.closeAll()
            }
            do { try await group.next() } catch is CancellationError {}
            group.cancelAll()
        }
    }

    private func serve(
        _ server: NIOAsyncChannel<HTTP1Channel.Value, Never>, _ accepted: AcceptedConnections, _ http: HTTP1Channel
    ) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            do {
                try await server.executeThenClose { inbound in
                    for try await connection in inbound {
                        accepted.taken(connection)
                        group.addTask { await http.handle(value: connection, logger: logger) }
                    }
                }
            } catch {
                await accepted.closeAll()
                throw error
            }
            await accepted.closeAll()
        }
    }

    @Sendable private func respond(
        _ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel
    ) async throws {
        let context = PatchbayContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
        var response = try await responder.respond(to: request, context: context)
        response.headers[.date] = Self.date
        response.headers[.server] = "patchbay"
        do { try await writer.write(response: response.head, body: response.body) } catch is HTTPParserError {
            // The head of an answer has gone out; another one would be taken for its body.
            throw ChannelError.inputClosed
        }
    }

    /// `Sun, 29 Nov 2026 15:53:01 GMT` (RFC 9110, section 5.6.7).
    private static var date: String {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
        return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
            + " \(1900 + parts.tm_year) \(clock) GMT"
    }
}
