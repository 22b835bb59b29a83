import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Disks that a VM has written` {
    private static let unit = SampleHost.unit(SampleHost.idle)
    private static let data = HostUse(.storedData, .dataAtRisk, chain: ["ext4", "sdb1", "sdb", "0000:b0:00.0"])

    /// The idle card is a disk controller here, with a guest's data on it.
    private func planner(of vm: String) throws -> Planner {
        var inventory = SampleHost.inventory()
        let index = try #require(inventory.index(of: SampleHost.idle))
        inventory.functions[index].deviceClass = PCIClass(0x010802)
        inventory.functions[index].topologyPath = "pci0000:b0/00.0"
        inventory.hostUses[SampleHost.idle] = [Self.data]
        var usage = Usage(domains: ["web", "db"].map { Domain(name: $0, uuid: $0, state: .shutOff) })
        usage.written = [vm: [try #require(inventory.identity(of: SampleHost.idle.key))]]
        return Planner(inventory: inventory, usage: usage)
    }

    private func start(_ vm: String) -> Change { .start(vm: vm, claim: nil, units: [Self.unit]) }

    @Test func `are lent to it again without asking, and to nobody else`() throws {
        let planner = try planner(of: "web")
        let plan = try planner.plan(start("web"), id: "p-1")
        #expect(plan.allowed.isEmpty && plan.overwritable == [SampleHost.idle.key])
        for step in plan.steps { try planner.requireMayPerform(step, of: plan) }
        let refusal = try #require(throws: Problem.self) { try planner.plan(start("db"), id: "p-2") }
        #expect(refusal.code == .dataAtRisk)
        let prepare = try #require(throws: Problem.self) { try planner.plan(.prepare([Self.unit]), id: "p-3") }
        #expect(prepare.code == .dataAtRisk)
        let view = HostView(inventory: planner.inventory, usage: planner.usage)
        #expect(view.state(of: SampleHost.idle.key).reason.hasSuffix("VM web had it last and can get it again."))
    }

    @Test(arguments: [UInt32(0x010400), 0x010601, 0x010700, 0x0c0330, 0x080501])
    func `are not those behind a controller, where another may have been plugged in`(_ code: UInt32) throws {
        var planner = try planner(of: "web")
        let index = try #require(planner.inventory.index(of: SampleHost.idle))
        planner.inventory.functions[index].deviceClass = PCIClass(code)
        #expect(planner.inventory.functions[index].carriesDisks)
        let refusal = try #require(throws: Problem.self) { try planner.plan(start("web"), id: "p-1") }
        #expect(refusal.code == .dataAtRisk)
    }

    @Test func `are other disks where place, model or serial differ`() throws {
        let planner = try planner(of: "web")
        let disk = try #require(planner.inventory[SampleHost.idle])
        var identity = planner.inventory.identity(of: disk)
        func isSame(_ one: PCIIdentity, _ other: PCIIdentity) -> Bool {
            DeviceIdentity.pci(one).isSameDisk(as: .pci(other))
        }
        #expect(isSame(identity, identity))
        identity.topologyPath = "pci0000:b0/01.0"
        #expect(!isSame(identity, planner.inventory.identity(of: disk)))
        var (one, other) = (identity, identity)
        one.serials = [DeviceSerial(.nvme, "S1XYZ77")]
        other.serials = [DeviceSerial(.nvme, "S2XYZ88")]
        #expect(!isSame(one, other))
        other.serials = one.serials
        #expect(isSame(one, other))
    }

    @Test func `may hold a partition that firmware could start from, which the guest put there`() throws {
        var planner = try planner(of: "web")
        let entry = HostUse(.bootPartition, .inUse, chain: ["boot entry 0004", "sdb1", "sdb", "0000:b0:00.0"])
        planner.inventory.hostUses[SampleHost.idle]?.append(entry)
        let plan = try planner.plan(start("web"), id: "p-1")
        for step in plan.steps { try planner.requireMayPerform(step, of: plan) }
        #expect(!entry.isStorageInUse)
        let refusal = try #require(throws: Problem.self) { try planner.plan(start("db"), id: "p-2") }
        #expect(refusal.code == .inUse)
    }

    @Test func `do not make the host's own use of them less`() throws {
        var planner = try planner(of: "web")
        planner.inventory.hostUses[SampleHost.idle]?.append(
            HostUse(.mount, .inUse, chain: ["/mnt", "sdb1", "sdb", "0000:b0:00.0"]))
        let refusal = try #require(throws: Problem.self) { try planner.plan(start("web"), id: "p-1") }
        #expect(refusal.code == .inUse)
        #expect(planner.inventory.hostUses[SampleHost.idle]?.map(\.isStorageInUse) == [false, true])
        #expect(HostUse(.volume, .inUse, chain: ["Ceph OSD", "sdb"]).isStorageInUse)
        #expect(!HostUse(.volume, .inUse, chain: ["dm-3", "sdb1", "sdb"]).isStorageInUse, "the guest's own volumes")
    }

    @Test func `may be taken again by a plan that gives them back and fails`() throws {
        var planner = try planner(of: "web")
        planner.usage.bindings[SampleHost.idle.key] = Binding(kept: .pci(driver: nil, override: nil), plan: "p-0")
        let plan = try planner.plan(.release([Self.unit]), id: "p-1")
        #expect(plan.overwritable == [SampleHost.idle.key])
    }
}
