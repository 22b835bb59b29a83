import PatchbayCore

/// How the body of a request is read, written and described.
package struct EndpointBody<Value: Sendable>: Sendable {
    /// nil: there is none.
    package let content: RequestContent?
    let read: @Sendable (EndpointRequest) async throws -> Value
    package let write: @Sendable (Value) throws -> [UInt8]
}

/// What `openapi.json` says of the body of a request.
package struct RequestContent: Sendable {
    package let media: String
    /// nil: bytes, or what only agents of this version write.
    package let type: (any WireRequest.Type)?
    package let isRequired: Bool
    package let example: (any WireRequest)?
}

/// How many bytes a body may have.
package enum BodyLimit {
    package static let request = 1 << 20
    /// A report has the whole inventory of a host with everything known of each function: 10,000 of them take some 20 MiB.
    package static let report = 128 << 20
    package static let console = 64 << 10
}

extension EndpointBody where Value == Void {
    static var none: Self { EndpointBody(content: nil, read: { _ in }, write: { [] }) }
}

extension EndpointBody where Value: WireRequest {
    /// - Parameter example: for `openapi.json`; a test has the server read it.
    static func json(example: Value) -> Self { json(isRequired: true, default: nil, example: example) }

    /// A body that may be left out.
    static func json(default value: Value, example: Value) -> Self {
        json(isRequired: false, default: value, example: example)
    }

    private static func json(isRequired: Bool, default value: Value?, example: Value) -> Self {
        let shape = WireShape(of: Value.self)
        return EndpointBody(
            content: RequestContent(
                media: "application/json", type: Value.self, isRequired: isRequired, example: example),
            read: { request in
                let bytes = try await request.body(BodyLimit.request)
                if bytes.isEmpty, let value { return value }
                return try StrictJSON.decode(Value.self, from: bytes, shape: shape)
            }, write: { try WireJSON.encode($0) })
    }
}

extension EndpointBody where Value == [UInt8] {
    static func bytes(upTo limit: Int) -> Self {
        EndpointBody(
            content: RequestContent(media: "application/octet-stream", type: nil, isRequired: true, example: nil),
            read: { try await $0.body(limit) }, write: { $0 })
    }
}

extension EndpointBody where Value: Codable {
    /// What one of our own agents sends: fields we do not know are those of a newer one.
    static func agent(_ type: Value.Type) -> Self {
        EndpointBody(
            content: RequestContent(media: "application/json", type: nil, isRequired: true, example: nil),
            read: { request in
                let bytes = try await request.body(BodyLimit.report)
                do { return try WireJSON.decode(type, from: bytes) } catch let problem as Problem {
                    throw problem
                } catch {
                    throw Problem(
                        .malformedInput, "The agent's report cannot be read.",
                        next: ["Use an agent of the server's version, \(AgentProtocol.version)."], cause: "\(error)")
                }
            }, write: { try WireJSON.encode($0) })
    }
}
