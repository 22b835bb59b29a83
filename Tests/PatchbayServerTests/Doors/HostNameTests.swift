import HTTPTypes
import Hummingbird
import HummingbirdTesting
import PatchbayAPI
import Testing

@testable import PatchbayServer

/// A server that is known by a name, asked by programs that know its address only.
@Suite struct `A server with a name` {
    private static let bearer: HTTPFields = [.authorization: "Bearer \(Door.token)"]

    /// Everything is asked at 127.0.0.1, which is none of the names.
    private func inside(_ test: @escaping @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        try await Scene.with { scene in
            let access = Access(token: Door.token, now: { 0 })
            let router = PatchbayServer.router(
                scene.plane, access, hostNames: ["patchbay.example"], addPages: { _ in })
            try await Application(
                responder: router.buildResponder(),
                configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0))
            ).test(.live) { try await test($0) }
        }
    }

    @Test func `is asked by its address by whoever has the token`() async throws {
        try await inside { client in
            // A page elsewhere cannot make a browser send it.
            for path in ["/v1/status", "/v1/hosts"] {
                let answer = try await client.execute(uri: path, method: .get, headers: Self.bearer, body: nil)
                #expect(answer.status == .ok, "\(path)")
            }
        }
    }

    @Test func `says to whoever asks whether it is well`() async throws {
        try await inside { client in
            let answer = try await client.execute(uri: "/healthz", method: .get, headers: [:], body: nil)
            #expect(answer.status == .ok)
        }
    }

    @Test func `tells a browser which names it has`() async throws {
        try await inside { client in
            let answer = try await client.execute(uri: "/v1/status", method: .get, headers: [:], body: nil)
            let problem = try answer.problem()
            #expect(answer.status == .badRequest)
            #expect(problem.next.contains { $0.contains("patchbay.example") })
            #expect(!problem.next.contains { $0.contains("http://localhost") })
        }
    }

    @Test(arguments: [
        ("127.0.0.1", [], ["localhost", "127.0.0.1", "[::1]"]),
        ("::1", ["Patchbay.example"], ["localhost", "127.0.0.1", "[::1]", "patchbay.example"]),
        ("0.0.0.0", ["patchbay.example"], ["localhost", "127.0.0.1", "[::1]", "patchbay.example"]),
        ("::", ["fd00::7"], ["localhost", "127.0.0.1", "[::1]", "[fd00::7]"]),
        ("FD00::5", ["a"], ["localhost", "127.0.0.1", "[::1]", "[fd00::5]", "a"]),
    ])
    func `has its own, those of loopback and those that it is given`(
        _ host: String, _ given: [String], _ names: [String]
    ) {
        #expect(PatchbayServer.Configuration(host: host, names: Set(given)).hostNames == Set(names))
    }

    @Test func `has none where it is not on loopback and was given none`() {
        #expect(PatchbayServer.Configuration(host: "192.0.2.1").hostNames == nil)
    }
}
