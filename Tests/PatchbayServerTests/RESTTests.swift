import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

@Suite struct `The REST door` {
    @Test func `answers with its OpenAPI document`() async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                let document = try await door.get(JSONValue.self, "/v1/openapi.json")
                #expect(document == OpenAPIDocument.shared.document)
            }
        }
    }

    @Test(.requirements("V25", "V26")) func `lists devices of all hosts, sorted and filtered`() async throws {
        try await Scene.with { scene in
            try await ScriptedAgent(scene.plane, SampleHost.inventory("boreas")).report()
            try await Door.open(scene) { door in
                let all = try await door.get([API.Device].self, "/v1/devices?sort=group")
                #expect(all.count == 14)
                #expect(all.map { $0.iommuGroup ?? -1 } == all.map { $0.iommuGroup ?? -1 }.sorted())
                let some = try await door.get(
                    [API.Device].self, "/v1/devices?host=boreas&filter=name*%3DA100%20state%3Dfree")
                #expect(some.map(\.id) == ["boreas/0000:41:00.0", "boreas/0000:42:00.0"])
            }
        }
    }

    @Test func `pages through long lists`() async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                var seen: [String] = []
                var path: String? = "/v1/devices?limit=3"
                while let next = path {
                    let response = try await door.send(.get, next)
                    let page = try WireJSON.decode([API.Device].self, from: Array(buffer: response.body))
                    #expect(page.count <= 3)
                    seen += page.map(\.id)
                    let key = response.headers[try #require(HTTPField.Name("patchbay-next"))]
                    path = key.map { "/v1/devices?limit=3&after=\(PathTemplate.encode($0))" }
                }
                #expect(seen == (try await scene.plane.devices(API.DeviceQuery()).map(\.id)))
            }
        }
    }

    @Test func `changes a thing only if it is as it was read`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            try await Door.open(scene) { door in
                let old = try #require(try await door.send(.get, "/v1/pools/gpus").headers[.eTag])
                let auth: HTTPFields = [.authorization: "Bearer \(Door.token)", .ifMatch: old]
                _ = try await door.send(.patch, "/v1/pools/gpus", "{\"description\":\"x\"}", headers: auth).change()
                for (method, body) in [(HTTPRequest.Method.patch, "{\"description\":\"y\"}"), (.delete, nil)] {
                    let late = try await door.send(method, "/v1/pools/gpus", body, headers: auth)
                    #expect(late.status == .preconditionFailed)
                    #expect(try late.problem().code == "changed-meanwhile")
                }
                let vm = try #require(try await door.send(.get, "/v1/vms/one").headers[.eTag])
                let attach: HTTPFields = [.authorization: "Bearer \(Door.token)", .ifMatch: vm]
                _ = try await door.send(.post, "/v1/vms/one/attach", "{\"pool\":\"gpus\"}", headers: attach).change()
                let again = try await door.send(.post, "/v1/vms/one/attach", "{\"pool\":\"gpus\"}", headers: attach)
                #expect(again.status == .preconditionFailed)
            }
        }
    }

    @Test func `carries a request with an idempotency key out once`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            try await Door.open(scene) { door in
                let name = try #require(HTTPField.Name("Idempotency-Key"))
                let headers: HTTPFields = [.authorization: "Bearer \(Door.token)", name: "k1"]
                let path = "/v1/vms/one/attach"
                let first = try await door.send(.post, path, "{\"pool\":\"gpus\"}", headers: headers)
                let second = try await door.send(.post, path, "{\"pool\":\"gpus\"}", headers: headers)
                #expect(first.body == second.body)
                #expect(try await scene.plane.vm("one").requests.count == 1)
            }
        }
    }

    @Test func `writes down who asked`() async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                _ = try await door.send(.post, "/v1/pools", "{\"name\":\"mine\"}").change()
                let events = try await door.get([API.Event].self, "/v1/events?limit=1")
                #expect(events.map(\.kind) == ["pool.created"])
                #expect(events.map(\.actor) == ["token admin"])
                #expect(events.map(\.subject) == ["pool mine"])
            }
        }
    }
}

