import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import PatchbayAPI
import PatchbayCore

/// A Patchbay server over HTTP: what the CLI asks, and what an agent reports.
///
/// Values only; connections are pooled by the process-wide transport.
package struct PatchbayClient: Sendable {
    package let address: ServerAddress
    private let token: String?
    private let trace: (@Sendable (RequestTrace) -> Void)?

    /// The most that an answer may hold, in bytes.
    private static let answerLimit = 256 << 20
    /// The most that a list may hold.
    private static let mostElements = 1_000_000

    /// - Parameters:
    ///   - token: for TCP; a unix socket knows who is calling.
    ///   - trace: told about every request when it is over, for `--debug`.
    package init(
        address: ServerAddress, token: String?, trace: (@Sendable (RequestTrace) -> Void)? = nil
    ) {
        self.address = address
        self.token = token
        self.trace = trace
    }

    /// The answer of an endpoint.
    func ask<Body, Answer>(
        _ endpoint: Endpoint<Body, Answer>, _ values: String..., query: [(String, String?)] = [], body: Body,
        seconds: Int64 = 120
    ) async throws(Problem) -> Answer {
        let payload = try Payload(body, endpoint)
        return try await answer(
            endpoint, ClientRequest(endpoint, values, query: query), body: payload, seconds: seconds)
    }

    func ask<Answer>(
        _ endpoint: Endpoint<Void, Answer>, _ values: String..., query: [(String, String?)] = [], seconds: Int64 = 120
    ) async throws(Problem) -> Answer {
        try await answer(endpoint, ClientRequest(endpoint, values, query: query), seconds: seconds)
    }

    /// A mutation: with the risks that its caller takes.
    ///
    /// - Parameter revision: what was read, for `If-Match`.
    func change<Body>(
        _ endpoint: Endpoint<Body, API.Change>, _ values: String..., body: Body, revision: Int? = nil, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        let headers = revision.map { HTTPHeaders([("if-match", "\"\($0)\"")]) } ?? [:]
        let payload = try Payload(body, endpoint)
        return try await answer(
            endpoint, ClientRequest(endpoint, values, query: Self.query(dryRun: dryRun)), body: payload,
            headers: headers)
    }

    func change(
        _ endpoint: Endpoint<Void, API.Change>, _ values: String..., dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await answer(endpoint, ClientRequest(endpoint, values, query: Self.query(dryRun: dryRun)))
    }

    private static func query(dryRun: Bool) -> [(String, String?)] {
        let risk = TakenRisk.current
        return [Query.dryRun(dryRun ? true : nil), Query.allow(risk?.allow), Query.reason(risk?.reason)]
    }

    private func answer<Body, Answer>(
        _ endpoint: Endpoint<Body, Answer>, _ line: ClientRequest, body: Payload? = nil, headers: HTTPHeaders = [:],
        seconds: Int64 = 120
    ) async throws(Problem) -> Answer {
        let response = try await open(line, body: body, headers: headers, deadline: .now() + .seconds(seconds))
        return try decode(try await collect(response, subject: line), as: endpoint, subject: line)
    }

    /// A list, page after page: the header `patchbay-next` names the key that the next page begins behind.
    func list<Element>(
        _ endpoint: Endpoint<Void, [Element]>, query: [(String, String?)] = []
    ) async throws(Problem) -> [Element] {
        var line = ClientRequest(endpoint, query: query)
        var elements: [Element] = []
        var seen: Set<String> = []
        while true {
            let response = try await open(line, deadline: .now() + .seconds(120))
            let page = try decode(try await collect(response, subject: line), as: endpoint, subject: line)
            elements += page
            guard let next = response.headers.first(name: "patchbay-next"), !page.isEmpty else { return elements }
            guard seen.insert(next).inserted, elements.count < Self.mostElements else {
                throw Problem(
                    .tooLarge, "The server's list of \(line.words) never ends.",
                    next: ["Check that it is a Patchbay server:  patchbay version"])
            }
            line.query.removeAll { $0.0 == Query.after.name }
            line.query.append((Query.after.name, next))
        }
    }

    private func decode<Body, Answer>(
        _ bytes: [UInt8], as endpoint: Endpoint<Body, Answer>, subject: ClientRequest
    ) throws(Problem) -> Answer {
        do { return try endpoint.answer.read(bytes) } catch {
            throw Problem(
                .unreadable, "The server's answer to \(subject.words) cannot be read.",
                next: ["Check that client and server have the same version:  patchbay version"],
                cause: String(describing: error))
        }
    }

    /// A response whose body is still coming, with a status that says yes.
    ///
    /// - Parameter mayBeSilent: the body may pause for as long as it likes, as a console does; everything else, events with
    ///   their heartbeats, too, is given up after a minute without a byte.
    func open(
        _ line: ClientRequest, body: Payload? = nil, headers: HTTPHeaders = [:],
        deadline: NIODeadline = .distantFuture, mayBeSilent: Bool = false
    ) async throws(Problem) -> HTTPClientResponse {
        let request = try request(line, body: body, headers: headers)
        let start = ContinuousClock.now
        let response: HTTPClientResponse
        do {
            let transport: HTTPClient = mayBeSilent ? .patient : .patchbay
            response = try await transport.execute(request, deadline: deadline)
        } catch {
            let problem = Problem(transport: error, address: address)
            report(line, outcome: problem.cause ?? problem.code.rawValue, since: start)
            throw problem
        }
        report(line, outcome: String(response.status.code), since: start)
        guard response.status.code < 300 else {
            let body = try await collect(response, subject: line)
            throw Problem(
                status: Int(response.status.code), body: body,
                subject: line.words)
        }
        return response
    }

    private func request(
        _ line: ClientRequest, body: Payload?, headers: HTTPHeaders
    ) throws(Problem) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: address.url(try line.target()))
        request.method = line.method
        request.headers = headers
        request.headers.add(name: "user-agent", value: "patchbay/\(AgentProtocol.version)")
        if !headers.contains(name: "accept") { request.headers.add(name: "accept", value: "application/json") }
        if let agent = AgentIdentity.current {
            request.headers.add(name: AgentIdentity.idHeader, value: agent.id)
            if let machine = agent.machine {
                request.headers.add(name: AgentIdentity.machineHeader, value: machine)
            }
        }
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        if let body {
            request.headers.add(name: "content-type", value: body.type)
            request.body = .bytes(body.bytes)
        }
        return request
    }

    private func collect(_ response: HTTPClientResponse, subject: ClientRequest) async throws(Problem) -> [UInt8] {
        do {
            return Array(buffer: try await response.body.collect(upTo: Self.answerLimit))
        } catch is NIOTooManyBytesError {
            throw Problem(
                .tooLarge, "The server's answer to \(subject.words) is too large.",
                next: ["Ask for less, for example with --host or --where."])
        } catch {
            throw Problem(transport: error, address: address)
        }
    }

    private func report(_ line: ClientRequest, outcome: String, since start: ContinuousClock.Instant) {
        trace?(RequestTrace(request: line.words, outcome: outcome, duration: start.duration(to: .now)))
    }
}

/// One request that is over, for `--debug`.
package struct RequestTrace: Sendable {
    /// `GET /v1/hosts`
    package var request: String
    /// The status, or why there is none.
    package var outcome: String
    /// Until the head of the answer was there.
    package var duration: Duration
}

/// The body of a request, as its endpoint writes it.
struct Payload: Sendable {
    let bytes: [UInt8]
    let type: String

    init<Body, Answer>(_ body: Body, _ endpoint: Endpoint<Body, Answer>) throws(Problem) {
        do { bytes = try endpoint.body.write(body) } catch {
            throw Problem(
                .failed, "A request could not be written as JSON.", next: ["Report this with the command you typed."],
                cause: String(describing: error))
        }
        type = endpoint.requestContent?.media ?? "application/octet-stream"
    }
}
