import HTTPTypes
import Hummingbird
import NIOCore
import PatchbayAPI
import PatchbayCore
import PatchbayServer

extension WebPages {
    typealias PageSource = @Sendable (Visit, PathParts) async throws(Problem) -> Page
    typealias FormSource = @Sendable (Visit, FormFields, PathParts) async throws(Problem) -> FormAnswer

    /// Bytes that a form may have; the longest one is a selection of some hundred devices.
    static var formLimit: Int { 256 * 1024 }

    /// A page, and the same without what is around it under `/fragments`.
    func page(_ path: String, _ router: some RouterMethods<Guard.Context>, _ source: @escaping PageSource) {
        get(path, router) { request, context in await answer(request, context, isFragment: false, source) }
        router.get(RouterPath(path == "/" ? "/fragments" : "/fragments" + path)) { request, context in
            await answer(request, context, isFragment: true, source)
        }
    }

    /// What is got can be asked for without its body as well.
    func get(
        _ path: String, _ router: some RouterMethods<Guard.Context>,
        _ answer: @escaping @Sendable (Request, Guard.Context) async throws -> Response
    ) {
        router.get(RouterPath(path), use: answer)
        router.head(RouterPath(path)) { request, context in
            try await answer(request, context).createHeadResponse()
        }
    }

    private func answer(
        _ request: Request, _ context: Guard.Context, isFragment: Bool, _ source: PageSource
    ) async -> Response {
        var visit = await visit(request, context)
        guard visit.visitor != nil else { return loginNeeded(visit, isFragment: isFragment) }
        if !isFragment { visit.newest = await maker.newestEvent() }
        do throws(Problem) {
            let page = try await source(visit, PathParts(parameters: context.parameters))
            return isFragment ? fragment(page, visit) : whole(page, visit)
        } catch {
            return problem(error, visit, isFragment: isFragment)
        }
    }

    /// A form that changes something: first its plan, then, confirmed, the change and a way on.
    func form(_ path: String, _ router: some RouterMethods<Guard.Context>, _ source: @escaping FormSource) {
        router.post(RouterPath(path)) { request, context in
            let visit = await visit(request, context)
            let isSheet = request.headers[.patchbaySheet] != nil
            var response: Response
            do throws(Problem) {
                let parts = PathParts(parameters: context.parameters)
                response = try await answer(try await formFields(of: request), visit, parts, isSheet: isSheet, source)
            } catch {
                response =
                    isSheet
                    ? fragment(Page(sheet: Self.heading(of: error), error, back: "/"), visit) : problem(error, visit)
            }
            // Who comes back to it is not asked to send the form again.
            if response.status != .seeOther { response.headers[.cacheControl] = "private, no-cache" }
            return response
        }
    }

    private func answer(
        _ fields: FormFields, _ visit: Visit, _ parts: PathParts, isSheet: Bool, _ source: FormSource
    ) async throws(Problem) -> Response {
        guard let visitor = visit.visitor else { return sessionEnded(fields, visit, isSheet: isSheet) }
        try await check(fields, visitor)
        let meant = fields.meant
        let answer = try await source(visit, meant, parts)
        return try await settle(answer, meant, confirm: fields["confirm"], visit, visitor, isSheet: isSheet)
    }

    private func settle(
        _ answer: FormAnswer, _ fields: FormFields, confirm: String?, _ visit: Visit, _ visitor: Visitor, isSheet: Bool
    ) async throws(Problem) -> Response {
        switch answer {
        case .page(let page):
            guard isSheet else { return whole(page, visit) }
            // The form with what was typed is still behind the sheet.
            return fragment(page.problem.map { Page(sheet: page.title, $0, back: visit.path) } ?? page, visit)
        case .done(let message, let path): return redirect(to: path, notice: message, visit)
        case .change(let mutation):
            do throws(Problem) {
                let risk = try fields["allow"].flatMap { code throws(Problem) in
                    try TakenRisk.said(allow: code, reason: fields["reason"] ?? fields["statement"])
                }
                let outcome = await TakenRisk.$current.withValue(risk) { () async -> Result<Response, Problem> in
                    do throws(Problem) {
                        return .success(
                            try await settle(mutation, fields, confirm: confirm, visit, visitor, isSheet: isSheet))
                    } catch { return .failure(error) }
                }
                return try outcome.get()
            } catch {
                return try await refused(mutation, error, fields, visit, isSheet: isSheet)
            }
        }
    }

    private func settle(
        _ mutation: Mutation, _ fields: FormFields, confirm: String?, _ visit: Visit, _ visitor: Visitor, isSheet: Bool
    ) async throws(Problem) -> Response {
        let preview = try await mutation.run(true)
        guard let confirm, confirm == SheetPage.seal(of: preview, mutation.changes) else {
            let sheet = SheetPage(
                mutation, preview: preview, action: visit.path, fields: fields, hasChanged: confirm != nil)
            let page = Page(title: mutation.title, section: .none, template: "page-sheet", model: sheet)
            return isSheet ? fragment(page, visit) : whole(page, visit)
        }
        let run = mutation.run
        let outcome = await Caller.$current.withValue(visitor.name) { () async -> Result<API.Change, Problem> in
            do throws(Problem) { return .success(try await run(false)) } catch { return .failure(error) }
        }
        let change = try outcome.get()
        // The page of a plan says itself what is to be done, and when it is.
        let notice = [change.plans.isEmpty ? change.message : nil, mutation.hint].compactMap { $0 }
        let path = change.plans.first.map { Link.plan($0.id) } ?? mutation.done
        return notice.isEmpty
            ? redirect(to: path) : redirect(to: path, notice: notice.joined(separator: " "), visit)
    }

