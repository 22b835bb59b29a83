import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import PatchbayText
import Testing

@Suite(.timeLimit(.minutes(10))) struct `Claims that wait` {
    private static func draft(
        _ id: String, count: Int = 1, tenant: String? = nil, priority: Int? = nil, lease: Int? = nil,
        kind: ClaimOwner.Kind = .system, waits: Bool = true
    ) -> API.ClaimDraft {
        API.ClaimDraft(
            id: id, owner: API.ClaimOwner(kind: kind, name: "owner-\(id)", tenant: tenant),
            requests: [API.RequestDraft(pool: "gpus", count: count)], priority: priority, leaseSeconds: lease,
            waits: waits)
    }

    private static func ask(_ scene: Scene, _ draft: API.ClaimDraft) async throws -> API.Claim {
        try #require(try await scene.plane.createClaim(draft, dryRun: false).claim)
    }

    @Test func `are served when devices come back, the higher priority first`() async throws {
        try await Scene.with(ManualTime()) { scene in
            try await scene.makePool()
            #expect(try await Self.ask(scene, Self.draft("first")).phase == .allocated)
            #expect(try await Self.ask(scene, Self.draft("low")).phase == .pending)
            #expect(try await Self.ask(scene, Self.draft("high", priority: 5)).position == 1)
            try await scene.plane.serveQueue()
            #expect(try await scene.plane.claim("high").phase == .pending)
            _ = try await scene.plane.releaseClaim("first", dryRun: false)
            try await scene.plane.serveQueue()
            #expect(try await scene.plane.claim("high").devices.map(\.device) == ["atlas/0000:41:00.0"])
            #expect(try await scene.plane.claim("low").position == 1)
        }
    }

    @Test func `share by tenants, counted anew after each one served`() async throws {
        try await Scene.with(ManualTime()) { scene in
            try await scene.makePool("gpus", ["41:00.0", "42:00.0"])
            _ = try await Self.ask(scene, Self.draft("all", count: 2))
            for id in ["a1", "a2"] { _ = try await Self.ask(scene, Self.draft(id, tenant: "a")) }
            _ = try await Self.ask(scene, Self.draft("b1", tenant: "b"))
            _ = try await scene.plane.releaseClaim("all", dryRun: false)
            try await scene.plane.serveQueue()
            let phases = try await scene.plane.claims(API.ClaimQuery()).map { "\($0.id) \($0.phase)" }
            #expect(Set(phases) == ["a1 allocated", "b1 allocated", "a2 pending"])
        }
    }

    @Test func `are not overtaken by newcomers, before the queue was served and after`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            try await scene.makePool()
            _ = try await Self.ask(scene, Self.draft("first"))
            _ = try await Self.ask(scene, Self.draft("second"))
            time.pass(seconds: 1)
            _ = try await scene.plane.releaseClaim("first", dryRun: false)
            let refusal = try await problem { _ = try await Self.ask(scene, Self.draft("newcomer", waits: false)) }
            #expect(refusal.code == .noFit)
            #expect(try await Self.ask(scene, Self.draft("late")).phase == .pending)
            try await scene.plane.serveQueue()
            #expect(try await scene.plane.claim("second").phase == .allocated)
        }
    }

    @Test func `have their pools to themselves once they have waited for ten minutes`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            try await scene.makePool("gpus", ["41:00.0", "42:00.0"])
            _ = try await Self.ask(scene, Self.draft("one"))
            #expect(try await Self.ask(scene, Self.draft("large", count: 2)).phase == .pending)
            let small = try await Self.ask(scene, Self.draft("small"))
            #expect(small.phase == .allocated)
            _ = try await scene.plane.releaseClaim("small", dryRun: false)
            time.pass(seconds: 600)
            let refusal = try await problem { _ = try await Self.ask(scene, Self.draft("late", waits: false)) }
            #expect(refusal.code == .noFit)
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            let start = try await problem { _ = try await scene.plane.startVM("one", dryRun: false) }
            #expect(start.detail.contains("large"))
            _ = try await scene.plane.releaseClaim("one", dryRun: false)
            try await scene.plane.serveQueue()
            #expect(try await scene.plane.claim("large").devices.count == 2)
        }
    }

    @Test func `keep a pool from being deleted`() async throws {
        try await Scene.with(ManualTime()) { scene in
            try await scene.makePool()
            _ = try await Self.ask(scene, Self.draft("first"))
            _ = try await Self.ask(scene, Self.draft("second"))
            let both = try await problem { _ = try await scene.plane.deletePool("gpus", dryRun: false) }
            #expect(both.code == .inUse)
            #expect(
                both.evidence == [
                    "system owner-first holds atlas/41:00.0", "claim second of system owner-second waits for it",
                ])
            _ = try await scene.plane.releaseClaim("first", dryRun: false)
            let waiting = try await problem { _ = try await scene.plane.deletePool("gpus", dryRun: false) }
            #expect(waiting.next.lines == ["Release the claim first:  patchbay claim release second"])
        }
    }

    @Test func `get what a lease that is over gives back; what is renewed stays`() async throws {
        let time = ManualTime()
        try await Scene.with(time) { scene in
            try await scene.makePool()
            _ = try await Self.ask(scene, Self.draft("first", lease: 60))
            _ = try await Self.ask(scene, Self.draft("second"))
            #expect(try await scene.plane.endLeases() == time.now + 60_000)
            time.pass(seconds: 59)
            _ = try await scene.plane.renewClaim("first", API.RenewRequest(), dryRun: false)
            time.pass(seconds: 59)
            #expect(try await scene.plane.endLeases() == time.now + 1000)
            #expect(try await scene.plane.claim("first").phase == .allocated)
            time.pass(seconds: 1)
            #expect(try await scene.plane.endLeases() == nil)
            try await scene.plane.serveQueue()
            #expect(try await scene.plane.claims(API.ClaimQuery()).map(\.id) == ["second"])
            #expect(try await scene.plane.claim("second").phase == .allocated)
        }
    }

    /// Nobody calls the steps here: the running server does.
    @Test func `are served by a server that runs, as soon as something is free`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await Self.ask(scene, Self.draft("first"))
            _ = try await Self.ask(scene, Self.draft("second"))
            let running = Task { try await scene.plane.run() }
            defer { running.cancel() }
            let revision = try await scene.revision
            _ = try await scene.plane.releaseClaim("first", dryRun: false)
            for try await change in scene.store.watch("claims/second", after: revision) where change.value != nil {
                break
            }
            // The server sees its own commit before it goes on.
            while try await scene.plane.claim("second").phase == .pending { await Task.yield() }
            #expect(try await scene.state(of: "41:00.0") == .allocated)
        }
    }
}
