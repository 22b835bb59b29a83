import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import PatchbayCore
import PatchbayServer
import Testing

@testable import PatchbayWeb

@Suite struct `Getting in` {
    @Test(arguments: ["/vms", "/", "/pools/a100", "/devices?filter=state%3Dfree%20a100&sort=group"])
    func `strangers are asked for the token and come back`(
        _ path: String
    ) async throws {
        try await Browse.over(DemoService(.atlas), asksForToken: true) { browse in
            let first = try await browse.get(path)
            #expect(first.status == 303)
            #expect(first.location.hasPrefix("/login"))
            let form = try await browse.get(first.location)
            #expect(form.body.contains("name=\"token\""))
            let shown = form.body.firstMatch(of: /name="next" value="([^"]*)"/)
            let next = String(try #require(shown).output.1).replacing("&amp;", with: "&")
            let done = try await browse.post("/login", ["token": "secret", "next": next], sendsToken: false)
            #expect(done.status == 303)
            #expect(done.location == path)
            #expect(done.headers[.setCookie]?.contains("HttpOnly") == true)
            let inside = try await browse.get(path, [.cookie: "session=good"])
            #expect(inside.status == 200)
            #expect(inside.body.contains("Log out"))
        }
    }

    @Test func `the choice of colours leads back to what was looked at`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let list = try await browse.get("/devices?filter=state%3Dfree&theme=dark").body
            #expect(list.contains("name=\"here\" value=\"/devices?filter=state%3Dfree\""))
        }
    }

    @Test(arguments: [
        ("localhost:8420", "patchbay-session-8420"), ("patchbay.example", "patchbay-session"),
        ("[::1]:8420", "patchbay-session-8420"), ("[::1]", "patchbay-session"),
    ])
    func `two servers on one machine do not take each other's cookies`(_ authority: String, _ name: String) {
        let head = HTTPRequest(method: .get, scheme: "http", authority: authority, path: "/")
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
        #expect(CookieName.of(.session, at: request) == name)
    }

    @Test func `a wrong token is said, and nothing about the world`() async throws {
        try await Browse.over(DemoService(.atlas), asksForToken: true) { browse in
            let answer = try await browse.post("/login", ["token": "guess"], sendsToken: false)
            #expect(answer.status == 401)
            #expect(answer.body.contains("This token is not known."))
            #expect(!answer.body.contains("atlas"))
            #expect(try await browse.get("/fragments/vms").status == 401)
            #expect(try await browse.post("/vms/router/stop", [:]).status == 401)
        }
    }

    @Test func `what was typed into a form of a session that ended is kept over the login`() async throws {
        try await Browse.over(DemoService(.atlas), asksForToken: true) { browse in
            let ended = try await browse.post("/vms", ["vm": "trainer-09", "vcpus": "8", "confirm": "x"], token: "old")
            #expect(ended.status == 401)
            #expect(ended.headers[.contentType]?.hasPrefix("text/html") == true)
            #expect(ended.body.contains("name=\"keep.vm\" value=\"trainer-09\""))
            #expect(!ended.body.contains("keep.confirm") && !ended.body.contains("keep.formToken"))
            let wrong = try await browse.post(
                "/login", ["token": "guess", "next": "/vms", "resume": "yes", "keep.vm": "trainer-09"],
                sendsToken: false)
            #expect(wrong.status == 401 && wrong.body.contains("name=\"keep.vm\" value=\"trainer-09\""))
            let done = try await browse.post(
                "/login", ["token": "secret", "next": "/vms", "resume": "yes", "keep.vm": "trainer-09"],
                sendsToken: false)
            #expect(done.status == 200)
            #expect(done.body.contains("action=\"/vms\""))
            #expect(done.body.contains("name=\"vm\" value=\"trainer-09\""))
            #expect(done.body.contains("value=\"\(DemoGuard.token)\""))
        }
    }

    @Test func `a confirmation is not kept over the login, wherever it comes from`() async throws {
        try await Browse.over(DemoService(.atlas), asksForToken: true) { browse in
            let done = try await browse.post(
                "/login",
                [
                    "token": "secret", "next": "/vms/router/stop", "resume": "yes", "keep.force": "yes",
                    "keep.confirm": "planted",
                    "keep.formToken": "planted",
                ], sendsToken: false)
            #expect(done.status == 200 && done.body.contains("name=\"force\" value=\"yes\""))
            #expect(!done.body.contains("planted"))
        }
    }

    @Test func `a form without fields is resumed as others are`() async throws {
        try await Browse.over(DemoService(.atlas), asksForToken: true) { browse in
            let ended = try await browse.post("/vms/router/stop", [:], token: "old")
            #expect(ended.status == 401)
            // What a browser sends with the token from the form that is there.
            var fields = FormFields()
            for field in ended.body.matches(of: /type="hidden" name="([^"]+)" value="([^"]*)"/) {
                fields.fields.append(.init(name: String(field.output.1), value: String(field.output.2)))
            }
            #expect(fields["next"] == "/vms/router/stop")
            fields.fields.append(.init(name: "token", value: "secret"))
            let done = try await browse.send("/login", fields)
            #expect(done.status == 200)
            #expect(done.body.contains("action=\"/vms/router/stop\" method=\"post\""))
        }
    }

    @Test(arguments: ["//evil.example", "https://evil.example", "/\\evil.example", "/ok\r\nSet-Cookie: a=b", "evil"])
    func `the way back stays on this server`(_ next: String) async throws {
        try await Browse.over(DemoService(.atlas), asksForToken: true) { browse in
            let done = try await browse.post("/login", ["token": "secret", "next": next], sendsToken: false)
            #expect(done.location == "/")
        }
    }

    @Test func `logging out needs the form and ends the session`() async throws {
        try await Browse.over(DemoService(.atlas), asksForToken: true) { browse in
            var inside = browse
            inside.headers = [.cookie: "session=good"]
            #expect(try await inside.post("/logout", [:], token: "wrong").status == 403)
            let done = try await inside.post("/logout", [:])
            #expect(done.location == "/login")
            #expect(done.headers[.setCookie]?.contains("session=") == true)
        }
    }

    @Test func `the choice of colours is kept without JavaScript`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let done = try await browse.post("/theme", ["theme": "dark", "here": "/vms"])
            #expect(done.location == "/vms")
            let cookie = try #require(done.headers[.setCookie]?.split(separator: ";").first)
            #expect(try await browse.get("/vms", [.cookie: String(cookie)]).body.contains("data-theme=\"dark\""))
            #expect(try await browse.get("/vms").body.contains("data-theme=\"auto\""))
            #expect(try await browse.get("/vms?theme=light").body.contains("data-theme=\"light\""))
        }
    }
}