    /// The form again with the problem, nothing typed lost; or the problem as a sheet.
    private func refused(
        _ mutation: Mutation, _ problem: Problem, _ fields: FormFields, _ visit: Visit, isSheet: Bool
    ) async throws(Problem) -> Response {
        let anyway = SheetPage.Anyway(problem, action: visit.path, fields: fields)
        if !isSheet, anyway == nil, let form = mutation.form { return whole(try await form(problem), visit) }
        let page = Page(
            sheet: mutation.title, problem, command: mutation.command, back: mutation.back, anyway: anyway)
        return isSheet ? fragment(page, visit) : whole(page, visit)
    }

    // MARK: What comes in

    func visit(_ request: Request, _ context: Guard.Context) async -> Visit {
        let query = FormFields(encoded: request.uri.query ?? "")
        let asked = query["theme"] ?? request.cookies[WebCookie.theme]?.value ?? ""
        let noticeCookie = CookieName.of(.notice, at: request)
        return Visit(
            path: request.uri.path, query: query.without(["theme"]),
            visitor: await gate.visitor(of: request, context: context), theme: Theme(rawValue: asked) ?? .auto,
            notice: request.cookies[noticeCookie].map { Percent.decode($0.value) }, noticeCookie: noticeCookie,
            takesGzip: Gzip.isTaken(by: request.headers), now: now())
    }

    func formFields(of request: Request) async throws(Problem) -> FormFields {
        do {
            let body = try await request.body.collect(upTo: Self.formLimit)
            return FormFields(encoded: String(buffer: body))
        } catch is NIOTooManyBytesError {
            throw Problem(
                .tooLarge, "The form is larger than \(Self.formLimit) bytes.",
                next: ["Select fewer devices and try again."])
        } catch {
            throw Problem(
                .malformedInput, "The form arrived incomplete.", next: ["Send it again."], cause: "\(error)")
        }
    }

    func check(_ fields: FormFields, _ visitor: Visitor) async throws(Problem) {
        guard let token = fields["formToken"], await gate.accepts(formToken: token, from: visitor) else {
            throw Problem(
                .formExpired, "This form is too old, or it did not come from Patchbay.",
                next: ["Go back, reload the page, and send the form again."])
        }
    }

    // MARK: What goes out

    func whole(_ page: Page, _ visit: Visit) -> Response {
        let content = Templates.render(page.template, page.model, formToken: visit.visitor?.formToken ?? "")
        let html = Templates.render("page-layout", Layout(page, content: content, visit: visit), formToken: "")
        var response = respond(html, status: page.status, visit)
        if visit.notice != nil { response.headers.append(Self.notice(nil, visit)) }
        return response
    }

    func fragment(_ page: Page, _ visit: Visit) -> Response {
        let html = Templates.render(page.template, page.model, formToken: visit.visitor?.formToken ?? "")
        return respond(html, status: page.status, visit)
    }

    func problem(_ problem: Problem, _ visit: Visit, isFragment: Bool = false) -> Response {
        let heading = Self.heading(of: problem)
        let page = Page(
            title: heading, section: .none, template: "page-problem",
            model: ProblemPage(heading: heading, problem: ProblemNote(problem), back: "/"), problem: problem)
        return isFragment ? fragment(page, visit) : whole(page, visit)
    }

    private static func heading(of problem: Problem) -> String {
        problem.code.httpStatus == HTTPResponse.Status.notFound.code ? "Not here" : "That did not work"
    }

    /// After a form: the browser gets the page with a new request, so that reloading it sends nothing twice.
    func redirect(to path: String) -> Response {
        var headers = WebHeaders.security
        headers[.location] = path
        headers[.cacheControl] = "no-store"
        return Response(status: .seeOther, headers: headers)
    }

    private func redirect(to path: String, notice: String, _ visit: Visit) -> Response {
        var response = redirect(to: path)
        response.headers.append(Self.notice(notice, visit))
        return response
    }

    private static func notice(_ text: String?, _ visit: Visit) -> HTTPField {
        HTTPField(name: .setCookie, value: WebCookie.notice(text, named: visit.noticeCookie))
    }

    private func respond(_ html: String, status: HTTPResponse.Status, _ visit: Visit) -> Response {
        var headers = WebHeaders.security
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        headers[.vary] = "Accept-Encoding"
        let packed = visit.takesGzip ? Gzip.packed(html.utf8) : nil
        if packed != nil { headers[.contentEncoding] = "gzip" }
        return Response(status: status, headers: headers, body: .init(byteBuffer: packed ?? ByteBuffer(string: html)))
    }
}
