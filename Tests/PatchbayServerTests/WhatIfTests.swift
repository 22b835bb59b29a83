import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import Testing

/// Two hosts alike, with two A100s each in pool a100s.
private struct TwoHosts {
    let scene: Scene
    let second: ScriptedAgent

    static func with(_ body: (TwoHosts) async throws -> Void) async throws {
        try await Scene.with { scene in
            let second = ScriptedAgent(scene.plane, SampleHost.inventory("borea"))
            try await second.report()
            _ = try await scene.plane.applyPolicy(API.PolicyDraft(pools: [Drafts.a100s]), dryRun: false)
            let before = try await scene.revision
            try await body(TwoHosts(scene: scene, second: second))
            #expect(try await scene.revision >= before)
        }
    }

    func claim(_ id: String, _ count: Int = 1, on host: String? = nil, pool: String = "a100s") async throws {
        let draft = API.ClaimDraft(
            id: id, owner: API.ClaimOwner(kind: .system, name: id),
            requests: [API.RequestDraft(pool: pool, count: count)], hosts: host.map { [$0] }, waits: true)
        _ = try await scene.plane.createClaim(draft, dryRun: false)
    }

    /// `a moves atlas borea 0000:41:00.0`, one for each; what is asked must not change anything.
    func impacts(_ changes: API.ScenarioChange...) async throws -> [String] {
        let before = try await scene.revision
        let outlook = try await scene.plane.whatIf(API.WhatIf(changes: changes))
        #expect(try await scene.revision == before)
        return outlook.impacts.map { impact in
            let devices = impact.devices.map { String($0.device.split(separator: "/").last ?? "") }
            return
                ([impact.owner.name, impact.kind.rawValue, impact.host, impact.newHost].compactMap(\.self) + devices)
                .joined(separator: " ")
        }
    }
}

@Suite struct `What if` {
    @Test func `a host were gone: who fits elsewhere goes there, who does not is told why`() async throws {
        try await TwoHosts.with { hosts in
            try await hosts.claim("a", 1, on: "borea")
            for id in ["b", "c"] {
                let draft = API.ClaimDraft(
                    id: id, owner: API.ClaimOwner(kind: .system, name: id), requests: [API.RequestDraft(pool: "a100s")],
                    labels: nil, strategy: .spread)
                _ = try await hosts.scene.plane.createClaim(draft, dryRun: false)
            }
            let places = try await hosts.scene.plane.claims(API.ClaimQuery()).map { "\($0.id) \($0.host ?? "")" }
            #expect(places == ["a borea", "b atlas", "c atlas"])
            for change in [API.ScenarioChange(hostGone: "atlas"), API.ScenarioChange(drain: "atlas")] {
                #expect(try await hosts.impacts(change) == ["c lost atlas", "b moves atlas borea 0000:42:00.0"])
            }
            let outlook = try await hosts.scene.plane.whatIf(
                API.WhatIf(changes: [API.ScenarioChange(hostGone: "atlas")]))
            #expect(outlook.impacts.first?.reason?.code == .notEnough)
            #expect(outlook.changes == ["Host atlas is removed."])
            let pool = try #require(outlook.pools.first)
            #expect(pool.now?.lendable == 4 && pool.then?.lendable == 2)
            #expect(pool.now?.free == 1 && pool.then?.free == 0)
        }
    }

    @Test func `a host were gone that a claim is tied to: it is lost`() async throws {
        try await TwoHosts.with { hosts in
            try await hosts.claim("tied", 1, on: "atlas")
            #expect(try await hosts.impacts(API.ScenarioChange(hostGone: "atlas")) == ["tied lost atlas"])
        }
    }

