import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import Testing

@Suite struct `Room for more` {
    private static func with(_ body: (Scene) async throws -> Void) async throws {
        try await Scene.with { scene in
            try await ScriptedAgent(scene.plane, SampleHost.inventory("borea")).report()
            _ = try await scene.plane.applyPolicy(API.PolicyDraft(pools: [Drafts.a100s]), dryRun: false)
            try await body(scene)
        }
    }

    private static func claims(of count: Int) -> API.GuestShape {
        API.GuestShape(requests: [API.RequestDraft(pool: "a100s", count: count)])
    }

    @Test func `is counted, with the hosts that would serve them and the largest that fits`() async throws {
        try await Self.with { scene in
            let room = try #require(try await scene.plane.whatIf(API.WhatIf(guest: Self.claims(of: 1), count: 3)).room)
            #expect(room.placed == 3 && room.more == 1 && !room.isMore)
            #expect(room.hosts == [API.HostShare(host: "atlas", guests: 2), API.HostShare(host: "borea", guests: 1)])
            #expect(room.reason == nil)
            #expect(room.largest?.count == 1 && room.largest?.host == "borea")
            let large = try #require(try await scene.plane.whatIf(API.WhatIf(guest: Self.claims(of: 2))).room)
            #expect(large.wanted == 0 && large.more == 2 && large.largest?.count == 2)
        }
    }

    @Test func `ends with the reason why the next does not fit, and what would help`() async throws {
        try await Self.with { scene in
            let answer = try await scene.plane.whatIf(API.WhatIf(guest: Self.claims(of: 2), count: 5))
            let room = try #require(answer.room)
            #expect(room.placed == 2 && room.more == 0)
            #expect(room.reason?.code == .notEnough)
            #expect(room.largest == nil)
            #expect(answer.pools.map(\.then?.free) == [0])
        }
    }

    @Test func `in brief is only whether they fit, and why not`() async throws {
        try await Self.with { scene in
            let answer = try await scene.plane.whatIf(API.WhatIf(guest: Self.claims(of: 1), count: 3, isBrief: true))
            let room = try #require(answer.room)
            #expect(room.placed == 3 && room.more == 0 && room.largest == nil && room.reason == nil)
            #expect(room.fixes.isEmpty && answer.pools.isEmpty)
            let none = try await scene.plane.whatIf(API.WhatIf(guest: Self.claims(of: 3), count: 1, isBrief: true)).room
            #expect(none?.placed == 0 && none?.reason?.code == .notEnough && none?.fixes.isEmpty == false)
        }
    }

    @Test func `counts what a change would take away`() async throws {
        try await Self.with { scene in
            let room = try await scene.plane.whatIf(
                API.WhatIf(changes: [API.ScenarioChange(drain: "atlas")], guest: Self.claims(of: 1), count: 4)
            ).room
            #expect(room?.placed == 2)
            #expect(room?.hosts == [API.HostShare(host: "borea", guests: 2)])
        }
    }

    @Test func `says how scattered the free devices of a pool are`() async throws {
        try await Self.with { scene in
            for id in ["a", "b"] {
                let draft = API.ClaimDraft(
                    id: id, owner: API.ClaimOwner(kind: .system, name: id), requests: [API.RequestDraft(pool: "a100s")],
                    hosts: [id == "a" ? "atlas" : "borea"])
                _ = try await scene.plane.createClaim(draft, dryRun: false)
            }
            let outlook = try await scene.plane.whatIf(API.WhatIf())
            let capacity = try #require(outlook.pools.first?.then)
            #expect(outlook.pools.first?.now == capacity)
            #expect(capacity.free == 2 && capacity.lendable == 4)
            #expect(capacity.hosts.map { "\($0.hosts) x \($0.free)" } == ["2 x 1"])
            #expect(capacity.sizes.map(\.size) == [1, 2])
            #expect(capacity.sizes.map(\.fit) == [2, 0])
            #expect(capacity.sizes.map(\.whenEmpty) == [4, 2])
            #expect(capacity.sizes.map(\.stranded) == [0, 2])
        }
    }
}
