import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import PatchbayAPI
import PatchbayCore

/// One request for one route, with its parts read and checked.
struct RouteCall {
    let route: Route
    private(set) var request: Request
    let context: PatchbayContext
    /// The percent-decoded path parameters, in the order of the template.
    let parameters: [String]
    private let query: [String: String]

    /// Throws `.malformedInput` for a query that is malformed or has a parameter that the route does not know.
    init(_ route: Route, _ request: Request, _ context: PatchbayContext) throws(Problem) {
        self.route = route
        self.request = request
        self.context = context
        var values: [String] = []
        for (index, name) in route.parameters.enumerated() {
            guard let raw = context.parameters["\(index)"], let text = String(raw).removingPercentEncoding else {
                throw Problem(
                    .malformedInput, "The \(name) in the path is not percent-encoded UTF-8.",
                    next: ["Encode it as RFC 3986 says."])
            }
            values.append(text)
        }
        parameters = values
        query = try Self.read(request.uri.query, for: route)
    }

    private static func read(_ text: String?, for route: Route) throws(Problem) -> [String: String] {
        var query: [String: String] = [:]
        let known = route.query.map(\.name)
        for pair in (text ?? "").split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                $0.replacing("+", with: " ").removingPercentEncoding
            }
            guard let name = halves[0], let value = halves.count == 2 ? halves[1] : "" else {
                throw Problem(
                    .malformedInput, "The query is not percent-encoded UTF-8.", next: ["Encode it as RFC 3986 says."])
            }
            guard known.contains(name) else {
                throw Problem(
                    .unknownField,
                    "\"\(name)\" is not a parameter of \(route.method.rawValue.uppercased()) \(route.template).",
                    next: known.isEmpty ? ["Leave it out."] : ["Known are \(known.joined(separator: ", "))."])
            }
            guard query.updateValue(value, forKey: name) == nil else {
                throw Problem(.malformedInput, "\"\(name)\" is given twice.", next: ["Give it once."])
            }
        }
        return query
    }

    subscript(_ name: String) -> String? { query[name] }

    /// The parameter at a place of the template; the router has checked that it is there.
    func parameter(_ index: Int) -> String { index < parameters.count ? parameters[index] : "" }

    func flag(_ name: String) throws(Problem) -> Bool {
        switch query[name] {
        case nil, "false": return false
        case "true", "": return true
        case let other?:
            throw Problem(.malformedInput, "\"\(name)\" is \"\(other)\".", next: ["Write true or false."])
        }
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = query[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Problem(
                .malformedInput, "\"\(name)\" is \"\(text)\".",
                next: ["Write a whole number from \(range.lowerBound) to \(range.upperBound)."])
        }
        return number
    }

    /// One of the words of an enumeration.
    func choice<Value: CaseIterable & RawRepresentable<String>>(_ name: String) throws(Problem) -> Value? {
        guard let text = query[name] else { return nil }
        guard let value = Value(rawValue: text) else {
            throw Problem(
                .malformedInput, "\"\(name)\" is \"\(text)\".",
                next: ["Write one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))."])
        }
        return value
    }

    var dryRun: Bool { get throws(Problem) { try flag("dryRun") } }

    /// The body. Throws when there is more, and when a form could have sent it.
    func bytes(upTo limit: Int = BodyLimit.request) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw Problem.bodyTooLarge(limit)
        }
        let bytes: [UInt8]
        do { bytes = Array(buffer: try await request.body.collect(upTo: limit)) } catch is NIOTooManyBytesError {
            throw Problem.bodyTooLarge(limit)
        }
        if !bytes.isEmpty { try checkType() }
        return bytes
    }

    /// The same with a body that was read already.
    func with(body: [UInt8]) -> RouteCall {
        var call = self
        call.request.body = RequestBody(buffer: ByteBuffer(bytes: body))
        return call
    }

    /// The types that no form of another page can send (Fetch, "CORS-safelisted request-header").
    private static let types: Set = ["application/json", "application/octet-stream"]

    private func checkType() throws {
        let header = request.headers[.contentType]
        let type = header?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        guard let type, Self.types.contains(type) else { throw RefusedRequest.mediaType(header) }
    }

    func body<Value: WireRequest>(_ type: Value.Type) async throws -> Value {
        try StrictJSON.decode(type, from: try await bytes())
    }

    /// A body that may be left out, as for a stop that says nothing about how.
    func body<Value: WireRequest>(_ type: Value.Type, default value: Value) async throws -> Value {
        let bytes = try await bytes()
        return bytes.isEmpty ? value : try StrictJSON.decode(type, from: bytes)
    }

    /// What one of our own agents sends: fields we do not know are those of a newer one.
    func agentBody<Value: Decodable>(_ type: Value.Type) async throws -> Value {
        let bytes = try await bytes(upTo: BodyLimit.report)
        do { return try WireJSON.decode(type, from: bytes) } catch let problem as Problem { throw problem } catch {
            throw Problem(
                .malformedInput, "The agent's report cannot be read.",
                next: ["Use an agent of the server's version, \(AgentProtocol.version)."], cause: "\(error)")
        }
    }

    /// `If-Match: "12"`; nil: none, or `*`.
    func expectedRevision() throws(Problem) -> Int? {
        guard let text = request.headers[.ifMatch], text != "*" else { return nil }
        guard let number = Int(text.trimmingCharacters(in: CharacterSet(charactersIn: "\" "))) else {
            throw Problem(
                .malformedInput, "If-Match is \(text).", next: ["Send the ETag as it came, for example \"12\"."])
        }
        return number
    }
}
