import HTTPTypes
import Hummingbird
import NIOCore
import PatchbayCore

extension WebPages {
    /// Logging in and out, and the choice of colours.
    func addAccess(to router: some RouterMethods<Guard.Context>) {
        get("/login", router) { request, context in
            let visit = await visit(request, context)
            let next = safePath(visit.query["next"])
            return visit.visitor == nil ? login(visit, next: next) : redirect(to: next)
        }
        router.post("/login") { request, context in
            let visit = await visit(request, context)
            var next = "/"
            var kept: FormFields?
            do throws(Problem) {
                let fields = try await formFields(of: request)
                next = safePath(fields["next"])
                kept = fields.kept
                let token = try fields.required("token", "The token")
                let (cookie, visitor) = try await gate.logIn(token: token, request: request, context: context)
                var response = kept.map { resume(visit, visitor, next, $0) } ?? redirect(to: next)
                response.headers.append(.init(name: .setCookie, value: cookie.description))
                return response
            } catch {
                return login(visit, next: next, kept: kept, problem: error)
            }
        }
        router.post("/logout") { request, context in
            let visit = await visit(request, context)
            guard let visitor = visit.visitor else { return redirect(to: "/login") }
            let cookie: Cookie
            do throws(Problem) {
                try await check(try await formFields(of: request), visitor)
                cookie = try await gate.logOut(visitor, request: request, context: context)
            } catch {
                return problem(error, visit)
            }
            var response = redirect(to: "/login")
            response.headers.append(.init(name: .setCookie, value: cookie.description))
            return response
        }
        router.post("/theme") { request, context in
            let visit = await visit(request, context)
            do throws(Problem) {
                let fields = try await formFields(of: request)
                if let visitor = visit.visitor { try await check(fields, visitor) }
                var response = redirect(to: safePath(fields["here"]))
                let theme = Theme(rawValue: fields["theme"] ?? "") ?? .auto
                response.headers.append(.init(name: .setCookie, value: WebCookie.theme(theme)))
                return response
            } catch {
                return problem(error, visit)
            }
        }
        get("**", router) { request, context in
            guard !request.uri.path.hasPrefix("/v1/") else { throw HTTPError(.notFound) }
            let visit = await visit(request, context)
            return problem(
                Problem(
                    .unknownRoute, "There is no page at \(visit.path).",
                    next: ["Start at the Bay: /", "Or search the devices: /devices"]), visit)
        }
    }

    func loginNeeded(_ visit: Visit, isFragment: Bool) -> Response {
        guard !isFragment else { return Response(status: .unauthorized, headers: WebHeaders.security) }
        return redirect(to: visit.address == "/" ? "/login" : "/login?next=\(Percent.encode(visit.address))")
    }

    /// A form of a session that ended: a sheet leaves it as it is, a page keeps what was typed for after the login.
    func sessionEnded(_ fields: FormFields, _ visit: Visit, isSheet: Bool) -> Response {
        guard !isSheet else {
            var page = Page(
                title: "Your session ended", section: .none, template: "page-ended", model: EndedPage(back: visit.path))
            page.status = .unauthorized
            return fragment(page, visit)
        }
        var page = loginPage(next: visit.path, kept: fields.meant, problem: nil)
        page.status = .unauthorized
        return whole(page, visit)
    }

    private func login(
        _ visit: Visit, next: String, kept: FormFields? = nil, problem: Problem? = nil
    ) -> Response {
        whole(loginPage(next: next, kept: kept, problem: problem), visit)
    }

    private func loginPage(next: String, kept: FormFields?, problem: Problem?) -> Page {
        Page(
            title: "Log in", section: .none, template: "page-login",
            model: LoginPage(next: next, problem: problem.map { ProblemNote($0) }, kept: kept), problem: problem)
    }

    private func resume(_ visit: Visit, _ visitor: Visitor, _ action: String, _ kept: FormFields) -> Response {
        var visit = visit
        visit.visitor = visitor
        return whole(
            Page(
                title: "Logged in", section: .none, template: "page-resume",
                model: ResumePage(action: action, kept: kept.fields)), visit)
    }

    /// A path on this server; anything else leads to the Bay. `//host` and `/\host` are other servers to a browser.
    private func safePath(_ path: String?) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.contains("\\"),
            path.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F })
        else { return "/" }
        return path
    }

    /// Files for the browser, with a tag of their content: unchanged ones are not sent again.
    func addAssets(to router: some RouterMethods<Guard.Context>) {
        get("/assets/:name", router) { request, context in
            guard let asset = WebAsset.named(PathParts(parameters: context.parameters)["name"]) else {
                return Response(status: .notFound, headers: WebHeaders.security)
            }
            let form = Gzip.isTaken(by: request.headers) ? asset.packed : asset.plain
            var headers = WebHeaders.security
            headers[.eTag] = form.eTag
            headers[.cacheControl] = "no-cache"
            headers[.vary] = "Accept-Encoding"
            guard request.headers[.ifNoneMatch] != form.eTag else {
                return Response(status: .notModified, headers: headers)
            }
            headers[.contentType] = asset.mediaType
            headers[.contentEncoding] = form.encoding
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: form.bytes))
        }
    }
}

extension HTTPField.Name {
    /// Sent by `sheet.js`: answer the sheet alone.
    static let patchbaySheet = HTTPField.Name(trusted: "X-Patchbay-Sheet")
    static let referrerPolicy = HTTPField.Name(trusted: "Referrer-Policy")

    /// A name that is known to be one.
    private init(trusted name: String) {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\"\(name)\" is not a valid field name.") }
        self = field
    }
}

extension FormFields {
    /// The fields that a login page keeps, under their own names; nil: it keeps no form.
    fileprivate var kept: FormFields? {
        guard self["resume"] != nil else { return nil }
        return FormFields(
            fields.filter { $0.name.hasPrefix(Self.keptPrefix) }.map {
                Field(name: String($0.name.dropFirst(Self.keptPrefix.count)), value: $0.value)
            }
        ).meant
    }

    private static var keptPrefix: String { "keep." }
}
