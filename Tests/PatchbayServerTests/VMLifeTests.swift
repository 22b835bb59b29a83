import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import PatchbayText
import Testing

@Suite struct `The life of a VM with devices` {
    @Test(.requirements("V31", "V32", "V39", "P35", "P37"), arguments: StoreKind.allCases)
    func `draws a device at its start and gives it back at its stop`(_ kind: StoreKind) async throws {
        try await Scene.with(kind) { scene in
            try await scene.makePool()
            let attach = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            #expect(attach.findings.contains { $0.code == "guest-driver" })
            #expect(try await scene.state(of: "41:00.0") == .free)

            let start = try await scene.plane.startVM("one", dryRun: false)
            #expect(start.plans.first?.phase == "queued")
            #expect(try await scene.state(of: "41:00.0") == .allocated)
            try await scene.agent.work()
            var device = try await scene.plane.device("41:00.0")
            #expect(device.state == .attached)
            #expect(device.vm == "one")
            #expect(device.binding?.originalDriver == "nvidia")
            let vm = try await scene.plane.vm("one")
            #expect(vm.now.map(\.device) == ["atlas/0000:41:00.0"])
            #expect(vm.now.first?.pool == "gpus")
            #expect(!vm.isRestartPending)

            _ = try await scene.plane.stopVM("one", API.PowerRequest(), dryRun: false)
            #expect(try await scene.store.get("allocations/atlas/0000:41:00.0") != nil)
            try await scene.agent.work()
            device = try await scene.plane.device("41:00.0")
            #expect(device.state == .free)
            #expect(device.driver == "nvidia")
            #expect(device.binding == nil)
            for prefix in ["allocations/", "claims/", "bindings/", "turns/"] {
                #expect(try await scene.store.list(prefix).values.isEmpty, "\(prefix)")
            }
        }
    }

    @Test(.requirements("V16", "V17")) func `allocates the whole group, or nothing`() async throws {
        try await Scene.with { scene in
            try await scene.makePool("cards", ["c1:00.0"])
            _ = try await scene.plane.attach(API.AttachRequest(pool: "cards"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            let keys = try await scene.store.list("allocations/").values.map(\.key)
            #expect(keys == ["allocations/atlas/0000:c1:00.0", "allocations/atlas/0000:c1:00.1"])
            try await scene.agent.work()
            #expect(try await scene.plane.vm("one").now.map(\.isCompanion) == [false, true])
        }
    }

    @Test(.requirements("P35", "P36")) func `waits for a restart when what it asks for changes`() async throws {
        try await Scene.with { scene in
            try await scene.makePool("gpus", ["41:00.0", "42:00.0"])
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            let attach = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            #expect(attach.findings.contains { $0.code == "restart-pending" })
            let vm = try await scene.plane.vm("one")
            #expect(vm.isRestartPending)
            #expect(vm.restartCommand == "patchbay vm restart one")

            _ = try await scene.plane.restartVM("one", API.PowerRequest(), dryRun: false)
            let plans = try await scene.agent.work()
            #expect(plans.count == 2)
            let after = try await scene.plane.vm("one")
            #expect(after.state == .running)
            #expect(after.now.map(\.device) == ["atlas/0000:41:00.0"])
            #expect(!after.isRestartPending)
        }
    }

    @Test func `gives its devices back when the guest powers off by itself`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            await scene.agent.power("one", .shutOff)
            try await scene.agent.report()
            let plans = try await scene.agent.work()
            #expect(plans.count == 1)
            #expect(try await scene.state(of: "41:00.0") == .free)
            #expect(try await scene.plane.device("41:00.0").driver == "nvidia")
        }
    }

