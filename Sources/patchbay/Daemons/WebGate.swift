import Hummingbird
import PatchbayCore
import PatchbayServer
import PatchbayWeb

/// Lets the pages ask the server's `Access` who is in front of the browser.
struct WebGate: FormGuard {
    typealias Context = PatchbayContext

    let access: Access

    func visitor(of request: Request, context: PatchbayContext) async -> Visitor? {
        guard let caller = context.caller, let formToken = await access.formToken(session: context.session) else {
            return nil
        }
        return Visitor(name: caller, formToken: formToken, canLogOut: context.session != nil)
    }

    func logIn(token: String, request: Request, context: PatchbayContext) async throws(Problem) -> Cookie {
        guard let session = await access.startSession(token: token) else {
            throw Problem(
                .tokenWrong, "That is not this server's token.",
                next: ["It is in the file \"token\" of the server's state folder."])
        }
        return Self.cookie(session, maxAge: nil)
    }

    func logOut(_ visitor: Visitor, request: Request, context: PatchbayContext) async -> Cookie {
        if let session = context.session { await access.endSession(session) }
        return Self.cookie("", maxAge: 0)
    }

    func accepts(formToken: String, from visitor: Visitor) -> Bool {
        Secret.isEqual(formToken, visitor.formToken)
    }

    private static func cookie(_ session: String, maxAge: Int?) -> Cookie {
        Cookie(
            name: Access.cookieName, value: session, maxAge: maxAge, path: "/", secure: false, httpOnly: true,
            sameSite: .strict)
    }
}
