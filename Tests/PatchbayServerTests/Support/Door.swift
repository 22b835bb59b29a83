import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import Testing

/// A scene behind its REST door, without a socket.
struct Door {
    static let token = "0123456789abcdef0123456789abcdef"
    let scene: Scene
    let client: any TestClientProtocol

    static func open(
        _ scene: Scene, hostNames: Set<String>? = nil, _ body: @escaping @Sendable (Door) async throws -> Void
    ) async throws {
        let access = Access(token: token, now: { 0 })
        let router = PatchbayServer.router(scene.plane, access, hostNames: hostNames, addPages: { _ in })
        try await Application(responder: router.buildResponder()).test(.router) { client in
            try await body(Door(scene: scene, client: client))
        }
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, headers: HTTPFields? = nil
    ) async throws -> TestResponse {
        var fields = headers ?? [.authorization: "Bearer \(Self.token)"]
        if body != nil, fields[.contentType] == nil { fields[.contentType] = "application/json" }
        return try await client.execute(
            uri: path, method: method, headers: fields, body: body.map { ByteBuffer(string: $0) })
    }

    func get<Value: Decodable>(_ type: Value.Type, _ path: String) async throws -> Value {
        try WireJSON.decode(type, from: Array(buffer: try await send(.get, path).body))
    }
}

extension TestResponse {
    /// The problem that was answered; fails when the answer is none.
    func problem() throws -> API.Problem {
        try #require(headers[.contentType] == "application/problem+json", "\(status): \(String(buffer: body))")
        return try WireJSON.decode(API.Problem.self, from: Array(buffer: body))
    }

    func change() throws -> API.Change {
        try #require(status == .ok, "\(String(buffer: body))")
        return try WireJSON.decode(API.Change.self, from: Array(buffer: body))
    }
}