@Suite struct `Who gets in` {
    @Test(arguments: ["/v1/status", "/v1/nothing", "/v1/agent/atlas/work"])
    func `must have the token for the interface of programs`(_ path: String) async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                let none = try await door.send(.get, path, headers: [:])
                #expect(none.status == .unauthorized)
                #expect(try none.problem().code == "token-missing")
                #expect(none.headers[.wwwAuthenticate] == "Bearer")
                let wrong = try await door.send(.get, path, headers: [.authorization: "Bearer \(Door.token)x"])
                #expect(try wrong.problem().code == "token-wrong")
            }
        }
    }

    @Test func `is sent to the login page with a browser`() async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                let response = try await door.send(.get, "/devices", headers: [.accept: "text/html"])
                #expect(response.status == .seeOther)
                #expect(response.headers[.location] == "/login?next=%2Fdevices")
            }
        }
    }

    @Test func `must mean this server, not a name that points at it`() async throws {
        try await Scene.with { scene in
            let access = Access(token: Door.token, now: { 0 })
            let session = try #require(await access.startSession(token: Door.token))
            let cookie: HTTPFields = [.cookie: "patchbay-session=\(session)"]
            let bearer: HTTPFields = [.authorization: "Bearer \(Door.token)"]
            for (names, fields, expected) in [
                (["localhost", "127.0.0.1"], cookie, HTTPResponse.Status.ok),
                (["patchbay.example"], cookie, .badRequest),
                // No page can make a browser send it.
                (["patchbay.example"], bearer, .ok),
            ] {
                let router = PatchbayServer.router(scene.plane, access, hostNames: Set(names), addPages: { _ in })
                try await Application(
                    responder: router.buildResponder(),
                    configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0))
                ).test(.live) { client in
                    let answer = try await client.execute(uri: "/v1/status", method: .get, headers: fields, body: nil)
                    #expect(answer.status == expected, "\(names) \(fields)")
                }
            }
        }
    }

    @Test func `needs the form token when only a cookie says who it is`() async throws {
        try await Scene.with { scene in
            let access = Access(token: Door.token, now: { 0 })
            let session = try #require(await access.startSession(token: Door.token))
            #expect(await access.startSession(token: "wrong") == nil)
            let form = await access.formToken(session: session)
            let router = PatchbayServer.router(scene.plane, access, hostNames: nil, addPages: { _ in })
            try await Application(responder: router.buildResponder()).test(.router) { client in
                let cookie: HTTPFields = [.cookie: "patchbay-session=\(session)"]
                let read = try await client.execute(uri: "/v1/status", method: .get, headers: cookie, body: nil)
                #expect(read.status == .ok)
                let blind = try await client.execute(
                    uri: "/v1/vms/one/start", method: .post, headers: cookie, body: nil)
                #expect(try blind.problem().code == "form-expired")
                var known = cookie
                known[try #require(HTTPField.Name("patchbay-form"))] = form
                let seen = try await client.execute(uri: "/v1/vms/one/start", method: .post, headers: known, body: nil)
                #expect(seen.status == .ok)
                await access.endSession(session)
                let ended = try await client.execute(uri: "/v1/status", method: .get, headers: cookie, body: nil)
                #expect(ended.status == .unauthorized)
            }
        }
    }

    @Test func `is decided by what each endpoint declares`() async throws {
        try await Scene.with { scene in
            let access = Access(token: Door.token, now: { 0 })
            let session = try #require(await access.startSession(token: Door.token))
            let router = PatchbayServer.router(scene.plane, access, hostNames: nil, addPages: { _ in })
            try await Application(responder: router.buildResponder()).test(.router) { client in
                let cookie: HTTPFields = [.cookie: "patchbay-session=\(session)"]
                for named in Endpoints.all {
                    let endpoint = named.endpoint
                    let isForAgents = endpoint.callers == .agents
                    guard isForAgents || !endpoint.answersLate else { continue }
                    let path = endpoint.path.path(endpoint.path.parameters.map(\.example))
                    let method = try #require(HTTPRequest.Method(endpoint.method.rawValue.uppercased()))
                    let blind = try await client.execute(uri: path, method: method, headers: cookie, body: nil)
                    let isRefused = isForAgents || endpoint.method != .get
                    #expect((blind.status == .forbidden) == isRefused, "\(named.name): \(blind.status)")
                }
            }
        }
    }

    @Test func `outlives the server with a browser, but not its token`() async throws {
        let store: any Store = MemoryStore()
        let clock = Ticker()
        let first = Access(token: Door.token, store: store, now: { clock.now })
        let session = try #require(await first.startSession(token: Door.token))
        let ended = try #require(await first.startSession(token: Door.token))
        await first.endSession(ended)
        let next = Access(token: Door.token, store: store, now: { clock.now })
        #expect(await next.caller(session: session) == "token admin")
        #expect(await next.formToken(session: session) == first.formToken(session: session))
        #expect(await next.caller(session: ended) == nil)
        let stored = try await store.list("").values
        #expect(!stored.contains { String(decoding: $0.value, as: UTF8.self).contains(session) })
        #expect(!stored.contains { $0.key.contains(session) })
        let other = Access(token: String(repeating: "x", count: 64), store: store, now: { clock.now })
        #expect(await other.caller(session: session) == nil)
        clock.now = 13 * 3_600_000
        let late = Access(token: Door.token, store: store, now: { clock.now })
        #expect(await late.caller(session: session) == nil)
        _ = await late.startSession(token: Door.token)
        #expect(try await store.list("sessions/").values.count == 1)
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (String(repeating: "a", count: 1_000), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
    ]) func `is known by hashes that are those of the standard`(_ text: String, _ hash: String) {
        #expect(SHA256.hash(of: text) == hash)
    }

    @Test func `has twelve hours until a session is forgotten`() async throws {
        let clock = Ticker()
        let access = Access(token: Door.token, now: { clock.now })
        let session = try #require(await access.startSession(token: Door.token))
        clock.now = 11 * 3_600_000
        #expect(await access.caller(session: session) == "token admin")
        clock.now += 13 * 3_600_000
        #expect(await access.caller(session: session) == nil)
    }
}

/// A clock that stands until it is set.
final class Ticker: @unchecked Sendable {
    var now = 0
}
