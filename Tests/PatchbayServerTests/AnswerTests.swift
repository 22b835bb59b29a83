import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import Testing

/// What is said in one place is what is said, and done, in every other.
@Suite struct `One answer of the server` {
    /// VM one runs with both A100s by one request.
    private static func withTwoDevices(_ body: (Scene) async throws -> Void) async throws {
        try await Scene.with { scene in
            try await scene.makePool("gpus", ["41:00.0", "42:00.0"])
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus", count: 2), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            try await body(scene)
        }
    }

    @Test func `one of several devices is detached by its address, and the message names it`() async throws {
        try await Self.withTwoDevices { scene in
            let change = try await scene.plane.detach(
                API.DetachRequest(device: "41:00.0"), from: "one", dryRun: false)
            let vm = try await scene.plane.vm("one")
            #expect(vm.requests.map(\.count) == [1])
            #expect(vm.isRestartPending)
            #expect(change.message.contains("at its next start"))
            #expect(change.message.contains("atlas/4"))
            #expect(change.findings.contains { $0.code == "restart-pending" })
        }
    }

    @Test func `detaching a whole request names every device that goes`() async throws {
        try await Self.withTwoDevices { scene in
            let change = try await scene.plane.detach(API.DetachRequest(pool: "gpus"), from: "one", dryRun: true)
            #expect(change.message.contains("atlas/41:00.0"))
            #expect(change.message.contains("atlas/42:00.0"))
        }
    }

    @Test func `a claim that is served has nothing lacking on its host`() async throws {
        try await Self.withTwoDevices { scene in
            let vm = try await scene.plane.explainVM("one")
            let claim = try await scene.plane.explainClaim(try #require(try await scene.plane.vm("one").claim))
            for explanation in [vm, claim] {
                #expect(explanation.fits)
                let host = try #require(explanation.hosts.first)
                #expect(host.host == "atlas")
                #expect(host.reason == nil)
                #expect(
                    host.devices.filter { $0.reason == nil }.map(\.device) == [
                        "atlas/0000:41:00.0", "atlas/0000:42:00.0",
                    ])
            }
        }
    }

    @Test func `what-if counts devices in VMs as pools do`() async throws {
        try await Self.withTwoDevices { scene in
            let outlook = try await scene.plane.whatIf(API.WhatIf(pools: ["gpus"]))
            let capacity = try #require(outlook.pools.first?.now)
            let pool = try await scene.plane.pool("gpus")
            #expect(capacity.free == pool.deviceCounts["free"])
            #expect(capacity.lendable == pool.devices.count)
        }
    }

    @Test func `the fix for a host that would be drained is not to open it`() async throws {
        try await Self.withTwoDevices { scene in
            let outlook = try await scene.plane.whatIf(
                API.WhatIf(
                    changes: [API.ScenarioChange(drain: "atlas")],
                    guest: API.GuestShape(requests: [API.RequestDraft(pool: "gpus")]), count: 1))
            let fixes = outlook.impacts.flatMap(\.fixes) + (outlook.room?.fixes ?? [])
            #expect(!fixes.flatMap(\.steps).contains { $0.change == "uncordon" })
        }
    }
}
