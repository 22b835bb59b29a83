import HTTPTypes
import Hummingbird
import NIOCore
import PatchbayAPI
import ServiceLifecycle

/// Server-sent events (WHATWG HTML, section 9.2): `id:` is the store's revision, `event:` the kind, `data:` the JSON.
///
/// A comment line every 15 s keeps proxies from closing the connection. Ends with the reader or with the server.
struct EventResponse {
    let events: AsyncThrowingStream<API.Event, any Error>
    let request: Request

    static let heartbeat = Duration.seconds(15)

    var response: Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { [events, request] writer in
                do {
                    try await request.body.consumeWithCancellationOnInboundClose { _ in
                        try await writer.write(ByteBuffer(string: ": connected\n\n"))
                        for try await text in Self.lines(of: events).cancelOnGracefulShutdown() {
                            try await writer.write(ByteBuffer(string: text))
                        }
                    }
                } catch {
                    // The reader is gone, the server stops, or the reader was too slow: it connects again from its last id.
                    return try await writer.finish(nil)
                }
                try await writer.finish(nil)
            })
    }

    /// Events and heartbeats as one stream, read at the pace of the writer.
    private static func lines(
        of events: AsyncThrowingStream<API.Event, any Error>
    ) -> AsyncThrowingStream<String, any Error> {
        let (stream, out) = AsyncThrowingStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(2048))
        let reader = Task {
            do {
                for try await event in events {
                    if case .dropped = out.yield(try text(of: event)) { break }
                }
                out.finish()
            } catch { out.finish(throwing: error) }
        }
        let clock = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: heartbeat)
                out.yield(":\n\n")
            }
        }
        out.onTermination = { _ in
            reader.cancel()
            clock.cancel()
        }
        return stream
    }

    static func text(of event: API.Event) throws -> String {
        let data = String(decoding: try WireJSON.encode(event), as: UTF8.self)
        return "id: \(event.id)\nevent: \(event.kind)\ndata: \(data)\n\n"
    }
}
