/// `openapi.json` (OpenAPI 3.1), written from the endpoints and from the wire types themselves.
package struct OpenAPIDocument: Sendable {
    package static let shared = OpenAPIDocument()

    package let document: JSONValue
    /// Wire types whose schema is not whole, and why; empty unless one was written that cannot be described.
    package let gaps: [String]

    package init() {
        let writer = OpenAPIWriter()
        document = writer.document()
        gaps = writer.schemas.gaps
    }
}

/// Writes the document; the schemas gather on the way.
private struct OpenAPIWriter {
    let schemas = SchemaBook()

    func document() -> JSONValue {
        // Answers first: what both use is named by the answer.
        for named in Endpoints.all { _ = content(of: named.endpoint.answerContent) }
        var paths: [String: [String: JSONValue]] = [:]
        for named in Endpoints.all {
            let endpoint = named.endpoint
            paths[endpoint.path.description, default: [:]][endpoint.method.rawValue] = operation(named)
        }
        return .object([
            "openapi": .text("3.1.0"),
            "info": .object([
                "title": .text("Patchbay"), "version": .text(AgentProtocol.version),
                "description": .text("Lends the hardware of hosts to virtual machines."),
            ]),
            "paths": .object(paths.mapValues { .object($0) }),
            "components": components,
            "security": .list([.object(["token": .list([])])]),
        ])
    }

    private var components: JSONValue {
        let problem = schemas.schema(of: API.Problem.self, as: .answer)
        var responses: [String: JSONValue] = [:]
        for status in Set(Endpoints.all.flatMap(\.endpoint.statuses)) where status >= 400 {
            responses["\(status)"] = .object([
                "description": .text(Self.meaning(of: status)),
                "content": .object(["application/problem+json": .object(["schema": problem])]),
            ])
        }
        return .object([
            "schemas": .object(schemas.components), "responses": .object(responses),
            "securitySchemes": .object([
                "token": .object([
                    "type": .text("http"), "scheme": .text("bearer"),
                    "description": .text("The server's token; on the unix socket the kernel identifies the caller."),
                ])
            ]),
        ])
    }

    private static func meaning(of status: Int) -> String {
        switch status {
        case 400: "Malformed input, or an unknown field or parameter"
        case 401: "No token, or a wrong one"
        case 403: "Not allowed for this caller"
        case 404: "Not found, or a name that is not unique"
        case 409: "Taken, or not possible in the present state"
        case 412: "Changed after it was read"
        case 413: "Body too large"
        case 415: "Body of the wrong media type"
        case 422: "Refused by a safety rule, with the evidence"
        case 503: "Agent or hypervisor not reachable"
        case 504: "No answer in time"
        default: "The server failed"
        }
    }

    private func operation(_ named: NamedEndpoint) -> JSONValue {
        let endpoint = named.endpoint
        var responses: [String: JSONValue] = [:]
        for status in endpoint.statuses {
            responses["\(status)"] =
                status < 400
                ? answer(endpoint) : .object(["$ref": .text("#/components/responses/\(status)")])
        }
        var operation: [String: JSONValue] = [
            "operationId": .text(named.name), "summary": .text(endpoint.summary), "tags": .list([.text(named.group)]),
            "parameters": .list(parameters(endpoint)), "responses": .object(responses),
        ]
        operation["requestBody"] = endpoint.requestContent.map(body)
        return .object(operation)
    }

    private func body(_ request: RequestContent) -> JSONValue {
        var media: [String: JSONValue] = [:]
        if let type = request.type { media["schema"] = schemas.schema(of: type, as: .request) }
        media["example"] = request.example.flatMap { Self.json($0) }
        return .object([
            "required": .bool(request.isRequired), "content": .object([request.media: .object(media)]),
        ])
    }

    private static func json(_ value: some Encodable) -> JSONValue? {
        // Examples are compiled in; a test reads each back.
        try? WireJSON.decode(JSONValue.self, from: WireJSON.encode(value))
    }

    private func answer(_ endpoint: any AnyEndpoint) -> JSONValue {
        let content = endpoint.answerContent
        var answer: [String: JSONValue] = ["description": .text(content.media.isEmpty ? "Done" : "The answer")]
        if !content.media.isEmpty { answer["content"] = self.content(of: content) }
        if !content.headers.isEmpty {
            answer["headers"] = .object(
                content.headers.mapValues { summary in
                    .object(["description": .text(summary), "schema": Self.text])
                })
        }
        return .object(answer)
    }

    private func content(of answer: AnswerContent) -> JSONValue {
        .object(answer.media.mapValues { .object(["schema": schema($0)]) })
    }

    private func schema(_ form: AnswerContent.Form) -> JSONValue {
        switch form {
        case .json(let type): schemas.schema(of: type, as: .answer)
        case .list(let type):
            .object(["type": .text("array"), "items": schemas.schema(of: type, as: .answer)])
        case .text: Self.text
        case .events:
            .object([
                "type": .text("string"),
                "description": .text("Server-sent events: id is the event's, data is an Event as JSON."),
            ])
        case .bytes, .object: .object([:])
        }
    }
}

extension OpenAPIWriter {
    private static let text = JSONValue.object(["type": .text("string")])

    private func parameters(_ endpoint: any AnyEndpoint) -> [JSONValue] {
        let path = endpoint.path.parameters.map {
            parameter($0.rawValue, in: "path", $0.summary, Self.text, example: $0.example)
        }
        let query = endpoint.query.map { parameter($0.name, in: "query", $0.summary, $0.schema) }
        return path + query + headers(endpoint).map { parameter($0.0, in: "header", $0.1, Self.text) }
    }

    private func parameter(
        _ name: String, in place: String, _ summary: String, _ schema: JSONValue, example: String? = nil
    ) -> JSONValue {
        var parameter: [String: JSONValue] = [
            "name": .text(name), "in": .text(place), "description": .text(summary), "schema": schema,
        ]
        if place == "path" { parameter["required"] = .bool(true) }
        parameter["example"] = example.map { .text($0) }
        return .object(parameter)
    }

    /// Headers that the endpoint looks at.
    private func headers(_ endpoint: any AnyEndpoint) -> [(String, String)] {
        var headers: [(String, String)] = []
        if endpoint.isMutation {
            headers.append(
                ("Idempotency-Key", "A request repeated with the same key gets the first answer again"))
        }
        if endpoint.precondition != nil {
            headers.append(
                (
                    "If-Match",
                    "ETag that was read: the request fails with 412 if the object has changed since"
                ))
        }
        if endpoint.answerContent.media["text/event-stream"] != nil {
            headers.append(("Last-Event-ID", "Stream the events after this one"))
        }
        if endpoint.callers == .agents {
            headers.append((AgentIdentity.idHeader, "Agent that calls"))
            headers.append((AgentIdentity.machineHeader, "Machine that the agent runs on"))
        }
        return headers
    }
}
