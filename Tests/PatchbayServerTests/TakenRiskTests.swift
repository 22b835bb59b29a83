import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import PatchbayText
import Testing

/// The card that shows the host's picture: whoever needs no picture may lend it, and says so for each plan.
@Suite struct `A risk that is taken for a plan` {
    private static let picture = HostUse(
        .bootDisplay, .critical, chain: ["efifb", SampleHost.gpuWithAudio.description])
    private static let disk = HostUse(.mount, .critical, chain: ["/", "sdb", SampleHost.gpuWithAudio.description])

    private static func inventory() -> Inventory {
        var inventory = SampleHost.inventory()
        inventory.hostUses[SampleHost.gpuWithAudio] = [picture]
        return inventory
    }

    private static func allowing<Answer: Sendable>(
        _ code: String = "boot-display", _ body: () async throws -> Answer
    ) async throws -> Answer {
        let risk = try TakenRisk.said(allow: code, reason: "runs without a screen")
        return try await TakenRisk.$current.withValue(risk) { try await body() }
    }

    private static func handedOut(_ scene: Scene) async throws -> Plan? {
        for case .apply(let plan) in try await scene.plane.work(host: "atlas", waitSeconds: 0) { return plan }
        return nil
    }

    private static func preparing(_ body: (Scene, API.Plan) async throws -> Void) async throws {
        try await Scene.with(ManualTime(), inventory()) { scene in
            try await allowing { try await scene.makePool("cards", ["c1:00.0"]) }
            let change = try await allowing { try await scene.plane.prepareDevices(["c1:00.0"], dryRun: false) }
            try await body(scene, try #require(change.plans.first))
        }
    }

    @Test func `is named by the refusal, with how to take it`() async throws {
        try await Scene.with(ManualTime(), Self.inventory()) { scene in
            let refusal = try await problem { try await scene.makePool("cards", ["c1:00.0"]) }
            #expect(refusal.code == .bootDisplay)
            #expect(refusal.next.lines.contains { $0.contains("--allow boot-display --reason TEXT") })
        }
    }

    @Test func `is listed by the plan, which is stored and told with it`() async throws {
        try await Self.preparing { scene, plan in
            let stored = try await scene.plane.plan(plan.id)
            #expect(stored.allowed?.map(\.code) == ["boot-display"])
            #expect(stored.allowed?.first?.reason == "runs without a screen")
            #expect(stored.findings.contains { $0.code == "boot-display" })
            let told = try await scene.plane.events(limit: 10).map(\.sentence)
            #expect(told.contains { $0.contains("Allowed: boot-display, because: runs without a screen.") })
        }
    }

    @Test func `goes with the plan to the agent`() async throws {
        try await Self.preparing { scene, _ in
            let given = try #require(try await Self.handedOut(scene))
            #expect(given.allowed.map(\.code) == [.bootDisplay])
        }
    }

    @Test func `is asked for again when the plan is handed out, and no other goes with it`() async throws {
        try await Self.preparing { scene, plan in
            await scene.agent.change { $0.hostUses[SampleHost.gpuWithAudio] = [Self.picture, Self.disk] }
            try await scene.agent.report()
            #expect(try await Self.handedOut(scene) == nil)
            #expect(try await scene.plane.plan(plan.id).problem?.code == "host-critical")
        }
    }

    @Test func `lets a VM start with the card, and is asked for at each start`() async throws {
        try await Scene.with(ManualTime(), Self.inventory()) { scene in
            try await Self.allowing { try await scene.makePool("cards", ["c1:00.0"]) }
            _ = try await scene.plane.attach(API.AttachRequest(pool: "cards"), to: "one", dryRun: false)
            let refusal = try await problem { _ = try await scene.plane.startVM("one", dryRun: false) }
            #expect(refusal.code == .bootDisplay)
            let plan = try await Self.allowing { try await scene.plane.startVM("one", dryRun: false) }.plans[0]
            #expect(plan.allowed?.map(\.code) == ["boot-display"])
            try await scene.agent.work()
            #expect(try await scene.state(of: "c1:00.0") == .attached)
            let again = try await problem {
                _ = try await scene.plane.restartVM("one", API.PowerRequest(force: true), dryRun: false)
            }
            #expect(again.code == .bootDisplay)
            _ = try await Self.allowing {
                try await scene.plane.restartVM("one", API.PowerRequest(force: true), dryRun: false)
            }
            try await scene.agent.work()
            #expect(try await scene.plane.vm("one").state == .running)
        }
    }

    @Test func `stands beside another for the same start, each by its name`() async throws {
        let disk = SampleHost.address("51:00.0")
        var inventory = Self.inventory()
        let at = inventory.functions.firstIndex { $0.address > disk } ?? inventory.functions.endIndex
        inventory.functions.insert(
            SampleHost.function(disk, 0x144d, 0xa808, 0x010802, group: 51, driver: "nvme", "NVMe disk"), at: at)
        inventory.groups.append(IOMMUGroup(id: IOMMUGroupID(51), members: [disk]))
        inventory.hostUses[disk] = [HostUse(.storedData, .dataAtRisk, chain: ["ext4", "nvme0n1", disk.description])]
        try await Scene.with(ManualTime(), inventory) { scene in
            try await Self.allowing { try await scene.makePool("cards", ["c1:00.0"]) }
            try await Self.allowing("data-at-risk") { try await scene.makePool("disks", ["51:00.0"]) }
            for pool in ["cards", "disks"] {
                _ = try await scene.plane.attach(API.AttachRequest(pool: pool), to: "one", dryRun: false)
            }
            for (allow, missing) in [("boot-display", ProblemCode.dataAtRisk), ("data-at-risk", .bootDisplay)] {
                let refusal = try await problem {
                    try await Self.allowing(allow) { _ = try await scene.plane.startVM("one", dryRun: false) }
                }
                #expect(refusal.code == missing)
                #expect(refusal.next.lines.contains { $0.contains("--allow \(missing.rawValue) --reason TEXT") })
            }
            let plan = try await Self.allowing("boot-display,data-at-risk") {
                try await scene.plane.startVM("one", dryRun: false)
            }.plans[0]
            #expect(Set(plan.allowed?.map(\.code) ?? []) == ["boot-display", "data-at-risk"])
            try await scene.agent.work()
            #expect(try await scene.state(of: "c1:00.0") == .attached)
            #expect(try await scene.state(of: "51:00.0") == .attached)
        }
    }

    @Test func `is not taken where the plan does not meet it`() async throws {
        try await Scene.with(ManualTime(), Self.inventory()) { scene in
            try await scene.makePool()
            let plan = try await Self.allowing("host-lost") {
                try await scene.plane.prepareDevices(["41:00.0"], dryRun: false)
            }.plans[0]
            #expect(plan.allowed == nil)
        }
    }

    @Test func `is never taken for a device that only shares a group with the card`() async throws {
        try await Scene.with(ManualTime(), Self.inventory()) { scene in
            let refusal = try await problem {
                try await Self.allowing { try await scene.makePool("sound", ["c1:00.1"]) }
            }
            #expect(refusal.code == .groupNotIsolated)
        }
    }

    @Test(arguments: [SampleHost.disk, SampleHost.usb]) func `is never the host's disk, nor a device beside it`(
        _ address: PCIAddress
    ) async throws {
        try await Scene.with(ManualTime(), Self.inventory()) { scene in
            let refusal = try await problem {
                try await Self.allowing("host-lost") { try await scene.makePool("cards", [address.short]) }
            }
            #expect([.hostCritical, .groupNotIsolated].contains(refusal.code))
            #expect(!refusal.next.lines.contains { $0.contains("--allow") })
        }
    }
}
