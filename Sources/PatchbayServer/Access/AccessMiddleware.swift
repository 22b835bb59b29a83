import HTTPTypes
import Hummingbird
import PatchbayAPI
import PatchbayCore

/// Lets in whoever may, and says who it is: token, session cookie, or the user at the other end of the unix socket.
struct AccessMiddleware: RouterMiddleware {
    let access: Access
    /// Names that a request on the TCP listener may be meant for; nil: any, the listener is not on loopback.
    let hostNames: Set<String>?

    /// Pages that one needs to log in at all, and whether the server is well.
    private static let open: Set<String> = ["/login", "/theme", HealthDoor.path]

    func handle(
        _ request: Request, context: PatchbayContext,
        next: (Request, PatchbayContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if try await Peer.isLocal(context.channel) {
            context.caller = try await Peer.caller(context.channel)
        } else {
            // Another page can make a browser come here, but not make it send a token of ours.
            if request.headers[.authorization] == nil { try checkHost(request) }
            try await identify(request, &context)
        }
        guard let caller = context.caller else { return try await stranger(request, context, next) }
        try await checkForm(request, context)
        return try await Caller.$current.withValue(caller) { try await next(request, context) }
    }

    /// A page elsewhere can make a browser look up its own name as 127.0.0.1; the Host header gives that away.
    private func checkHost(_ request: Request) throws(Problem) {
        guard let hostNames else { return }
        let authority = request.head.authority ?? ""
        let name = Self.hostName(of: authority)
        guard !hostNames.contains(name) else { return }
        throw Problem(
            .malformedInput, "The request is meant for \"\(authority)\", not for this server.",
            next: ["Use http://127.0.0.1, or http://localhost, with the server's port."])
    }

    /// Without the port: `localhost`, `127.0.0.1`, `[::1]`.
    static func hostName(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
        return String(authority.prefix { $0 != ":" }).lowercased()
    }

    private func identify(_ request: Request, _ context: inout PatchbayContext) async throws(Problem) {
        if let header = request.headers[.authorization] {
            guard header.hasPrefix("Bearer "), let caller = await access.caller(token: String(header.dropFirst(7)))
            else {
                throw Problem(
                    .tokenWrong, "The token is not this server's.",
                    next: ["Set PATCHBAY_TOKEN to what the server's token file says."])
            }
            context.caller = caller
        } else if let session = request.cookies[Access.cookieName]?.value,
            let caller = await access.caller(session: session)
        {
            context.caller = caller
            context.session = session
        }
    }

    /// A browser sends its cookie along whoever made it send the request; the form token only our pages know.
    private func checkForm(_ request: Request, _ context: PatchbayContext) async throws(Problem) {
        guard let session = context.session, request.uri.path.hasPrefix("/v1/"), request.method != .get else { return }
        guard let token = request.headers[.formToken], await access.accepts(formToken: token, session: session) else {
            throw Problem(
                .formExpired, "The request does not carry the form token of its session.",
                next: ["Reload the page and try again, or use a token: Authorization: Bearer TOKEN"])
        }
    }

    private func stranger(
        _ request: Request, _ context: PatchbayContext, _ next: (Request, PatchbayContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        if Self.open.contains(path) || path.hasPrefix("/assets/") { return try await next(request, context) }
        if request.method == .get, !path.hasPrefix("/v1/"), !path.hasPrefix("/fragments/") {
            let login = path == "/" ? "/login" : "/login?next=\(Route.encode(path))"
            return Response(status: .seeOther, headers: [.location: login])
        }
        throw Problem(
            .tokenMissing, "The request does not say who is asking.",
            next: ["Send the server's token: Authorization: Bearer TOKEN", "The CLI takes it from PATCHBAY_TOKEN."])
    }
}