    @Test func `keeps its devices while it has crashed and is kept, until it is ended`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            await scene.agent.power("one", .crashed)
            try await scene.agent.report()
            #expect(try await scene.agent.work().isEmpty)
            #expect(try await scene.state(of: "41:00.0") == .attached)
            let refused = try await problem { _ = try await scene.plane.startVM("one", dryRun: false) }
            #expect(refused.code == .wrongState && refused.detail.contains("has crashed"))
            _ = try await scene.plane.stopVM("one", API.PowerRequest(force: true), dryRun: false)
            try await scene.agent.work()
            #expect(try await scene.state(of: "41:00.0") == .free)
            #expect(try await scene.plane.vm("one").state == .shutOff)
        }
    }

    @Test(.requirements("N77")) func `keeps its hold on a device that vanished`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            let before = try await scene.plane.device("41:00.0")
            await scene.agent.forget(SampleHost.gpuA)
            try await scene.agent.report()
            let device = try await scene.plane.device("41:00.0")
            #expect(device.state == .missing && device.verdict == .unknown)
            #expect(device.vm == "one" && device.name == before.name && device.vendorID == before.vendorID)
        }
    }

    @Test func `gives a device back with the override it had`() async throws {
        try await Scene.with { scene in
            await scene.agent.setOverride(SampleHost.gpuA, "nvidia")
            try await scene.agent.report()
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            #expect(try await scene.plane.device("41:00.0").driverOverride == "vfio-pci")
            _ = try await scene.plane.stopVM("one", API.PowerRequest(), dryRun: false)
            try await scene.agent.work()
            #expect(try await scene.plane.device("41:00.0").driverOverride == "nvidia")
        }
    }

    @Test func `holds nothing any more when the host was rebooted`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            await scene.agent.reboot()
            try await scene.agent.report()
            try await scene.agent.work()
            #expect(try await scene.plane.device("41:00.0").binding == nil)
            #expect(try await scene.state(of: "41:00.0") == .free)
            #expect(try await scene.store.list("allocations/").values.isEmpty)
        }
    }

    @Test func `is left as it was by a stop that was rolled back`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            _ = try await scene.plane.restartVM("one", API.PowerRequest(), dryRun: false)
            try await scene.agent.work(.rolledBack)
            #expect(try await scene.state(of: "41:00.0") == .attached)
            #expect(try await scene.plane.device("41:00.0").binding?.originalDriver == "nvidia")
        }
    }

    @Test func `holds nothing after a start that was rolled back`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            let start = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work(.rolledBack)
            #expect(try await scene.state(of: "41:00.0") == .free)
            for prefix in ["allocations/", "claims/", "bindings/", "turns/"] {
                #expect(try await scene.store.list(prefix).values.isEmpty, "\(prefix)")
            }
            let plan = try await scene.plane.plan(try #require(start.plans.first?.id))
            #expect(plan.phase == "rolled-back")
            #expect(plan.problem?.code == "kernel-refused")
        }
    }

    @Test func `keeps its devices from others while a start is stuck, until it is stopped`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work(.stuck)
            #expect(try await scene.plane.status().findings.contains { $0.code == "plan-stuck" })
            #expect(try await scene.store.list("allocations/").values.count == 1)
            _ = try await scene.plane.stopVM("one", API.PowerRequest(), dryRun: false)
            try await scene.agent.work()
            #expect(try await scene.store.list("allocations/").values.isEmpty)
            #expect(try await scene.plane.device("41:00.0").driver == "nvidia")
        }
    }

    @Test func `is stopped when its start is undone`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            let start = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            _ = try await scene.plane.undoPlan(try #require(start.plans.first?.id), dryRun: false)
            try await scene.agent.work()
            #expect(try await scene.plane.vm("one").state == .shutOff)
            #expect(try await scene.store.list("allocations/").values.isEmpty)
            #expect(try await scene.store.list("claims/").values.isEmpty)
        }
    }

    @Test func `has one plan at a time`() async throws {
        try await Scene.with { scene in
            _ = try await scene.plane.startVM("one", dryRun: false)
            let second = try await problem { _ = try await scene.plane.startVM("one", dryRun: false) }
            #expect(second.code == .busy)
            #expect(second.next.lines.contains { $0.contains("patchbay plan wait p-") })
        }
    }

    @Test(.requirements("V27")) func `cannot ask for a device that is in no pool`() async throws {
        try await Scene.with { scene in
            let refusal = try await problem {
                _ = try await scene.plane.attach(API.AttachRequest(device: "41:00.0"), to: "one", dryRun: false)
            }
            #expect(refusal.code == .notInPool)
        }
    }

    @Test(.requirements("O36")) func `can ask for one device by its short address`() async throws {
        try await Scene.with { scene in
            try await scene.makePool("gpus", ["41:00.0", "42:00.0"])
            _ = try await scene.plane.attach(API.AttachRequest(device: "42:00.0"), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            #expect(try await scene.plane.vm("one").now.map(\.device) == ["atlas/0000:42:00.0"])
        }
    }

    @Test(.requirements("P29", "P32", "P33", "P34")) func `has requests that are named by themselves`() async throws {
        try await Scene.with { scene in
            try await scene.makePool("gpus", ["41:00.0", "42:00.0"])
            for _ in 0..<2 {
                _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            }
            _ = try await scene.plane.attach(
                API.AttachRequest(pool: "gpus", count: 2, name: "more"), to: "two", dryRun: false)
            #expect(try await scene.plane.vm("one").requests.map(\.name) == ["gpus-1", "gpus-2"])
            #expect(try await scene.plane.vm("two").requests.map(\.count) == [2])
        }
    }

    @Test func `is defined, deleted, and adopted without a record`() async throws {
        try await Scene.with(guests: ["old"]) { scene in
            _ = try await scene.plane.createVM(
                API.VMDraft(name: "new", disk: "/var/lib/new.qcow2"), dryRun: false)
            try await scene.agent.work()
            #expect(try await scene.plane.vms().map { "\($0.name) \($0.origin)" } == ["new managed", "old adopted"])
            #expect(try await scene.store.list("vms/").values.map(\.key) == ["vms/new"])
            _ = try await scene.plane.deleteVM("new", dryRun: false)
            try await scene.agent.work()
            #expect(try await scene.plane.vms().map(\.name) == ["old"])
        }
    }

    @Test func `is as it was when its removal is undone`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            var draft = API.VMDraft(name: "new", disk: "/var/lib/new.qcow2")
            draft.requests = [API.RequestDraft(pool: "gpus")]
            _ = try await scene.plane.createVM(draft, dryRun: false)
            try await scene.agent.work()
            let before = try await scene.plane.vm("new").requests
            let delete = try await scene.plane.deleteVM("new", dryRun: false)
            try await scene.agent.work()
            _ = try await scene.plane.undoPlan(try #require(delete.plans.first?.id), dryRun: false)
            try await scene.agent.work()
            let vm = try await scene.plane.vm("new")
            #expect(vm.requests == before)
        }
    }

    @Test func `has plans that are called undoable only when they can be undone now`() async throws {
        try await Scene.with { scene in
            let start = try await scene.plane.startVM("one", dryRun: false)
            let id = try #require(start.plans.first?.id)
            #expect(try await !scene.plane.plan(id).canBeUndone)
            try await scene.agent.work(.rolledBack)
            #expect(try await !scene.plane.plan(id).canBeUndone)
            let again = try #require(try await scene.plane.startVM("one", dryRun: false).plans.first?.id)
            try await scene.agent.work()
            #expect(try await scene.plane.plan(again).canBeUndone)
            _ = try await scene.plane.stopVM("one", API.PowerRequest(), dryRun: false)
            try await scene.agent.work()
            #expect(try await !scene.plane.plan(again).canBeUndone)
        }
    }

    @Test func `says when nobody is there to carry a plan out`() async throws {
        try await StoreKind.memory.withStore { store in
            let first = ControlPlane.forTest(store)
            try await ScriptedAgent(first, domains: [SampleHost.domain("one")]).report()
            let second = ControlPlane.forTest(store, prefix: "u")
            let change = try await second.startVM("one", dryRun: false)
            #expect(change.findings.contains { $0.code == "agent-offline" })
        }
    }
}
