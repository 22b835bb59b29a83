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

    /// The answer of a request as a value.
    func value<Answer: Decodable>(
        _ endpoint: Endpoint, body: Payload? = nil, headers: HTTPHeaders = [:], seconds: Int64 = 120
    ) async throws(Problem) -> Answer {
        let response = try await open(
            endpoint, body: body, headers: headers, deadline: .now() + .seconds(seconds))
        return try decode(try await collect(response, subject: endpoint), subject: endpoint)
    }

    /// A list, page after page: the header `patchbay-next` names the key that the next page begins behind.
    func list<Element: Decodable>(_ endpoint: Endpoint) async throws(Problem) -> [Element] {
        var endpoint = endpoint
        var elements: [Element] = []
        var seen: Set<String> = []
        while true {
            let response = try await open(endpoint, deadline: .now() + .seconds(120))
            let page: [Element] = try decode(try await collect(response, subject: endpoint), subject: endpoint)
            elements += page
            guard let next = response.headers.first(name: "patchbay-next"), !page.isEmpty else { return elements }
            guard seen.insert(next).inserted, elements.count < Self.mostElements else {
                throw Problem(
                    .tooLarge, "The server's list of \(endpoint.words) does not end.",
                    next: ["Check that it is a Patchbay server:  patchbay version"])
            }
            endpoint.query.removeAll { $0.0 == "after" }
            endpoint.query.append(("after", next))
        }
    }

    /// The answer of a request as it came.
    @discardableResult
    func bytes(_ endpoint: Endpoint, body: Payload? = nil) async throws(Problem) -> [UInt8] {
        let response = try await open(endpoint, body: body, deadline: .now() + .seconds(120))
        return try await collect(response, subject: endpoint)
    }

    private func decode<Answer: Decodable>(_ bytes: [UInt8], subject: Endpoint) throws(Problem) -> Answer {
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(bytes))
        } catch {
            throw Problem(
                .unreadable, "The server's answer to \(subject.words) cannot be read.",
                next: ["Check that the versions of client and server suit each other:  patchbay version"],
                cause: String(describing: error))
        }
    }

    /// A response whose body is still coming, with a status that says yes.
    ///
    /// - Parameter mayBeSilent: the body may pause for as long as it likes, as a console does; everything else, events with
    ///   their heartbeats, too, is given up after a minute without a byte.
    func open(
        _ endpoint: Endpoint, body: Payload? = nil, headers: HTTPHeaders = [:],
        deadline: NIODeadline = .distantFuture, mayBeSilent: Bool = false
    ) async throws(Problem) -> HTTPClientResponse {
        let request = try request(endpoint, body: body, headers: headers)
        let start = ContinuousClock.now
        let response: HTTPClientResponse
        do {
            let transport: HTTPClient = mayBeSilent ? .patient : .patchbay
            response = try await transport.execute(request, deadline: deadline)
        } catch {
            let problem = Problem(transport: error, address: address)
            report(endpoint, outcome: problem.cause ?? problem.code.rawValue, since: start)
            throw problem
        }
        report(endpoint, outcome: String(response.status.code), since: start)
        guard response.status.code < 300 else {
            let body = try await collect(response, subject: endpoint)
            throw Problem(
                status: Int(response.status.code), body: body,
                subject: endpoint.words)
        }
        return response
    }

    private func request(
        _ endpoint: Endpoint, body: Payload?, headers: HTTPHeaders
    ) throws(Problem) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: address.url(try endpoint.target()))
        request.method = endpoint.method
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

    private func collect(_ response: HTTPClientResponse, subject: Endpoint) async throws(Problem) -> [UInt8] {
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

    private func report(_ endpoint: Endpoint, outcome: String, since start: ContinuousClock.Instant) {
        trace?(RequestTrace(request: endpoint.words, outcome: outcome, duration: start.duration(to: .now)))
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
