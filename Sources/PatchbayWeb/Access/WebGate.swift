import HTTPTypes
import Hummingbird
import PatchbayCore
import PatchbayServer

/// Lets the pages ask the server's `Access` who is in front of the browser.
package struct WebGate: FormGuard {
    package typealias Context = PatchbayContext

    let access: Access

    package init(_ access: Access) { self.access = access }

    package func visitor(of request: Request, context: PatchbayContext) async -> Visitor? {
        guard let caller = context.caller else { return nil }
        return Visitor(
            name: caller, formToken: await access.formToken(session: context.session),
            canLogOut: context.session != nil)
    }

    package func logIn(
        token: String, request: Request, context: PatchbayContext
    ) async throws(Problem) -> (cookie: Cookie, visitor: Visitor) {
        guard let session = await access.startSession(token: token) else {
            throw Problem(
                .tokenWrong, "The token is wrong.",
                next: ["It is in the file \"token\" of the server's state folder."])
        }
        let visitor = Visitor(
            name: await access.caller(token: token) ?? "", formToken: await access.formToken(session: session))
        return (Self.cookie(session, maxAge: nil, for: request), visitor)
    }

    package func logOut(
        _ visitor: Visitor, request: Request, context: PatchbayContext
    ) async throws(Problem) -> Cookie {
        if let session = context.session { await access.endSession(session) }
        return Self.cookie("", maxAge: 0, for: request)
    }

    package func accepts(formToken: String, from visitor: Visitor) -> Bool {
        Secret.isEqual(formToken, visitor.formToken)
    }

    /// Strict: no request that another site causes brings it, not even a link. Where the browser came by TLS, which ends
    /// before us, it never sends the session without.
    private static func cookie(_ session: String, maxAge: Int?, for request: Request) -> Cookie {
        Cookie(
            name: CookieName.of(.session, at: request), value: session, maxAge: maxAge, path: "/",
            secure: request.headers[.origin]?.hasPrefix("https://") == true, httpOnly: true, sameSite: .strict)
    }
}
