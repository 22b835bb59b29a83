import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import PatchbayAPI
import PatchbayCore
import PatchbayWeb
import Synchronization

/// Whether the visitor's session lasts: a test ends it, and begins another one.
final class DemoSession: Sendable {
    private let state = Mutex((isOpen: true, number: 1))

    var formToken: String? { state.withLock { $0.isOpen ? "\(DemoGuard.token)-\($0.number)" : nil } }
    func end() { state.withLock { $0.isOpen = false } }
    func begin() { state.withLock { $0 = (true, $0.number + 1) } }
}

/// Lets everybody in that has the cookie, or everybody.
struct DemoGuard: FormGuard {
    typealias Context = BasicRequestContext
    static let token = "form-token-for-tests"
    var asksForToken = false
    var session: DemoSession?

    func visitor(of request: Request, context: Context) async -> Visitor? {
        if let session { return session.formToken.map { Visitor(name: "token mara", formToken: $0) } }
        guard !asksForToken || request.cookies["session"]?.value == "good" else { return nil }
        return Visitor(name: "token mara", formToken: Self.token, canLogOut: asksForToken)
    }
    func logIn(
        token: String, request: Request, context: Context
    ) async throws(Problem) -> (cookie: Cookie, visitor: Visitor) {
        guard token == "secret" else {
            throw Problem(.tokenWrong, "This token is not known.", next: ["Make one:  patchbay token create"])
        }
        let cookie = Cookie(name: "session", value: "good", path: "/", httpOnly: true, sameSite: .strict)
        return (cookie, Visitor(name: "token mara", formToken: Self.token))
    }
    func logOut(_ visitor: Visitor, request: Request, context: Context) async -> Cookie {
        Cookie(name: "session", value: "", maxAge: 0, path: "/")
    }
    func accepts(formToken: String, from visitor: Visitor) -> Bool { formToken == visitor.formToken }
}

/// The pages over a demo world, with an event stream that says one thing and stays open.
enum DemoApp {
    static func router(
        _ service: DemoService, asksForToken: Bool = false, session: DemoSession? = nil
    ) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        let forms = DemoGuard(asksForToken: asksForToken, session: session)
        WebPages(service: service, forms: forms, now: { Demo.now }).add(to: router)
        router.get("/v1/events") { request, _ in
            if let session, session.formToken == nil { return Response(status: .unauthorized) }
            let events = try await service.eventStream(after: nil)
            return Response(
                status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-cache"],
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: ": hello\n\n"))
                    try await request.body.consumeWithCancellationOnInboundClose { _ in
                        for try await event in events {
                            let data = try JSONEncoder().encode(event)
                            let text = String(decoding: data, as: UTF8.self)
                            try await writer.write(
                                ByteBuffer(string: "id: \(event.id)\nevent: \(event.kind)\ndata: \(text)\n\n"))
                        }
                    }
                    try await writer.finish(nil)
                })
        }
        return router
    }

    static func app(
        _ service: DemoService, asksForToken: Bool = false, session: DemoSession? = nil, port: Int = 0
    ) -> Application<RouterResponder<BasicRequestContext>> {
        Application(
            router: router(service, asksForToken: asksForToken, session: session),
            configuration: .init(address: .hostname("127.0.0.1", port: port)))
    }
}
