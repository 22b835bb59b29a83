import Foundation
import PatchbayCore

/// A request as it came, taken apart.
package struct EndpointRequest: Sendable {
    /// The percent-decoded path parameters, in the order of the template.
    package let path: [String]
    package let query: [String: String]
    /// The value of a header by its name.
    package let header: @Sendable (String) -> String?
    /// The whole body; throws when it has more bytes than this.
    package let body: @Sendable (Int) async throws -> [UInt8]

    package init(
        path: [String], query: [String: String], header: @escaping @Sendable (String) -> String?,
        body: @escaping @Sendable (Int) async throws -> [UInt8]
    ) {
        self.path = path
        self.query = query
        self.header = header
        self.body = body
    }

    package func value<Value>(_ parameter: QueryParameter<Value>) throws(Problem) -> Value? {
        guard let text = query[parameter.name] else { return nil }
        return try parameter.read(text)
    }

    /// `If-Match: "12"`; nil: none, or `*`.
    package func expectedRevision() throws(Problem) -> Int? {
        guard let text = header("If-Match"), text != "*" else { return nil }
        guard let number = Int(text.trimmingCharacters(in: CharacterSet(charactersIn: "\" "))) else {
            throw Problem(
                .malformedInput, "If-Match \(text) is not a valid revision.",
                next: ["Send the ETag unchanged, for example \"12\"."])
        }
        return number
    }
}

/// A call of an endpoint, with its body read and checked.
package struct EndpointCall<Body: Sendable>: Sendable {
    package let request: EndpointRequest
    package let body: Body

    init(_ request: EndpointRequest, body: Body) {
        self.request = request
        self.body = body
    }

    /// The first thing that the path names, and the second.
    var name: String { request.path.first ?? "" }
    var part: String { request.path.count > 1 ? request.path[1] : "" }

    var dryRun: Bool { get throws(Problem) { try self[Query.dryRun] ?? false } }

    subscript<Value>(_ parameter: QueryParameter<Value>) -> Value? {
        get throws(Problem) { try request.value(parameter) }
    }
}
