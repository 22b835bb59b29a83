import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayText
import Testing

@testable import PatchbayClient

@Suite struct `Addresses of servers` {
    @Test(arguments: [
        ("http://localhost:8420", "http://localhost:8420/v1/status"),
        ("http://localhost:8420/", "http://localhost:8420/v1/status"),
        ("https://patchbay.example/fleet/", "https://patchbay.example/fleet/v1/status"),
        ("http://[::1]:8420", "http://[::1]:8420/v1/status"), ("http://[::1]", "http://[::1]/v1/status"),
        ("unix:/run/a b.sock", "http+unix://%2Frun%2Fa%20b.sock/v1/status"),
        ("unix:///run/x:1.sock", "http+unix://%2Frun%2Fx%3A1.sock/v1/status"),
    ]) func `become the URLs of requests`(_ text: String, _ url: String) throws {
        #expect(try ServerAddress(text).url(ClientRequest(Endpoints.hosts.status).target()) == url)
    }

    @Test(arguments: [
        "", "localhost", "localhost:8420", "ftp://x", "http://", "http:///x", "http://:80", "http://a:", "http://a:0",
        "http://a:65536", "http://a:1:2", "http://u@a", "http://a?b", "http://a#b", "http://a b", "http://[::1",
        "http://::1]", "http://[::1]x", "unix:", "unix:run/x", "unix:/" + String(repeating: "x", count: 107),
        "http://\u{e9}",
    ]) func `that are malformed are refused`(_ text: String) {
        #expect(throws: Problem.self) { try ServerAddress(text) }
    }

    @Test(arguments: ["http://a:1", "unix:/x"]) func `print as they are read`(_ text: String) throws {
        #expect(try ServerAddress(text).description == text)
    }
}

@Suite struct `Paths of requests` {
    @Test func `encode what people type`() throws {
        #expect(try ClientRequest(Endpoints.vms.vm, ["a/b?c#d%"]).target() == "/v1/vms/a%2Fb%3Fc%23d%25")
        let query = [Query.host("é"), Query.filter("name*=\"A 100\"&x"), Query.sort(nil)]
        #expect(
            try ClientRequest(Endpoints.devices.devices, query: query).target()
                == "/v1/devices?host=%C3%A9&filter=name%2A%3D%22A%20100%22%26x")
        #expect(
            try ClientRequest(Endpoints.vms.attach, ["v"], query: [Query.dryRun(true)]).target()
                == "/v1/vms/v/attach?dryRun=true")
    }

    @Test(arguments: ["", ".", ".."]) func `never name another resource`(_ name: String) {
        #expect(throws: Problem.self) { try ClientRequest(Endpoints.vms.vm, [name]).target() }
    }

    @Test func `have the method of their endpoint`() {
        for named in Endpoints.all {
            #expect("\(ClientRequest(named.endpoint).method)" == named.endpoint.method.rawValue.uppercased())
        }
    }
}

@Suite struct `Problems over the wire` {
    @Test(arguments: ProblemCode.allCases) func `come back as they were sent`(_ code: ProblemCode) throws {
        let problem = Problem(code, "A sentence.", evidence: ["e"], next: ["n"], cause: code == .failed ? nil : "c")
        let wire = API.Problem(problem)
        let body = try JSONEncoder().encode(wire)
        let told = Problem(status: wire.status, body: Array(body), subject: "GET /v1/status")
        // What to do about a token is another thing for whoever types commands.
        var expected = problem
        if [.tokenMissing, .tokenWrong].contains(code) { expected.next = told.next }
        #expect(told == expected && !told.next.isEmpty)
    }

    @Test func `of a newer server keep their kind`() throws {
        let text =
            #"{"type":"x","title":"x","status":409,"code":"too-new","detail":"No.","evidence":[],"next":["n"],"more":1}"#
        let problem = Problem(status: 409, body: Array(text.utf8), subject: "x")
        #expect(problem.code.category == .conflict)
        #expect(problem.detail == "No.")
        #expect(problem.cause == "unknown code too-new")
    }

    @Test func `that are none are told with their status`() {
        let problem = Problem(status: 502, body: Array("<html>Bad gateway".utf8), subject: "GET /v1/status")
        #expect(problem.code.category == .unreachable)
        #expect(problem.detail == "The server answered GET /v1/status with status 502.")
        #expect(problem.cause == "<html>Bad gateway")
    }
}

@Suite struct `A server that is not there` {
    @Test func `is exit code 6 with the way to start it`() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "none-\(UUID().uuidString).sock").path
        let client = PatchbayClient(address: .unix(path), token: nil)
        let problem = await #expect(throws: Problem.self) { try await client.status() }
        #expect(problem?.code == .serverUnreachable)
        #expect(problem?.next.lines.first == "Start it on this machine:  patchbay serve")
        #expect(problem?.cause == "No such file or directory")
    }
}
