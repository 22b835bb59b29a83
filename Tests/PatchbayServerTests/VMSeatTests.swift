import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import PatchbayText
import Testing

@Suite struct `A VM that is tied to its host` {
    /// Two nodes with two cores of two threads each; the GPUs are on node 0.
    private static func inventory(_ name: String = "atlas", memoryMiB: Int = 8192) -> Inventory {
        var inventory = SampleHost.inventory(name)
        let cells = (0..<2).map { node in
            let cores = (0..<2).map { core in [node * 2 + core, 4 + node * 2 + core] }
            return NUMACell(
                node: NUMANode(node), cpus: cores.flatMap(\.self).sorted(), cores: cores, sockets: [node],
                memoryMiB: memoryMiB, distances: node == 0 ? [10, 21] : [21, 10])
        }
        inventory.survey = HostSurvey(platform: HostPlatform(numaCells: cells, cpu: CPULayout(threads: 8)))
        return inventory
    }

    private static func makeVM(_ scene: Scene, _ name: String, vcpus: Int, pin: PinPolicy) async throws {
        _ = try await scene.plane.createVM(
            API.VMDraft(name: name, host: "atlas", vcpus: vcpus, memoryMiB: 1024, disk: "/d.qcow2", pin: pin),
            dryRun: false)
        try await scene.agent.work()
    }

    private static func withPinnedHost(_ body: (Scene) async throws -> Void) async throws {
        try await Scene.with(ManualTime(), inventory(), guests: []) { scene in
            try await scene.makePool("gpus", ["41:00.0", "42:00.0"])
            _ = try await scene.plane.editHost("atlas", API.HostSettingsDraft(isPinned: true), dryRun: false)
            try await body(scene)
        }
    }

    @Test(.requirements("O33")) func `gets CPUs beside its device, and the plan ties it to them`() async throws {
        try await Self.withPinnedHost { scene in
            try await Self.makeVM(scene, "near", vcpus: 2, pin: .core)
            _ = try await scene.plane.attach(
                API.AttachRequest(pool: "gpus", numa: .required), to: "near", dryRun: false)
            _ = try await scene.plane.startVM("near", dryRun: false)
            let plans = try await scene.agent.work()
            let seats = plans.flatMap(\.steps).compactMap { step -> GuestSeat? in
                if case .seat("near", let seat, _) = step { seat } else { nil }
            }
            #expect(seats.map { $0.cells.map(\.node) } == [[NUMANode(0)]])
            let claim = try #require(try await scene.plane.claims(API.ClaimQuery()).first)
            #expect(claim.seat?.cells.map(\.node) == [0])
            #expect(claim.devices.count == 1)
            #expect(try await scene.plane.vm("near").state == .running)
        }
    }

    @Test func `has a claim without devices, so that nobody else gets its CPUs`() async throws {
        try await Self.withPinnedHost { scene in
            try await Self.makeVM(scene, "first", vcpus: 4, pin: .core)
            try await Self.makeVM(scene, "second", vcpus: 1, pin: .core)
            _ = try await scene.plane.startVM("first", dryRun: false)
            try await scene.agent.work()
            let claim = try #require(try await scene.plane.claims(API.ClaimQuery()).first)
            #expect(claim.devices.isEmpty)
            #expect(claim.seat != nil)
            let refusal = try await problem { _ = try await scene.plane.startVM("second", dryRun: false) }
            #expect(refusal.code == .noFit)
            #expect(refusal.evidence.first?.contains("whole cores left") == true, "\(refusal)")
            #expect(refusal.next.lines.last == "See more:  patchbay vm explain second")
            _ = try await scene.plane.stopVM("first", API.PowerRequest(), dryRun: false)
            try await scene.agent.work()
            #expect(try await scene.plane.claims(API.ClaimQuery()).isEmpty)
            _ = try await scene.plane.startVM("second", dryRun: false)
            try await scene.agent.work()
            #expect(try await scene.plane.vm("second").state == .running)
        }
    }

    @Test func `starts without what is optional, and is told so`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            for vm in ["one", "two"] {
                _ = try await scene.plane.attach(
                    API.AttachRequest(pool: "gpus", isOptional: true), to: vm, dryRun: false)
            }
            let first = try await scene.plane.startVM("one", dryRun: false)
            #expect(!first.findings.contains { $0.code == "optional-left-out" })
            try await scene.agent.work()
            let change = try await scene.plane.startVM("two", dryRun: false)
            #expect(change.findings.contains { $0.code == "optional-left-out" })
            try await scene.agent.work()
            #expect(try await scene.plane.vm("two").now.isEmpty)
        }
    }

    @Test func `is told what would help, when nothing fits`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            for vm in ["one", "two"] {
                _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: vm, dryRun: false)
            }
            _ = try await scene.plane.startVM("one", dryRun: false)
            let refusal = try await problem { _ = try await scene.plane.startVM("two", dryRun: false) }
            #expect(refusal.next.lines.contains { $0.contains("patchbay vm stop one") }, "\(refusal.next.lines)")
            #expect(refusal.next.lines.last == "See more:  patchbay vm explain two")
        }
    }

    @Test func `is made on the host that has room for it, where none is named`() async throws {
        try await Scene.with(ManualTime(), Self.inventory("small", memoryMiB: 2048), guests: []) { scene in
            let large = ScriptedAgent(scene.plane, Self.inventory("large"))
            try await large.report()
            let draft = API.VMDraft(name: "big", vcpus: 2, memoryMiB: 6144, disk: "/d.qcow2", cells: 1)
            let change = try await scene.plane.createVM(draft, dryRun: false)
            #expect(change.plans.map(\.host) == ["large"])
            let refusal = try await problem {
                _ = try await scene.plane.createVM(
                    API.VMDraft(name: "huge", vcpus: 2, memoryMiB: 65_536, disk: "/d.qcow2", cells: 1), dryRun: false)
            }
            #expect(refusal.code == .noFit)
            #expect(refusal.evidence.count == 2)
        }
    }
}
