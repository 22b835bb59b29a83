import PatchbayCore

/// One endpoint of `/v1`, declared once: the server registers it, asks it who may call and lets it answer, the client makes
/// its requests of it, and `openapi.json` describes it.
package struct Endpoint<Body: Sendable, Answer: Sendable>: AnyEndpoint {
    package let method: Endpoints.Method
    package let path: PathTemplate
    package let summary: String
    package let callers: Endpoints.Callers
    package let precondition: Endpoints.Precondition?
    package let longPoll: QueryParameter<Int>?
    package let body: EndpointBody<Body>
    package let answer: EndpointAnswer<Answer>
    private let ownQuery: [any AnyQueryParameter]
    private let ownStatuses: Set<Int>
    private let refused: RefusalNote?
    private let perform: Perform

    package typealias Perform = @Sendable (any EndpointService, EndpointCall<Body>) async throws -> Answer
    /// Told of a body that cannot be read, before its sender is.
    package typealias RefusalNote = @Sendable (any EndpointService, _ name: String, Problem) async throws -> Void

    /// - Parameters:
    ///   - precondition: what the header `If-Match` is held against.
    ///   - longPoll: answers only after so many seconds, or when there is something to tell.
    ///   - statuses: those of its own, beside what follows from path, query, body and answer.
    init(
        _ method: Endpoints.Method, _ path: String, _ summary: String, query: [any AnyQueryParameter] = [],
        body: EndpointBody<Body>, answer: EndpointAnswer<Answer>, precondition: Endpoints.Precondition? = nil,
        callers: Endpoints.Callers = .everybody, longPoll: QueryParameter<Int>? = nil, statuses: Set<Int> = [],
        refused: RefusalNote? = nil, perform: @escaping Perform
    ) {
        self.method = method
        self.path = PathTemplate(path)
        self.summary = summary
        self.callers = callers
        self.precondition = precondition
        self.longPoll = longPoll
        self.body = body
        self.answer = answer
        self.ownQuery = query
        self.ownStatuses = statuses
        self.refused = refused
        self.perform = perform
    }

    package var query: [any AnyQueryParameter] { ownQuery + answer.query }
    package var requestContent: RequestContent? { body.content }
    package var answerContent: AnswerContent { answer.content }

    package func reply(to request: EndpointRequest, by service: any EndpointService) async throws -> Reply {
        let call = EndpointCall(request, body: try await read(request, for: service))
        return try answer.write(try await perform(service, call), request)
    }

    private func read(_ request: EndpointRequest, for service: any EndpointService) async throws -> Body {
        do { return try await body.read(request) } catch let problem as Problem {
            try await refused?(service, request.path.first ?? "", problem)
            throw problem
        }
    }

    package var statuses: Set<Int> {
        var statuses: Set<Int> = [answer.content.media.isEmpty ? 204 : 200, 400, 401, 403, 500]
        if !path.parameters.isEmpty { statuses.insert(404) }
        if body.content != nil { statuses.formUnion([413, 415]) }
        if precondition != nil || answer.query.contains(where: { $0.name == Query.after.name }) { statuses.insert(412) }
        if isMutation { statuses.formUnion([404, 409, 412, 422, 503]) }
        if callers == .agents { statuses.formUnion([404, 409]) }
        return statuses.union(ownStatuses)
    }
}

extension Endpoint where Body == Void {
    /// One whose requests have no body.
    init(
        _ method: Endpoints.Method, _ path: String, _ summary: String, query: [any AnyQueryParameter] = [],
        answer: EndpointAnswer<Answer>, precondition: Endpoints.Precondition? = nil,
        callers: Endpoints.Callers = .everybody,
        longPoll: QueryParameter<Int>? = nil, statuses: Set<Int> = [], perform: @escaping Perform
    ) {
        self.init(
            method, path, summary, query: query, body: .none, answer: answer, precondition: precondition,
            callers: callers, longPoll: longPoll, statuses: statuses, perform: perform)
    }
}

/// An endpoint whatever it takes and answers.
package protocol AnyEndpoint: Sendable {
    var method: Endpoints.Method { get }
    var path: PathTemplate { get }
    /// What it does, as an order.
    var summary: String { get }
    /// What may stand in the query; anything else is refused by name.
    var query: [any AnyQueryParameter] { get }
    var callers: Endpoints.Callers { get }
    var precondition: Endpoints.Precondition? { get }
    var longPoll: QueryParameter<Int>? { get }
    /// nil: no body is read.
    var requestContent: RequestContent? { get }
    var answerContent: AnswerContent { get }
    /// Every status that it may answer with.
    var statuses: Set<Int> { get }
    func reply(to request: EndpointRequest, by service: any EndpointService) async throws -> Reply
}

extension AnyEndpoint {
    /// It changes something: it takes `dryRun`, risks and `Idempotency-Key`.
    package var isMutation: Bool { answerContent.isChange }

    /// The answer may begin late or never end.
    package var answersLate: Bool { longPoll != nil || answerContent.isStream }
}

extension Endpoints {
    package enum Method: String, Sendable { case get, put, post, patch, delete }

    /// Who may call an endpoint.
    package enum Callers: Sendable {
        /// Whoever has the token, is at the unix socket, or has a browser's session; with that only a form token changes
        /// anything.
        case everybody
        /// Agents: no browser.
        case agents
    }

    /// What the revision in `If-Match` is of: the thing that the path names.
    package enum Precondition: Sendable {
        case hostSettings, pool, profile, vm, claim
        /// The service is given the revision.
        case argument
    }
}

/// What the endpoints need of a server: the service, the agents' link, and what HTTP keeps apart.
package protocol EndpointService: PatchbayService, AgentLink {
    /// Throws when another agent is known by the host's name.
    func admit(_ host: String) async throws(Problem)
    /// A report was refused: what the host said before may not be so any more.
    func refuse(_ problem: Problem, of host: String, isWhole: Bool) async
    func openConsoleSession(
        _ name: String
    ) async throws(Problem) -> (id: String, output: AsyncThrowingStream<[UInt8], any Error>)
    func sendConsole(_ bytes: [UInt8], session: String, vm: String) async throws(Problem)
    func closeConsole(session: String, vm: String) async
}
