import HTTPTypes
import Hummingbird
import NIOCore
import PatchbayAPI
import PatchbayCore
import ServiceLifecycle

/// `/v1`: every endpoint, answered by the control plane.
struct RESTDoor: Sendable {
    let control: ControlPlane
    let replies = ReplyMemory()

    func add(to router: Router<PatchbayContext>) {
        for endpoint in Endpoints.all.map(\.endpoint) {
            router.on(RouterPath(endpoint.pattern), method: endpoint.httpMethod) { request, context in
                try await answer(DoorCall(endpoint, request, context))
            }
        }
    }

    private func answer(_ call: DoorCall) async throws -> Response {
        // The answer to HEAD has no body: what streams one would wait for a reader.
        if call.request.method == .head, call.endpoint.answersLate { return .nothing }
        try call.endpoint.admit(call.context)
        guard call.endpoint.isMutation else { return try await perform(call) }
        let request = call.endpointRequest
        let risk = try TakenRisk.said(
            allow: try request.value(Query.allow), reason: try request.value(Query.reason))
        return try await TakenRisk.$current.withValue(risk) {
            try await replies.once(call) { try await performAsRead($0) }
        }
    }

    /// Only if the thing is still as the `If-Match` header says.
    private func performAsRead(_ call: DoorCall) async throws -> Response {
        let request = call.endpointRequest
        guard let precondition = call.endpoint.precondition, let revision = try request.expectedRevision(),
            let key = StateKey.key(of: precondition, name: request.path.first ?? "")
        else { return try await perform(call) }
        return try await Expectation.$current.withValue(Expectation(key: key, revision: revision)) {
            try await perform(call)
        }
    }

    private func perform(_ call: DoorCall) async throws -> Response {
        guard call.endpoint.callers == .agents else { return try await reply(to: call) }
        // Who calls is in the headers of every call.
        let headers = call.request.headers
        let identity = AgentIdentity(id: headers[.agentID], machine: headers[.agentMachine])
        return try await AgentIdentity.$current.withValue(identity) { try await reply(to: call) }
    }

    private func reply(to call: DoorCall) async throws -> Response {
        let request = call.endpointRequest
        guard let wait = call.endpoint.longPoll, try request.value(wait) ?? 0 > 0 else {
            return response(try await call.endpoint.reply(to: request, by: control), to: call)
        }
        do {
            // Whose connection is closed while it waits is away at once, however long its last call is ago.
            let reply = try await call.request.body.consumeWithCancellationOnInboundClose { _ in
                try await call.endpoint.reply(to: request, by: control)
            }
            var response = response(reply, to: call)
            // Noticing that the other end closes uses the connection up.
            response.headers[.connection] = "close"
            return response
        } catch is CancellationError {
            return .bytes(Array("[]".utf8), type: "application/json")
        }
    }
}

extension RESTDoor {
    private func response(_ reply: Reply, to call: DoorCall) -> Response {
        switch reply {
        case .nothing: return .nothing
        case .bytes(let bytes, let type, let headers):
            var response = Response.bytes(bytes, type: type)
            for (name, value) in headers {
                if let name = HTTPField.Name(name) { response.headers[name] = value }
            }
            return response
        case .events(let events): return EventResponse(events: events, request: call.request).response
        case .console(let session): return stream(session, of: call.request)
        }
    }

    /// Ends with the console, with the reader, or with the server; then the console is closed for the next one.
    private func stream(_ session: API.ConsoleSession, of request: Request) -> Response {
        let control = control
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/octet-stream", .cacheControl: "no-store", .consoleSession: session.id,
            ],
            body: ResponseBody { writer in
                do {
                    try await request.body.consumeWithCancellationOnInboundClose { _ in
                        for try await bytes in session.output.cancelOnGracefulShutdown() {
                            try await writer.write(ByteBuffer(bytes: bytes))
                        }
                    }
                } catch {
                    // The reader is gone or the server stops: both end the console, and nobody is left to tell.
                    await control.closeConsole(session: session.id, vm: session.vm)
                    return
                }
                await control.closeConsole(session: session.id, vm: session.vm)
                try await writer.finish(nil)
            })
    }
}

extension ControlPlane: EndpointService {}

extension StateKey {
    /// nil: the service holds the revision against it by itself.
    fileprivate static func key(of precondition: Endpoints.Precondition, name: String) -> String? {
        switch precondition {
        case .hostSettings: settings(name)
        case .pool: pool(name)
        case .profile: profile(name)
        case .vm: vm(name)
        case .claim: claim(name)
        case .argument: nil
        }
    }
}

extension AnyEndpoint {
    /// Throws for who may not call it. By the endpoint that was found, whatever its path looked like.
    fileprivate func admit(_ context: PatchbayContext) throws {
        guard context.session != nil else { return }
        switch callers {
        case .agents: throw RefusedRequest.notForBrowsers
        case .everybody: if method != .get, !context.hasFormToken { throw Problem.noFormToken }
        }
    }

    /// As the router takes it, `/v1/vms/:0`: parameters go by their place, because the router does not take two names at
    /// one place and `/v1/devices/{name}` and `/v1/devices/{host}/{address}` have them.
    fileprivate var pattern: String {
        var count = 0
        return path.description.split(separator: "/").map { segment in
            guard segment.hasPrefix("{") else { return "/\(segment)" }
            defer { count += 1 }
            return "/:\(count)"
        }.joined()
    }

    fileprivate var httpMethod: HTTPRequest.Method {
        switch method {
        case .get: .get
        case .put: .put
        case .post: .post
        case .patch: .patch
        case .delete: .delete
        }
    }
}
