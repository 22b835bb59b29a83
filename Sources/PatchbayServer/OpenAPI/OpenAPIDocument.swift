import PatchbayAPI
import PatchbayCore

/// `openapi.json` (OpenAPI 3.1), written from the table of routes and from the wire types themselves.
enum OpenAPIDocument {
    static func make() -> JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for route in Route.allCases {
            paths[route.template, default: [:]][route.method.rawValue] = operation(route)
        }
        return .object([
            "openapi": .text("3.1.0"),
            "info": .object(["title": .text("Patchbay"), "version": .text(AgentProtocol.version)]),
            "paths": .object(paths.mapValues { .object($0) }),
            "components": .object([
                "schemas": .object(["Problem": SchemaProbe.schema(of: API.Problem.self)]),
                "securitySchemes": .object([
                    "token": .object(["type": .text("http"), "scheme": .text("bearer")])
                ]),
            ]),
            "security": .list([.object(["token": .list([])])]),
        ])
    }

    private static func operation(_ route: Route) -> JSONValue {
        var operation: [String: JSONValue] = [
            "operationId": .text(route.rawValue), "summary": .text(route.summary),
            "parameters": .list(parameters(route)),
            "responses": .object([
                route.answer == nil ? "204" : "200": answer(route.answer),
                "default": .object([
                    "description": .text("Why not, and what to do next."),
                    "content": .object([
                        "application/problem+json": .object([
                            "schema": .object(["$ref": .text("#/components/schemas/Problem")])
                        ])
                    ]),
                ]),
            ]),
        ]
        if let request = route.request {
            operation["requestBody"] = .object(["required": .bool(true), "content": content(request)])
        }
        return .object(operation)
    }

    private static func parameters(_ route: Route) -> [JSONValue] {
        let path = route.parameters.map { name in
            JSONValue.object([
                "name": .text(name), "in": .text("path"), "required": .bool(true),
                "schema": .object(["type": .text("string")]),
            ])
        }
        let query = route.query.map { parameter in
            JSONValue.object([
                "name": .text(parameter.name), "in": .text("query"), "description": .text(parameter.summary),
                "schema": .object(["type": .text("string")]),
            ])
        }
        return path + query
    }

    private static func answer(_ body: RouteBody?) -> JSONValue {
        guard let body else { return .object(["description": .text("Done.")]) }
        return .object(["description": .text("The answer."), "content": content(body)])
    }

    private static func content(_ body: RouteBody) -> JSONValue {
        switch body {
        case .json(let type): media("application/json", SchemaProbe.schema(of: type))
        case .list(let type): media("application/json", list(of: type))
        case .bytes: media("application/octet-stream", .object([:]))
        case .text: media("text/plain", .object(["type": .text("string")]))
        case .document: media("application/json", .object(["type": .text("object")]))
        case .events:
            .object([
                "application/json": .object(["schema": list(of: API.Event.self)]),
                "text/event-stream": .object(["schema": .object(["type": .text("string")])]),
            ])
        }
    }

    private static func list(of type: any Decodable.Type) -> JSONValue {
        .object(["type": .text("array"), "items": SchemaProbe.schema(of: type)])
    }

    private static func media(_ type: String, _ schema: JSONValue) -> JSONValue {
        .object([type: .object(["schema": schema])])
    }
}
