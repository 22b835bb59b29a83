import HTTPTypes
import Hummingbird
import NIOCore
import PatchbayAPI
import PatchbayCore

extension RESTDoor {
    private static let mostEvents = 5000

    func events(_ call: RouteCall) async throws -> Response {
        let wantsStream = call.request.headers[.accept]?.contains("text/event-stream") == true
        guard try call.flag("follow") || wantsStream else {
            return try .json(try await control.events(limit: try call.number("limit", in: 1...Self.mostEvents) ?? 100))
        }
        let after = try Self.lastEventID(call.request) ?? call.number("after", in: 0...Int.max)
        let events = try await control.eventStream(after: after)
        return EventResponse(events: events, request: call.request).response
    }

    /// Wins over the query: a browser that connects again sends the query of its first request with it.
    private static func lastEventID(_ request: Request) throws(Problem) -> Int? {
        guard let text = request.headers[.lastEventID], !text.isEmpty else { return nil }
        guard let id = Int(text), id >= 0 else {
            throw Problem(
                .malformedInput, "Last-Event-ID is \"\(text)\".", next: ["Send the id of the last event you saw."])
        }
        return id
    }
}
