import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import PatchbayText
import Testing

/// What cannot be read counts as what it would be safe for it to say.
@Suite struct `What kept a device from being lent` {
    private static func draft(
        _ id: String, _ kind: ClaimOwner.Kind = .system, from reservation: String? = nil
    ) -> API.ClaimDraft {
        API.ClaimDraft(
            id: id, owner: API.ClaimOwner(kind: kind, name: id), requests: [API.RequestDraft(pool: "gpus")],
            reservation: reservation)
    }

    /// A pool whose one device is for one use; `first` has it.
    private static func usedOnce(_ body: (Scene) async throws -> Void) async throws {
        try await Scene.with { scene in
            let rule = Drafts.rule("gpus", "address", "=", "0000:41:00.0", tags: ["one_time_use": "yes"])
            _ = try await scene.plane.createPool(Drafts.pool("gpus", [rule]), dryRun: false)
            _ = try await scene.plane.createClaim(draft("first"), dryRun: false)
            try await body(scene)
        }
    }

    /// A reservation of the pool's one device, and a claim that took it from there.
    private static func reserved(_ body: (Scene) async throws -> Void) async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.createClaim(draft("a-night", .reservation), dryRun: false)
            _ = try await scene.plane.createClaim(draft("job", from: "a-night"), dryRun: false)
            try await body(scene)
        }
    }

    @Test func `does so when a quarantine cannot be read, until somebody returns the device`() async throws {
        try await Self.usedOnce { scene in
            _ = try await scene.plane.releaseClaim("first", dryRun: false)
            try await scene.spoil("quarantines/atlas/0000:41:00.0")
            let plane = scene.restarted()
            #expect(try await plane.device("41:00.0").state == .quarantined)
            let refusal = try await problem { _ = try await plane.createClaim(Self.draft("second"), dryRun: false) }
            #expect(refusal.code == .noFit)
            _ = try await plane.returnDevices(["41:00.0"], dryRun: false)
            #expect(try await plane.device("41:00.0").state == .free)
        }
    }

    @Test func `does so when what was said of its host cannot be read, until that is dropped`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.editHost("atlas", API.HostSettingsDraft(isCordoned: true), dryRun: false)
            try await scene.spoil("settings/atlas")
            let plane = scene.restarted()
            #expect(try await !plane.explain(Self.draft("a")).fits)
            #expect(try await plane.host("atlas").settings.isCordoned)
            let rack = API.HostSettingsDraft(labels: ["rack": "a"], isCordoned: false)
            let refusal = try await problem { _ = try await plane.editHost("atlas", rack, dryRun: false) }
            #expect(refusal.code == .unreadable)
            #expect(
                refusal.next.lines == [
                    "See what would be lost, then drop it:  patchbay store drop settings/atlas --dry-run"
                ])
            _ = try await plane.dropStored("settings/atlas", dryRun: false)
            _ = try await plane.editHost("atlas", rack, dryRun: false)
            #expect(try await plane.explain(Self.draft("a")).fits)
            #expect(try await plane.status().findings.contains { $0.code == "unreadable-value" } == false)
        }
    }

    @Test(arguments: ["domains/atlas", "hosts/atlas"])
    func `does so when what its host said cannot be read, until it says it again`(_ key: String) async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            try await scene.spoil(key)
            let plane = scene.restarted()
            #expect(try await !plane.explain(Self.draft("a")).fits)
            #expect(
                try await problem { _ = try await plane.prepareDevices(["41:00.0"], dryRun: true) }.code
                    == .unreadable)
            try await ScriptedAgent(plane, domains: [SampleHost.domain("one")]).report()
            #expect(try await plane.explain(Self.draft("a")).fits)
        }
    }

    @Test func `is not what a VM does without because its wish cannot be read`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            try await scene.spoil("vms/one")
            let plane = scene.restarted()
            let refusal = try await problem { _ = try await plane.startVM("one", dryRun: false) }
            #expect(refusal.code == .unreadable)
            #expect(
                refusal.next.lines == ["See what would be lost, then drop it:  patchbay store drop vms/one --dry-run"])
            _ = try await plane.dropStored("vms/one", dryRun: false)
            _ = try await plane.startVM("one", dryRun: false)
        }
    }

    @Test func `is written anew as the claim that has it, not the reservation it was taken from`() async throws {
        try await Self.reserved { scene in
            let key = "allocations/atlas/0000:41:00.0"
            let known = try #require(try await scene.store.get(key)?.value)
            try await scene.spoil(key)
            let plane = scene.restarted()
            _ = try await plane.dropStored(key, dryRun: false)
            #expect(try await scene.store.get(key)?.value == known)
            let third = Self.draft("third", from: "a-night")
            #expect(try await problem { _ = try await plane.createClaim(third, dryRun: false) }.code == .noFit)
        }
    }

    @Test func `goes back to its reservation when the claim that took it is dropped`() async throws {
        try await Self.reserved { scene in
            try await scene.spoil("claims/job")
            let plane = scene.restarted()
            _ = try await plane.dropStored("claims/job", dryRun: false)
            let state = try await plane.device("41:00.0").state
            #expect(state == .allocated)
            let stranger = Self.draft("stranger")
            #expect(try await problem { _ = try await plane.createClaim(stranger, dryRun: true) }.code == .noFit)
            _ = try await plane.createClaim(Self.draft("next", from: "a-night"), dryRun: false)
        }
    }

    @Test func `is written anew with the reservation it was taken from, though that cannot be read`() async throws {
        try await Self.reserved { scene in
            let key = "allocations/atlas/0000:41:00.0"
            let known = try #require(try await scene.store.get(key)?.value)
            for spoilt in [key, "claims/a-night"] { try await scene.spoil(spoilt) }
            _ = try await scene.restarted().dropStored(key, dryRun: false)
            #expect(try await scene.store.get(key)?.value == known)
        }
    }

    /// Until that is dropped: what it held stays held.
    @Test(arguments: [false, true])
    func `goes back to its reservation even where that cannot be read`(_ isClaimReadable: Bool) async throws {
        try await Self.reserved { scene in
            try await scene.spoil("claims/a-night")
            if !isClaimReadable { try await scene.spoil("claims/job") }
            let plane = scene.restarted()
            if isClaimReadable {
                _ = try await plane.releaseClaim("job", dryRun: false)
            } else {
                _ = try await plane.dropStored("claims/job", dryRun: false)
            }
            let stranger = Self.draft("stranger")
            #expect(try await problem { _ = try await plane.createClaim(stranger, dryRun: true) }.code == .noFit)
            _ = try await plane.dropStored("claims/a-night", dryRun: false)
            _ = try await plane.createClaim(stranger, dryRun: false)
        }
    }

    @Test func `is one use, too, when it was asked for by name and its pool cannot be read`() async throws {
        try await Self.usedOnce { scene in
            _ = try await scene.plane.releaseClaim("first", dryRun: false)
            _ = try await scene.plane.returnDevices(["41:00.0"], dryRun: false)
            let byName = API.ClaimDraft(
                id: "by-name", owner: API.ClaimOwner(kind: .system, name: "by-name"),
                requests: [API.RequestDraft(device: "atlas/0000:41:00.0")])
            _ = try await scene.plane.createClaim(byName, dryRun: false)
            try await scene.spoil("pools/gpus")
            let plane = scene.restarted()
            _ = try await plane.releaseClaim("by-name", dryRun: false)
            #expect(try await plane.device("41:00.0").state == .quarantined)
        }
    }

    @Test func `is a quarantine, too, when the claim that used it is dropped`() async throws {
        try await Self.usedOnce { scene in
            try await scene.spoil("claims/first")
            let plane = scene.restarted()
            _ = try await plane.dropStored("claims/first", dryRun: false)
            let state = try await plane.device("41:00.0").state
            #expect(state == .quarantined)
        }
    }
}

