import AsyncHTTPClient
import NIOHTTP1
import PatchbayAPI
import PatchbayCore

extension PatchbayClient {
    package func events(limit: Int) async throws(Problem) -> [API.Event] {
        let answer = try await ask(Endpoints.plans.events, query: [Query.eventLimit(limit)])
        switch answer {
        case .past(let events): return events
        case .stream: return []
        }
    }

    /// Opened when this returns, so nothing that happens from then on is missed; opened again when it breaks.
    package func eventStream(after id: Int?) async throws(Problem) -> AsyncThrowingStream<API.Event, any Error> {
        let parser = EventParser(lastID: id.map(String.init))
        let first = try await openEvents(after: parser.lastID)
        let (stream, continuation) = AsyncThrowingStream<API.Event, any Error>.makeStream()
        let reader = Task {
            var feed = EventFeed(client: self, continuation: continuation, parser: parser)
            await feed.run(first)
        }
        continuation.onTermination = { _ in reader.cancel() }
        return stream
    }

    /// - Parameter id: `Last-Event-ID`; nil: from now.
    func openEvents(after id: String?) async throws(Problem) -> HTTPClientResponse.Body {
        var headers = [("accept", "text/event-stream")]
        if let id { headers.append(("last-event-id", id)) }
        return try await open(
            ClientRequest(Endpoints.plans.events, query: [Query.follow(true)]), headers: .init(headers)
        ).body
    }
}
