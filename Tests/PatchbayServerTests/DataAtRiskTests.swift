import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import PatchbayText
import Testing

/// A disk in a pool: what lies on it is lost only where somebody gives it up, or where the guest wrote it itself.
@Suite struct `Data on a disk in a pool` {
    private static let disk = SampleHost.address("51:00.0")
    private static let data = HostUse(
        .storedData, .dataAtRisk, chain: ["ext4", "nvme0n1p1", "nvme0n1", disk.description])

    private static func inventory() -> Inventory {
        var inventory = SampleHost.inventory()
        let at = inventory.functions.firstIndex { $0.address > disk } ?? inventory.functions.endIndex
        inventory.functions.insert(
            SampleHost.function(disk, 0x144d, 0xa808, 0x010802, group: 51, driver: "nvme", "NVMe disk"), at: at)
        inventory.groups.append(IOMMUGroup(id: IOMMUGroupID(51), members: [disk]))
        inventory.hostUses[disk] = [data]
        return inventory
    }

    private static func allowing<Answer: Sendable>(_ body: () async throws -> Answer) async throws -> Answer {
        let risk = try TakenRisk.said(allow: "data-at-risk", reason: "an old disk")
        return try await TakenRisk.$current.withValue(risk) { try await body() }
    }

    /// The disk in a pool that both VMs ask for.
    private static func lending(_ body: (Scene) async throws -> Void) async throws {
        try await Scene.with(ManualTime(), inventory()) { scene in
            try await allowing { try await scene.makePool("disks", ["51:00.0"]) }
            for vm in ["one", "two"] {
                _ = try await scene.plane.attach(API.AttachRequest(pool: "disks"), to: vm, dryRun: false)
            }
            try await body(scene)
        }
    }

    private static func start(_ vm: String, _ scene: Scene) async throws -> API.Plan {
        let plan = try await scene.plane.startVM(vm, dryRun: false).plans[0]
        try await scene.agent.work()
        return plan
    }

    /// The guest has written a partition table, which the host sees once it has the disk again.
    private static func stop(_ vm: String, _ scene: Scene) async throws {
        _ = try await scene.plane.stopVM(vm, API.PowerRequest(force: true), dryRun: false)
        try await scene.agent.work()
        try await see([data], scene)
    }

    private static func see(_ uses: [HostUse], _ scene: Scene) async throws {
        await scene.agent.change { $0.hostUses[disk] = uses }
        try await scene.agent.report()
    }

    @Test(.requirements("E11")) func `is refused by name, and given up where somebody says so`() async throws {
        try await Scene.with(ManualTime(), Self.inventory()) { scene in
            let device = try await scene.plane.device("51:00.0")
            #expect(device.state == .blocked && device.verdict == .dataAtRisk)
            #expect(device.reason.hasPrefix("Data at risk"))
            let refusal = try await problem { try await scene.makePool("disks", ["51:00.0"]) }
            #expect(refusal.code == .dataAtRisk)
            #expect(refusal.next.lines.contains { $0.contains("--allow data-at-risk --reason TEXT") })
            #expect(refusal.next.lines.contains { $0.hasSuffix("then wipe the disk:  sudo wipefs -a /dev/nvme0n1") })
        }
        try await Self.lending { scene in
            let refusal = try await problem { _ = try await scene.plane.startVM("one", dryRun: false) }
            #expect(refusal.code == .dataAtRisk)
            let plan = try await Self.allowing { try await Self.start("one", scene) }
            #expect(plan.allowed?.map(\.code) == ["data-at-risk"])
            #expect(plan.findings.contains { $0.sentence.contains(Self.data.sentence) })
            #expect(try await scene.state(of: "51:00.0") == .attached)
        }
    }

