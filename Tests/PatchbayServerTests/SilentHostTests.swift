import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import Testing

@Suite struct `A host whose agent is silent` {
    private static func draft(_ id: String, waits: Bool = false) -> API.ClaimDraft {
        API.ClaimDraft(
            id: id, owner: API.ClaimOwner(kind: .system, name: id), requests: [API.RequestDraft(pool: "gpus")],
            waits: waits)
    }

    @Test func `is given nothing new, keeps what it has, and serves who waits when it is back`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            try await scene.makePool("gpus", ["41:00.0", "42:00.0"])
            _ = try await scene.plane.createClaim(Self.draft("first"), dryRun: false)
            try await scene.plane.hearAgents()
            time.pass(seconds: 14)
            try await scene.plane.hearAgents()
            #expect(try await scene.plane.explain(Self.draft("second")).fits)
            time.pass(seconds: 1)
            try await scene.plane.hearAgents()
            let refusal = try await problem {
                _ = try await scene.plane.createClaim(Self.draft("second"), dryRun: false)
            }
            #expect(refusal.code == .noFit)
            #expect(refusal.evidence.first?.hasPrefix("atlas: Host is offline") == true)
            #expect(try await scene.plane.explain(Self.draft("second")).hosts.first?.reason?.code == .offline)
            #expect(try await scene.plane.claim("first").phase == .allocated)
            _ = try await scene.plane.createClaim(Self.draft("third", waits: true), dryRun: false)
            _ = try await scene.plane.releaseClaim("first", dryRun: false)
            try await scene.plane.serveQueue()
            #expect(try await scene.plane.claim("third").phase == .pending)
            try await scene.agent.report()
            try await scene.plane.hearAgents()
            try await scene.plane.serveQueue()
            #expect(try await scene.plane.claim("third").phase == .allocated)
        }
    }

    @Test func `is given nothing new before it has said how it is, though it calls again`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            try await scene.makePool()
            try await scene.plane.hearAgents()
            time.pass(seconds: 15)
            try await scene.plane.hearAgents()
            _ = try await scene.plane.work(host: "atlas", waitSeconds: 0)
            try await scene.plane.hearAgents()
            #expect(try await !scene.plane.explain(Self.draft("a")).fits)
            try await scene.agent.report()
            try await scene.plane.hearAgents()
            #expect(try await scene.plane.explain(Self.draft("a")).fits)
        }
    }

    @Test func `that calls another process than this has as long to call as one that fell silent`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            try await scene.makePool()
            let restarted = ControlPlane.forTest(scene.store, time: time, prefix: "r")
            try await restarted.hearAgents()
            time.pass(seconds: 14)
            try await restarted.hearAgents()
            #expect(try await restarted.explain(Self.draft("a")).fits)
            time.pass(seconds: 1)
            try await restarted.hearAgents()
            #expect(try await !restarted.explain(Self.draft("a")).fits)
        }
    }
}
