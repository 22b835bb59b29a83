import Hummingbird
import PatchbayCore
import PatchbayServer

/// The server's own access rules, as the pages need them: its middleware has already said who is asking.
package struct AccessGuard: FormGuard {
    package typealias Context = PatchbayContext

    let access: Access

    package init(_ access: Access) { self.access = access }

    package func visitor(of request: Request, context: PatchbayContext) async -> Visitor? {
        guard let caller = context.caller, let formToken = await access.formToken(session: context.session) else {
            return nil
        }
        return Visitor(
            name: caller, formToken: formToken, session: context.session, canLogOut: context.session != nil)
    }

    package func logIn(token: String, request: Request, context: PatchbayContext) async throws(Problem) -> Cookie {
        guard let session = await access.startSession(token: token) else {
            throw Problem(
                .tokenWrong, "The token is not this server's.",
                next: ["The server's token file has it; the server names the file when it starts."])
        }
        return Self.cookie(session)
    }

    package func logOut(_ visitor: Visitor, request: Request, context: PatchbayContext) async -> Cookie {
        if let session = context.session { await access.endSession(session) }
        return Self.cookie("", maxAge: 0)
    }

    package func accepts(formToken: String, from visitor: Visitor) async -> Bool {
        await access.accepts(formToken: formToken, session: visitor.session)
    }

    /// Lax: a link from elsewhere finds its reader logged in; a form from elsewhere sends no cookie, and has no token.
    private static func cookie(_ session: String, maxAge: Int? = nil) -> Cookie {
        Cookie(
            name: Access.cookieName, value: session, maxAge: maxAge, path: "/", secure: false, httpOnly: true,
            sameSite: .lax)
    }
}
