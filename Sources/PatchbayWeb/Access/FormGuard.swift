import Hummingbird
import PatchbayCore

/// Who may see pages and whose forms are believed: what the pages need of the server's access rules.
///
/// The pages never look at cookies or tokens themselves, so one place decides who gets in.
package protocol FormGuard<Context>: Sendable {
    associatedtype Context: RequestContext

    /// Who is asking; nil: nobody known, and the page answers with a way to log in.
    func visitor(of request: Request, context: Context) async -> Visitor?
    /// Turns a token that was typed into a cookie that says so from now on, and into the visitor that it is.
    func logIn(
        token: String, request: Request, context: Context
    ) async throws(Problem) -> (cookie: Cookie, visitor: Visitor)
    /// Forgets the visitor's session; the cookie that is returned ends it in the browser, too.
    func logOut(_ visitor: Visitor, request: Request, context: Context) async throws(Problem) -> Cookie
    /// True when `formToken` is the one that this visitor's forms carry.
    func accepts(formToken: String, from visitor: Visitor) async -> Bool
}

/// A person in front of a browser.
package struct Visitor: Sendable, Hashable {
    /// As the audit log writes it: `token admin`.
    package var name: String
    /// Goes into every form, and must come back with it.
    package var formToken: String
    /// False where there is nothing to log out of: a unix socket, a server without tokens.
    package var canLogOut: Bool

    package init(name: String, formToken: String, canLogOut: Bool = true) {
        self.name = name
        self.formToken = formToken
        self.canLogOut = canLogOut
    }
}
