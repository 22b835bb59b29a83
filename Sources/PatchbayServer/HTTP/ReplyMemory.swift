import HTTPTypes
import Hummingbird
import PatchbayCore

/// Answers that were given to requests with an `Idempotency-Key`: sent again, the request is not carried out again.
///
/// Another request with the same key, by its method, address or body, is refused. Kept by this server only, the newest
/// thousand.
actor ReplyMemory {
    private struct Asked: Hashable {
        var line: String
        var body: String
    }

    private struct Reply {
        var request: Asked
        var response: Response
    }

    private var replies: [String: Reply] = [:]
    private var order: [String] = []
    private var underWay: Set<String> = []
    private static let kept = 1000

    nonisolated func once(
        _ call: DoorCall, _ perform: (DoorCall) async throws -> Response
    ) async throws -> Response {
        guard let key = call.request.headers[.idempotencyKey], !key.isEmpty else { return try await perform(call) }
        let name = "\(call.context.caller ?? "") \(key)"
        let body = try await call.bytes()
        let call = call.with(body: body)
        let request = Asked(
            line: "\(call.request.method.rawValue) \(call.request.uri.string)", body: SHA256.hash(of: body))
        if let known = try await begin(name, request) { return known }
        do {
            let response = try await perform(call)
            await keep(name, Reply(request: request, response: response))
            return response
        } catch {
            await end(name)
            throw error
        }
    }

    private func begin(_ name: String, _ request: Asked) throws(Problem) -> Response? {
        if let reply = replies[name] {
            guard reply.request == request else {
                let other = reply.request.line == request.line ? " with another body" : ""
                throw Problem(
                    .alreadyExists, "The Idempotency-Key was already used for \(reply.request.line)\(other).",
                    next: ["Use a new key for each request."])
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
