import NIOHTTP1
import PatchbayAPI
import PatchbayCore

/// Method, path and query of one request of an endpoint, before they become text.
struct ClientRequest: Sendable {
    private let endpoint: any AnyEndpoint
    /// One for each parameter of the path, in order, not encoded.
    private let values: [String]
    var query: [(String, String)]

    init(_ endpoint: any AnyEndpoint, _ values: [String] = [], query: [(String, String?)] = []) {
        self.endpoint = endpoint
        self.values = values
        self.query = query.compactMap { pair in pair.1.map { (pair.0, $0) } }
    }

    var method: HTTPMethod {
        switch endpoint.method {
        case .get: .GET
        case .put: .PUT
        case .post: .POST
        case .patch: .PATCH
        case .delete: .DELETE
        }
    }

    /// Path and query, percent-encoded.
    ///
    /// An empty segment, `.` and `..` would name another resource than the one that was asked for (RFC 3986, section
    /// 5.2.4), so they are refused.
    func target() throws(Problem) -> String {
        if let value = values.first(where: { ["", ".", ".."].contains($0) }) {
            throw Problem(
                .malformedInput, "\"\(value)\" is not a valid name.", next: ["See an overview:  patchbay status"])
        }
        return endpoint.path.path(values, query: query)
    }

    /// `GET /v1/hosts/atlas`, for messages.
    var words: String { "\(method) \(endpoint.path.path(values, query: query))" }
}
