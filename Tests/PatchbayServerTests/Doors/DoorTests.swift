import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import Testing

/// A browser that is logged in, as another page on this machine can make it act: its cookie goes along, whatever it asks.
private struct Session {
    let client: any TestClientProtocol
    let cookie: String
    let formToken: String

    static func open(_ scene: Scene, _ body: @escaping @Sendable (Session) async throws -> Void) async throws {
        let access = Access(token: Door.token, now: { 0 })
        let session = try #require(await access.startSession(token: Door.token))
        let form = await access.formToken(session: session)
        let router = PatchbayServer.router(scene.plane, access, hostNames: nil, addPages: { _ in })
        try await Application(responder: router.buildResponder()).test(.router) { client in
            try await body(Session(client: client, cookie: "patchbay-session=\(session)", formToken: form))
        }
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, type: String = "application/json",
        form: Bool = false, _ more: [(String, String)] = []
    ) async throws -> TestResponse {
        var headers: HTTPFields = [.cookie: cookie]
        if body != nil { headers[.contentType] = type }
        if form { headers[try #require(HTTPField.Name("patchbay-form"))] = formToken }
        for (name, value) in more { headers[try #require(HTTPField.Name(name))] = value }
        return try await client.execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
    }
}

@Suite struct `Another page in the same browser` {
    @Test(arguments: ["//v1/pools", "///v1/pools", "//v1//pools//", "/v1//pools"])
    func `does not get around the form token with empty segments`(_ path: String) async throws {
        try await Scene.with { scene in
            try await Session.open(scene) { browser in
                let answer = try await browser.send(.post, path, "{\"name\":\"elsewhere\"}", type: "text/plain")
                #expect(answer.status == .badRequest)
                let pools = try await scene.plane.pools().map(\.name)
                #expect(pools.isEmpty)
            }
        }
    }

    @Test func `changes nothing, even if it knew the form token`() async throws {
        try await Scene.with { scene in
            try await Session.open(scene) { browser in
                for more in [
                    [("Origin", "http://127.0.0.1:9999")], [("Origin", "null")], [("Sec-Fetch-Site", "same-site")],
                    [("Sec-Fetch-Site", "cross-site")],
                ] {
                    let answer = try await browser.send(
                        .post, "/v1/pools?dryRun=true", "{\"name\":\"elsewhere\"}", form: true, more)
                    #expect(answer.status == .forbidden, "\(more)")
                }
                let own = try await browser.send(
                    .post, "/v1/pools", "{\"name\":\"own\"}", form: true, [("Sec-Fetch-Site", "same-origin")])
                #expect(own.status == .ok)
            }
        }
    }

    @Test(arguments: ["/login", "/logout", "/theme"])
    func `does not log anybody in or out, and chooses no colours`(_ path: String) async throws {
        try await Scene.with { scene in
            try await Session.open(scene) { browser in
                for headers: HTTPFields in [[:], [.cookie: browser.cookie]] {
                    var headers = headers
                    headers[.contentType] = "application/x-www-form-urlencoded"
                    headers[try #require(HTTPField.Name("Sec-Fetch-Site"))] = "cross-site"
                    let answer = try await browser.client.execute(
                        uri: path, method: .post, headers: headers, body: ByteBuffer(string: "token=\(Door.token)"))
                    #expect(answer.status == .forbidden)
                }
            }
        }
    }

    @Test func `takes no work of an agent away`() async throws {
        try await Scene.with { scene in
            try await Session.open(scene) { browser in
                let work = try await browser.send(.get, "/v1/agent/atlas/work")
                #expect(work.status == .forbidden)
                let read = try await browser.send(.get, "/v1/status", nil, [("Sec-Fetch-Site", "same-site")])
                #expect(read.status == .forbidden)
            }
        }
    }

    @Test func `cannot send a body as a form does`() async throws {
        try await Scene.with { scene in
            try await Session.open(scene) { browser in
                for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
                    let answer = try await browser.send(
                        .post, "/v1/pools?dryRun=true", "{\"name\":\"p\"}", type: type, form: true)
                    #expect(answer.status == .unsupportedMediaType, "\(type)")
                }
            }
        }
    }
}

@Suite struct `Every answer of the interface` {
    @Test func `is a page of nothing to a browser`() async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                for (path, headers) in [
                    ("/v1/status", nil), ("/v1/vms/one", nil), ("/v1/nothing", nil), ("/v1/vms/none", nil),
                    ("/v1/status", [:] as HTTPFields?), ("/devices", [:]),
                ] {
                    let answer = try await door.send(.get, path, headers: headers)
                    #expect(answer.headers[.xContentTypeOptions] == "nosniff", "\(path)")
                    let policy = answer.headers[.contentSecurityPolicy] ?? ""
                    #expect(policy.contains("default-src 'none'") && policy.contains("sandbox"), "\(path)")
                }
            }
        }
    }

    @Test func `allows the methods that the path has, not those of a neighbour`() async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                let allow = try #require(HTTPField.Name("Allow"))
                let explain = try await door.send(.delete, "/v1/claims/explain")
                #expect(explain.status == .methodNotAllowed)
                #expect(explain.headers[allow] == "POST")
                #expect(try await door.send(.put, "/v1/status").headers[allow]?.contains("GET") == true)
            }
        }
    }

    @Test func `knows a token under any spelling of its scheme`() async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                for scheme in ["bearer", "BEARER", "Bearer"] {
                    let answer = try await door.send(
                        .get, "/v1/status", headers: [.authorization: "\(scheme) \(Door.token)"])
                    #expect(answer.status == .ok)
                }
            }
        }
    }

    @Test func `says the limit that the body was larger than`() async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                let large = try await door.send(
                    .put, "/v1/agent/atlas/report", nil,
                    headers: [
                        .authorization: "Bearer \(Door.token)", .contentLength: "200000000",
                        .contentType: "application/json",
                    ])
                #expect(large.status == .contentTooLarge)
                #expect(String(buffer: large.body).contains("134217728"))
            }
        }
    }

    @Test func `is not the answer to another request with the same key`() async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                let headers: HTTPFields = [
                    .authorization: "Bearer \(Door.token)", .contentType: "application/json",
                    try #require(HTTPField.Name("Idempotency-Key")): "k1",
                ]
                let first = try await door.send(.post, "/v1/pools", "{\"name\":\"gpus\"}", headers: headers)
                #expect(first.status == .ok)
                let other = try await door.send(.post, "/v1/pools", "{\"name\":\"other\"}", headers: headers)
                #expect(other.status == .conflict)
                let again = try await door.send(.post, "/v1/pools", "{\"name\":\"gpus\"}", headers: headers)
                #expect(again.body == first.body)
            }
        }
    }
}

extension Session {
    fileprivate func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String?, _ more: [(String, String)]
    ) async throws -> TestResponse {
        try await send(method, path, body, type: "application/json", form: false, more)
    }
}
