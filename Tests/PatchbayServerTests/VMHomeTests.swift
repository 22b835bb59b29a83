import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import PatchbayText
import Testing

/// Where a new VM is put when nobody names a host.
@Suite struct `A VM without a host` {
    private static func with(_ body: (Scene) async throws -> Void) async throws {
        try await Scene.with(guests: []) { scene in
            try await ScriptedAgent(scene.plane, SampleHost.inventory("borea")).report()
            _ = try await scene.plane.applyPolicy(API.PolicyDraft(pools: [Drafts.a100s]), dryRun: false)
            _ = try await scene.plane.editHost(
                "borea", API.HostSettingsDraft(labels: ["zone": "b"]), dryRun: false)
            try await body(scene)
        }
    }

    private static func draft(
        _ count: Int, host: String? = nil, labels: [String: String]? = nil, strategy: PlacementStrategy? = nil
    ) -> API.VMDraft {
        API.VMDraft(
            name: "trainer", host: host, disk: "/d.qcow2", requests: [API.RequestDraft(pool: "a100s", count: count)],
            labels: labels, strategy: strategy)
    }

    private static func hold(_ scene: Scene, on host: String) async throws {
        let draft = API.ClaimDraft(
            owner: API.ClaimOwner(kind: .system, name: "other"), requests: [API.RequestDraft(pool: "a100s")],
            hosts: [host])
        _ = try await scene.plane.createClaim(draft, dryRun: false)
    }

    @Test(.requirements("O33")) func `is put where all it asks for can be had, and asks for it`() async throws {
        try await Self.with { scene in
            try await Self.hold(scene, on: "atlas")
            _ = try await scene.plane.createVM(Self.draft(2), dryRun: false)
            let vm = try await scene.plane.vm("trainer")
            #expect(vm.host == "borea")
            #expect(vm.requests.map { "\($0.count) \($0.pool ?? "")" } == ["2 a100s"])
        }
    }

    @Test func `goes to the fullest host that will do, or to the emptiest, or to one with a label`() async throws {
        try await Self.with { scene in
            try await Self.hold(scene, on: "borea")
            for (draft, host) in [
                (Self.draft(1), "borea"), (Self.draft(1, strategy: .spread), "atlas"),
                (Self.draft(1, labels: ["zone": "b"]), "borea"), (Self.draft(1, host: "atlas"), "atlas"),
            ] {
                let change = try await scene.plane.createVM(draft, dryRun: true)
                #expect(change.message == "Would create VM trainer on \(host).")
            }
        }
    }

    @Test func `is refused with what every host lacks and what would help`() async throws {
        try await Self.with { scene in
            for host in ["atlas", "borea"] { try await Self.hold(scene, on: host) }
            let before = try await scene.revision
            let refusal = try await problem { _ = try await scene.plane.createVM(Self.draft(2), dryRun: false) }
            #expect(refusal.code == .noFit)
            #expect(refusal.evidence.map { $0.prefix(5) } == ["atlas", "borea"])
            #expect(refusal.next.lines.contains { $0.hasPrefix("Request 1 instead of 2") })
            #expect(
                refusal.next.lines.last == "Or choose the host yourself, where the VM waits in the queue: --host atlas")
            let both = try await problem {
                _ = try await scene.plane.createVM(Self.draft(1, host: "atlas", labels: ["zone": "b"]), dryRun: false)
            }
            #expect(both.code == .malformedInput)
            let unknown = Self.draft(1, labels: ["zone": "c"])
            #expect(try await problem { _ = try await scene.plane.createVM(unknown, dryRun: false) }.code == .noFit)
            #expect(try await scene.revision == before)
        }
    }
}