    @Test func `is no risk to the VM that wrote it, and one to every other`() async throws {
        try await Self.lending { scene in
            _ = try await Self.allowing { try await Self.start("one", scene) }
            try await Self.stop("one", scene)
            let device = try await scene.plane.device("51:00.0")
            #expect(device.state == .blocked && device.reason.contains("VM one had it last"))
            #expect(try await Self.start("one", scene).allowed == nil)
            #expect(try await scene.state(of: "51:00.0") == .attached)
            try await Self.stop("one", scene)
            let refusal = try await problem { _ = try await scene.plane.startVM("two", dryRun: false) }
            #expect(refusal.code == .dataAtRisk)
            _ = try await Self.allowing { try await Self.start("two", scene) }
            try await Self.stop("two", scene)
            let late = try await problem { _ = try await scene.plane.startVM("one", dryRun: false) }
            #expect(late.code == .dataAtRisk, "what lies there is of the other one now")
        }
    }

    @Test func `is of the VM that gives the disk back, also where an earlier version started it`() async throws {
        try await Self.lending { scene in
            _ = try await Self.allowing { try await Self.start("one", scene) }
            let bytes = try #require(try await scene.store.get("vms/one")?.value)
            var json = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
            var vm = try #require(json["value"] as? [String: Any])
            #expect(vm.removeValue(forKey: "written") != nil)
            json["value"] = vm
            let earlier = try JSONSerialization.data(withJSONObject: json)
            try await scene.spoil("vms/one", String(decoding: earlier, as: UTF8.self))
            let plane = scene.restarted()
            let agent = ScriptedAgent(plane, await scene.agent.inventory, domains: await scene.agent.domains)
            try await agent.report()
            let later = Scene(store: scene.store, plane: plane, agent: agent)
            try await Self.stop("one", later)
            #expect(try await Self.start("one", later).allowed == nil)
        }
    }

    @Test func `is given up in no plan for an agent that does not know of it`() async throws {
        try await Self.lending { scene in
            let earlier = AgentProtocol.Report(
                inventory: await scene.agent.inventory, domains: await scene.agent.domains, agentVersion: "test",
                allowances: nil)
            try await scene.plane.report(earlier, host: "atlas")
            let start = try await Self.allowing { try await scene.plane.startVM("one", dryRun: false).plans[0] }
            for case .apply(let plan) in try await scene.plane.work(host: "atlas", waitSeconds: 0) {
                Issue.record("\(plan.id) is handed out")
            }
            let over = try await scene.plane.plan(start.id)
            #expect(over.problem?.code == "wrong-state")
            #expect(over.problem?.next.contains { $0.contains("patchbay plan retry \(start.id)") } == true)
        }
    }

    @Test func `is the host's again once the host has used the disk`() async throws {
        try await Self.lending { scene in
            _ = try await Self.allowing { try await Self.start("one", scene) }
            try await Self.stop("one", scene)
            try await Self.see([HostUse(.mount, .inUse, chain: ["/mnt", "nvme0n1", Self.disk.description])], scene)
            try await Self.see([Self.data], scene)
            let refusal = try await problem { _ = try await scene.plane.startVM("one", dryRun: false) }
            #expect(refusal.code == .dataAtRisk)
        }
    }

    @Test func `is not touched while a blank disk would do`() async throws {
        var inventory = Self.inventory()
        let blank = SampleHost.address("52:00.0")
        let at = inventory.functions.firstIndex { $0.address > blank } ?? inventory.functions.endIndex
        inventory.functions.insert(
            SampleHost.function(blank, 0x144d, 0xa808, 0x010802, group: 52, driver: "nvme", "NVMe disk"), at: at)
        inventory.groups.append(IOMMUGroup(id: IOMMUGroupID(52), members: [blank]))
        try await Scene.with(ManualTime(), inventory) { scene in
            try await Self.allowing { try await scene.makePool("disks", ["51:00.0", "52:00.0"]) }
            _ = try await scene.plane.attach(API.AttachRequest(pool: "disks"), to: "one", dryRun: false)
            let plan = try await Self.allowing { try await Self.start("one", scene) }
            #expect(plan.allowed == nil)
            #expect(try await scene.state(of: "52:00.0") == .attached)
            #expect(try await scene.state(of: "51:00.0") == .blocked)
        }
    }
}
