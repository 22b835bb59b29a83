import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import PatchbayAPI
import PatchbayCore

/// One request for one endpoint, with its path and query read and checked.
struct DoorCall: Sendable {
    let endpoint: any AnyEndpoint
    private(set) var request: Request
    let context: PatchbayContext
    private let path: [String]
    private let query: [String: String]

    /// Throws `.malformedInput` for a query that is malformed, `.unknownField` for a parameter that the endpoint does not
    /// know.
    init(_ endpoint: any AnyEndpoint, _ request: Request, _ context: PatchbayContext) throws(Problem) {
        self.endpoint = endpoint
        self.request = request
        self.context = context
        var path: [String] = []
        for (index, parameter) in endpoint.path.parameters.enumerated() {
            guard let raw = context.parameters["\(index)"], let text = String(raw).removingPercentEncoding else {
                throw Problem(
                    .malformedInput, "The \(parameter.rawValue) in the path is not percent-encoded UTF-8.",
                    next: ["Encode it as in RFC 3986."])
            }
            path.append(text)
        }
        self.path = path
        query = try Self.read(request.uri.query, for: endpoint)
    }

    private static func read(_ text: String?, for endpoint: any AnyEndpoint) throws(Problem) -> [String: String] {
        var query: [String: String] = [:]
        let known = endpoint.query.map(\.name)
        for pair in (text ?? "").split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                $0.replacing("+", with: " ").removingPercentEncoding
            }
            guard let name = halves[0], let value = halves.count == 2 ? halves[1] : "" else {
                throw Problem(
                    .malformedInput, "The query is not percent-encoded UTF-8.", next: ["Encode it as in RFC 3986."])
            }
            guard known.contains(name) else {
                throw Problem(
                    .unknownField,
                    "\"\(name)\" is not a parameter of \(endpoint.method.rawValue.uppercased()) \(endpoint.path).",
                    next: known.isEmpty ? ["Leave it out."] : ["Known are \(known.joined(separator: ", "))."])
            }
            guard query.updateValue(value, forKey: name) == nil else {
                throw Problem(.malformedInput, "\"\(name)\" is given twice.", next: ["Give it once."])
            }
        }
        return query
    }

    /// As the endpoint reads it.
    var endpointRequest: EndpointRequest {
        EndpointRequest(
            path: path, query: query,
            header: { name in HTTPField.Name(name).flatMap { request.headers[$0] } },
            body: { limit in try await bytes(upTo: limit) })
    }

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
    func with(body: [UInt8]) -> DoorCall {
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
}