    @Test func `a device were gone: its holder starts anew with another`() async throws {
        try await TwoHosts.with { hosts in
            try await hosts.claim("a", 1, on: "atlas")
            let held = try #require(try await hosts.scene.plane.claim("a").devices.first?.device)
            let other = held.hasSuffix("41:00.0") ? "0000:42:00.0" : "0000:41:00.0"
            #expect(
                try await hosts.impacts(API.ScenarioChange(deviceGone: held)) == ["a restarts atlas atlas \(other)"])
            #expect(try await hosts.impacts(API.ScenarioChange(deviceGone: "atlas/\(other)")).isEmpty)
        }
    }

    @Test func `a kernel put two devices into one group: two holders cannot both stay`() async throws {
        try await TwoHosts.with { hosts in
            for id in ["a", "b", "c"] { try await hosts.claim(id, 1, on: id == "c" ? "borea" : "atlas") }
            let joined = API.ScenarioChange(joinGroups: ["atlas/41:00.0", "atlas/42:00.0"])
            let impacts = try await hosts.impacts(joined)
            #expect(impacts == ["b lost atlas", "a restarts atlas atlas 0000:41:00.0 0000:42:00.0"])
            let withDisk = API.ScenarioChange(joinGroups: ["borea/42:00.0", "borea/00:17.0"])
            try await hosts.claim("d", 1, on: "borea")
            let holder =
                try await hosts.scene.plane.claim("c").devices.first?.device == "borea/0000:42:00.0" ? "c" : "d"
            #expect(try await hosts.impacts(withDisk) == ["\(holder) lost borea"])
        }
    }

    @Test func `a kernel took a group apart: what went along stays behind`() async throws {
        try await TwoHosts.with { hosts in
            _ = try await hosts.scene.plane.applyPolicy(API.PolicyDraft(pools: [Drafts.others]), dryRun: false)
            try await hosts.claim("ada", 1, on: "atlas", pool: "others")
            #expect(try await hosts.scene.plane.claim("ada").devices.count == 2)
            #expect(
                try await hosts.impacts(API.ScenarioChange(splitGroup: "atlas/c1:00.1")) == [
                    "ada restarts atlas atlas 0000:c1:00.0"
                ])
        }
    }

    @Test func `a pool had other rules: who holds keeps it, who waits is served, who is off cannot start`()
        async throws
    {
        try await TwoHosts.with { hosts in
            try await hosts.claim("holds", 1, on: "atlas")
            _ = try await hosts.scene.plane.attach(API.AttachRequest(pool: "a100s"), to: "one", dryRun: false)
            let narrow = Drafts.pool("a100s", [Drafts.rule("ada", "name", "*=", "Ada")])
            let changed = API.ScenarioChange(policy: API.PolicyDraft(pools: [narrow]))
            #expect(
                try await hosts.impacts(changed) == ["holds changes-at-restart atlas atlas 0000:c1:00.0 0000:c1:00.1"])
            let none = Drafts.pool("a100s", [Drafts.rule("none", "name", "*=", "H200")])
            let empty = API.ScenarioChange(policy: API.PolicyDraft(pools: [none]))
            #expect(try await hosts.impacts(empty) == ["holds stuck-at-restart atlas", "one stuck atlas"])
            try await hosts.claim("waits", 3)
            #expect(try await hosts.scene.plane.claim("waits").phase == .pending)
            let wide = Drafts.pool("a100s", [Drafts.rule("all", "vendor", "=", "10de")])
            let more = API.ScenarioChange(policy: API.PolicyDraft(pools: [wide]))
            #expect(try await hosts.impacts(more).first?.hasPrefix("waits served borea") == true)
        }
    }

    @Test func `changes are made one after the other`() async throws {
        try await TwoHosts.with { hosts in
            try await hosts.claim("a", 2, on: nil)
            let home = try #require(try await hosts.scene.plane.claim("a").host)
            let other = home == "atlas" ? "borea" : "atlas"
            let impacts = try await hosts.impacts(
                API.ScenarioChange(deviceGone: "\(other)/41:00.0"), API.ScenarioChange(drain: home))
            #expect(impacts == ["a lost \(home)"])
        }
    }
}
