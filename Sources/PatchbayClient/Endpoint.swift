import NIOHTTP1
import PatchbayAPI
import PatchbayCore

/// One request before it becomes text: a route with its parameters and query filled in.
struct Endpoint: Sendable {
    var route: Route
    /// One for each `{parameter}` of the route, in order, not encoded.
    var values: [String]
    var query: [(String, String)]

    init(_ route: Route, _ values: String..., query: [(String, String?)] = []) {
        self.route = route
        self.values = values
        self.query = query.compactMap { pair in pair.1.map { (pair.0, $0) } }
    }

    /// A mutation: `?dryRun=true` when it is only tried, with the risks that its caller takes.
    init(_ route: Route, _ values: String..., dryRun: Bool) {
        self.route = route
        self.values = values
        self.query = dryRun ? [("dryRun", "true")] : []
        guard let risk = TakenRisk.current else { return }
        query += [("allow", risk.allow), ("reason", risk.reason)]
    }

    /// A device by its full name, or by an address that only one host has.
    static func device(_ name: String) -> Endpoint {
        guard let slash = name.firstIndex(of: "/") else { return Endpoint(.deviceByShortName, name) }
        return Endpoint(.device, String(name[..<slash]), String(name[name.index(after: slash)...]))
    }

    var method: HTTPMethod {
        switch route.method {
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
            throw Problem(.malformedInput, "\"\(value)\" is no name.", next: ["See what there is:  patchbay status"])
        }
        return path
    }

    /// `GET /v1/hosts/atlas`, for messages.
    var words: String { "\(method) \(path)" }

    /// No route has more than two parameters.
    private var path: String {
        switch values.count {
        case 0: route.path(query: query)
        case 1: route.path(values[0], query: query)
        default: route.path(values[0], values[1], query: query)
        }
    }
}