@Suite struct `A stored plan that contradicts itself` {
    private static let edits = ["firstHalf", "progress"]

    /// A plan that is queued, with a number of steps that it does not have.
    private static func spoilt(_ edit: String, _ body: (Scene, String) async throws -> Void) async throws {
        try await Scene.with { scene in
            let key = "plans/atlas/" + (try await scene.plane.startVM("one", dryRun: false).plans[0].id)
            let bytes = try #require(try await scene.store.get(key)?.value)
            var json = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
            var value = try #require(json["value"] as? [String: Any])
            var plan = try #require(value["plan"] as? [String: Any])
            if edit == "firstHalf" { plan["firstHalf"] = 99 } else { value["progress"] = [] }
            value["plan"] = plan
            json["value"] = value
            let changed = try JSONSerialization.data(withJSONObject: json)
            try await scene.spoil(key, String(decoding: changed, as: UTF8.self))
            try await body(scene, key)
        }
    }

    @Test(arguments: edits) func `is said, as any value that cannot be read`(_ edit: String) async throws {
        try await Self.spoilt(edit) { scene, key in
            let findings = try await scene.restarted().status().findings
            #expect(findings.contains { $0.code == "unreadable-value" && $0.subject == "store \(key)" })
        }
    }

    @Test(arguments: edits) func `does not end the server`(_ edit: String) async throws {
        await #expect(processExitsWith: .success) { [edit = edit as String] in
            try await Self.spoilt(edit) { scene, _ in
                let plane = scene.restarted()
                try await ScriptedAgent(plane, domains: [SampleHost.domain("one")]).work()
                _ = try await plane.plans(host: nil)
            }
        }
    }
}
