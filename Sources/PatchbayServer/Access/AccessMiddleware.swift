import HTTPTypes
import Hummingbird
import PatchbayAPI
import PatchbayCore

/// Lets in whoever may, and says who it is: token, session cookie, or the user at the other end of the unix socket.
struct AccessMiddleware: RouterMiddleware {
    let access: Access
    /// Names that a browser may call the server by; nil: any, the listener is not on loopback.
    let hostNames: Set<String>?

    /// Pages that one needs to log in at all, and whether the server is well.
    private static let open: Set<String> = ["/login", "/theme", HealthDoor.path]

    func handle(
        _ request: Request, context: PatchbayContext,
        next: (Request, PatchbayContext) async throws -> Response
    ) async throws -> Response {
        try checkPath(request)
        var context = context
        if try await Peer.isLocal(context.channel) {
            context.caller = try await Peer.caller(context.channel)
        } else {
            // A page elsewhere cannot make a browser send a token.
            if request.headers[.authorization] == nil {
                try checkHost(request)
                if !request.isRead { try checkOrigin(request) }
            }
            try await identify(request, &context)
        }
        guard let caller = context.caller else { return try await stranger(request, context, next) }
        if let session = context.session, let token = request.headers[.formToken] {
            context.hasFormToken = await access.accepts(formToken: token, session: session)
        }
        try checkBrowser(request, context)
        return try await Caller.$current.withValue(caller) { try await next(request, context) }
    }

    /// The router would leave empty segments out: what is decided by the path's text would not hold for what it finds.
    private func checkPath(_ request: Request) throws(Problem) {
        guard request.uri.path.contains("//") else { return }
        throw Problem(
            .malformedInput, "The path has an empty segment.", next: ["Write one slash between two names."])
    }

    /// A page elsewhere can make a browser look up its own name as 127.0.0.1; the Host header gives that away.
    private func checkHost(_ request: Request) throws(Problem) {
        // Whoever asks whether the server is well asks by its address, and is told nothing else.
        guard let hostNames, request.uri.path != HealthDoor.path else { return }
        let authority = request.head.authority ?? ""
        guard !hostNames.contains(Self.hostName(of: authority)) else { return }
        throw Problem(
            .malformedInput, "The request names \"\(authority)\", which is not a name of this server.",
            next: [
                "Use one of its names, with its port: \(hostNames.sorted().map { "http://\($0)" }.joined(separator: ", "))",
                NextStep("Or add that name", .serve(.name)),
            ])
    }

    /// Without the port: `localhost`, `127.0.0.1`, `[::1]`.
    static func hostName(of authority: String) -> String {
        let authority = authority.lowercased()
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
        return String(authority.prefix { $0 != ":" })
    }

    private func identify(_ request: Request, _ context: inout PatchbayContext) async throws(Problem) {
        if let header = request.headers[.authorization] {
            guard let token = Self.bearerToken(header), let caller = await access.caller(token: token) else {
                throw Problem(
                    .tokenWrong, "The token is wrong.",
                    next: ["Set PATCHBAY_TOKEN to the content of the server's token file."])
            }
            context.caller = caller
        } else if let session = request.cookies[CookieName.of(.session, at: request)]?.value,
            let caller = await access.caller(session: session)
        {
            context.caller = caller
            context.session = session
        }
    }

    /// The scheme is written in any case (RFC 9110, section 11.1).
    private static func bearerToken(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }

    private func stranger(
        _ request: Request, _ context: PatchbayContext, _ next: (Request, PatchbayContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        if Self.open.contains(path) || path.hasPrefix("/assets/") { return try await next(request, context) }
        if request.isRead, !request.isForPrograms, !path.hasPrefix("/fragments/") {
            let address = request.uri.query.map { "\(path)?\($0)" } ?? path
            let login = address == "/" ? "/login" : "/login?next=\(PathTemplate.encode(address))"
            return Response(status: .seeOther, headers: [.location: login])
        }
        // The pages keep what was typed for after the login.
        if !request.isRead, !request.isForPrograms { return try await next(request, context) }
        throw Problem(
            .tokenMissing, "The request has no token.",
            next: ["Send the server's token: Authorization: Bearer TOKEN", "The CLI takes it from PATCHBAY_TOKEN."])
    }
}

extension AccessMiddleware {
    /// A browser sends its cookie along whoever made it send the request: another page may, that of another port, too.
    ///
    /// Our own pages know the form token, and browsers say which page a request comes from. Whatever changes something
    /// has to have both right, whatever its path; where it comes from is looked at before, for whoever asks. The pages
    /// look for the token in their forms, this looks for it in the head of everything else; the door looks again, by the
    /// route that was found.
    private func checkBrowser(_ request: Request, _ context: PatchbayContext) throws {
        guard context.session != nil else { return }
        if request.isForAgents { throw RefusedRequest.notForBrowsers }
        if request.isForPrograms { try checkOrigin(request) }
        if !request.isRead, request.isForPrograms, !context.hasFormToken { throw Problem.noFormToken }
    }

    /// `Sec-Fetch-Site` (Fetch Metadata) where the browser sends it, else `Origin` (RFC 6454) against `Host`.
    private func checkOrigin(_ request: Request) throws(RefusedRequest) {
        if let site = request.headers[.secFetchSite] {
            guard ["same-origin", "none"].contains(site) else { throw .fromElsewhere("Sec-Fetch-Site is \(site)") }
            return
        }
        guard let origin = request.headers[.origin] else { return }
        let host = origin.split(separator: "://", maxSplits: 1).last.map { $0.lowercased() }
        guard host == request.head.authority?.lowercased() else { throw .fromElsewhere("Origin is \(origin)") }
    }
}

extension Problem {
    static var noFormToken: Problem {
        Problem(
            .formExpired, "The request lacks the form token of its session.",
            next: ["Reload the page and try again, or use a token: Authorization: Bearer TOKEN"])
    }
}

extension Request {
    /// It changes nothing, whatever answers it.
    fileprivate var isRead: Bool { method == .get || method == .head }

    private var segments: [Substring] { uri.path.split(separator: "/") }
    fileprivate var isForPrograms: Bool { segments.first == "v1" }
    /// What agents report and take away is theirs.
    fileprivate var isForAgents: Bool { segments.starts(with: ["v1", "agent"]) }
}
