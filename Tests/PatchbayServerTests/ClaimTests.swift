import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import Testing

@Suite struct `Claims of other systems` {
    private static func draft(
        _ owner: String = "slurm/job-17", id: String? = nil, count: Int = 1, waits: Bool? = nil,
        reservation: String? = nil, kind: ClaimOwner.Kind = .system
    ) -> API.ClaimDraft {
        API.ClaimDraft(
            id: id, owner: API.ClaimOwner(kind: kind, name: owner),
            requests: [API.RequestDraft(pool: "gpus", count: count)], waits: waits, reservation: reservation)
    }

    @Test(arguments: StoreKind.allCases)
    func `hold a device until they are released`(_ kind: StoreKind) async throws {
        try await Scene.with(kind) { scene in
            try await scene.makePool()
            let made = try await scene.plane.createClaim(Self.draft(), dryRun: false)
            let claim = try #require(made.claim)
            #expect(claim.phase == .allocated)
            #expect(claim.devices.map(\.device) == ["atlas/0000:41:00.0"])
            #expect(try await scene.state(of: "41:00.0") == .allocated)
            #expect(try await scene.plane.claim(claim.id) == claim)
            _ = try await scene.plane.releaseClaim(claim.id, dryRun: false)
            #expect(try await scene.state(of: "41:00.0") == .free)
            #expect(try await scene.plane.claims(API.ClaimQuery()).isEmpty)
        }
    }

    @Test func `are refused with what every host lacks`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.createClaim(Self.draft("first"), dryRun: false)
            let refusal = try await problem { _ = try await scene.plane.createClaim(Self.draft(), dryRun: false) }
            #expect(refusal.code == .noFit)
            #expect(refusal.evidence == ["atlas/41:00.0: It is reserved for system first."])
            #expect(try await scene.plane.claims(API.ClaimQuery()).count == 1)
        }
    }

    @Test func `wait in the queue when they say so`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            let made = try await scene.plane.createClaim(Self.draft(count: 2, waits: true), dryRun: false)
            #expect(made.claim?.phase == .pending)
            #expect(made.claim?.position == 1)
            #expect(try await scene.state(of: "41:00.0") == .free)
        }
    }

    @Test func `asked for twice by one name are one claim`() async throws {
        try await Scene.with { scene in
            try await scene.makePool("gpus", ["41:00.0", "42:00.0"])
            let first = try await scene.plane.createClaim(Self.draft(id: "job-17"), dryRun: false)
            let revision = try await scene.revision
            let second = try await scene.plane.createClaim(Self.draft(id: "job-17"), dryRun: false)
            #expect(second.claim == first.claim)
            #expect(try await scene.revision == revision)
            let other = try await problem {
                _ = try await scene.plane.createClaim(Self.draft(id: "job-17", count: 2), dryRun: false)
            }
            #expect(other.code == .alreadyExists)
        }
    }

    @Test func `may take what a reservation keeps, and give it back to it`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            let night = try await scene.plane.createClaim(
                Self.draft("night", id: "c-night", kind: .reservation), dryRun: false)
            #expect(night.claim?.devices.count == 1)
            let refusal = try await problem { _ = try await scene.plane.createClaim(Self.draft(), dryRun: false) }
            #expect(refusal.code == .noFit)
            let job = try await scene.plane.createClaim(Self.draft(id: "job", reservation: "night"), dryRun: false)
            #expect(job.claim?.devices.map(\.reservation) == ["c-night"])
            #expect(try await scene.plane.device("41:00.0").reason.contains("system slurm/job-17"))
            _ = try await scene.plane.releaseClaim("job", dryRun: false)
            #expect(try await scene.plane.device("41:00.0").reason.contains("reservation night"))
            _ = try await scene.plane.releaseClaim("c-night", dryRun: false)
            #expect(try await scene.state(of: "41:00.0") == .free)
        }
    }

    @Test func `are tried only, when they are dry`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            let revision = try await scene.revision
            let change = try await scene.plane.createClaim(Self.draft(), dryRun: true)
            #expect(change.claim?.devices.map(\.device) == ["atlas/0000:41:00.0"])
            #expect(try await scene.revision == revision)
        }
    }

    @Test func `are explained device by device`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            let before = try await scene.plane.explain(Self.draft())
            #expect(before.fits)
            #expect(before.devices.map(\.device) == ["atlas/0000:41:00.0"])
            _ = try await scene.plane.createClaim(Self.draft("first"), dryRun: false)
            let after = try await scene.plane.explain(Self.draft())
            #expect(!after.fits)
            let fit = try #require(after.hosts.first?.devices.first { $0.device == "atlas/0000:41:00.0" })
            #expect(fit.reason?.code == .held)
            #expect(fit.holder == "first")
        }
    }

    @Test func `are placed on no host that is cordoned or lacks a label`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.editHost("atlas", API.HostSettingsDraft(isCordoned: true), dryRun: false)
            let cordoned = try await problem { _ = try await scene.plane.createClaim(Self.draft(), dryRun: false) }
            #expect(cordoned.evidence == ["atlas: Host is cordoned."])
            _ = try await scene.plane.editHost(
                "atlas", API.HostSettingsDraft(labels: ["zone": "a"], isCordoned: false), dryRun: false)
            #expect(try await scene.plane.host("atlas").settings == API.HostSettings(labels: ["zone": "a"]))
            var draft = Self.draft()
            draft.labels = ["zone": "b"]
            let elsewhere = try await problem { _ = try await scene.plane.createClaim(draft, dryRun: false) }
            #expect(elsewhere.evidence == ["atlas: It does not have the label zone=b."])
            draft.labels = ["zone": "a"]
            #expect(try await scene.plane.createClaim(draft, dryRun: false).claim?.host == "atlas")
        }
    }
}
