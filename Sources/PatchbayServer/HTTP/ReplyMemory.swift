import HTTPTypes
import Hummingbird
import PatchbayCore

/// Answers that were given to requests with an `Idempotency-Key`: sent again, the request is not carried out again.
///
/// Kept by this server only, the newest thousand.
actor ReplyMemory {
    private struct Reply {
        var line: String
        var response: Response
    }

    private var replies: [String: Reply] = [:]
    private var order: [String] = []
    private var underWay: Set<String> = []
    private static let kept = 1000

    nonisolated func once(_ call: RouteCall, _ perform: () async throws -> Response) async throws -> Response {
        guard let key = call.request.headers[.idempotencyKey], !key.isEmpty else { return try await perform() }
        let name = "\(call.context.caller ?? "") \(key)"
        let line = "\(call.request.method.rawValue) \(call.request.uri.string)"
        if let known = try await begin(name, line) { return known }
        do {
            let response = try await perform()
            await keep(name, Reply(line: line, response: response))
            return response
        } catch {
            await end(name)
            throw error
        }
    }

    private func begin(_ name: String, _ line: String) throws(Problem) -> Response? {
        if let reply = replies[name] {
            guard reply.line == line else {
                throw Problem(
                    .malformedInput, "The Idempotency-Key was used for \(reply.line).",
                    next: ["Make a new key for each request."])
            }
            return reply.response
        }
        guard underWay.insert(name).inserted else {
            throw Problem(
                .busy, "The request with this Idempotency-Key is under way.", next: ["Try again in a moment."])
        }
        return nil
    }

    private func keep(_ name: String, _ reply: Reply) {
        underWay.remove(name)
        replies[name] = reply
        order.append(name)
        if order.count > Self.kept { replies[order.removeFirst()] = nil }
    }

    private func end(_ name: String) { underWay.remove(name) }
}
