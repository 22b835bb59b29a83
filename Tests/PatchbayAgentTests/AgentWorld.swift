import Logging
import PatchbayAPI
import PatchbayAgent
import PatchbayCore
import PatchbayHost
import PatchbayLab
import PatchbayTesting

/// A simulated host with a root disk, a two-function GPU, a card of its own group, a driverless card and two VMs.
struct AgentWorld {
    static let disk = try! PCIAddress("01:00.0")
    static let gpu = try! PCIAddress("41:00.0")
    static let audio = try! PCIAddress("41:00.1")
    static let card = try! PCIAddress("42:00.0")
    static let bare = try! PCIAddress("43:00.0")
    static let bridge = try! PCIAddress("40:01.0")
    static let vm = "trainer-01"
    static let spec = GuestSpec(
        name: vm, vcpus: 4, memoryMiB: 2048, boot: .disk(path: "/images/a.qcow2", format: "qcow2"))

    let kernel: SimulatedKernel
    let hypervisor: SimulatedHypervisor
    let journal: any Journal

    init(journal: any Journal = MemoryJournal(), inventory: Inventory = Self.inventory) {
        kernel = SimulatedKernel(inventory)
        hypervisor = SimulatedHypervisor(kernel: kernel, consoleScripts: [Self.vm: Array("login: ".utf8)])
        self.journal = journal
    }

    static let inventory = Inventory(
        host: HostFacts(name: "atlas"),
        readiness: Readiness(iommu: .active, vfioLoaded: false, vfioAvailable: true),
        functions: [
            function(disk, 0x144d, 0xa80a, class: 0x010802, driver: "nvme", group: 1),
            function(bridge, 0x8086, 0x1901, class: 0x060400, driver: "pcieport", group: 10, header: 1),
            function(gpu, 0x10de, 0x20b5, class: 0x030200, driver: "nvidia", group: 10),
            function(audio, 0x10de, 0x1aef, class: 0x040300, driver: "snd_hda_intel", group: 10),
            function(card, 0x8086, 0x1521, class: 0x020000, driver: "igb", group: 11),
            function(bare, 0x1d1d, 0x1f1f, class: 0x120000, driver: nil, group: 12),
        ],
        groups: [
            IOMMUGroup(id: IOMMUGroupID(1), members: [disk]),
            IOMMUGroup(id: IOMMUGroupID(10), members: [bridge, gpu, audio]),
            IOMMUGroup(id: IOMMUGroupID(11), members: [card]), IOMMUGroup(id: IOMMUGroupID(12), members: [bare]),
        ],
        hostUses: [disk.key: [HostUse(.mount, .critical, chain: ["/", "nvme0n1p2", "nvme0n1", "0000:01:00.0"])]])

    private static func function(
        _ address: PCIAddress, _ vendor: UInt16, _ device: UInt16, class code: UInt32, driver: String?, group: Int,
        header: UInt8 = 0
    ) -> PCIFunction {
        PCIFunction(
            address: address, id: PCIID(vendor: vendor, device: device), deviceClass: PCIClass(code), driver: driver,
            iommuGroup: IOMMUGroupID(group), headerType: header)
    }

    /// Everything that a plan may change. Loading a module is never taken back, so it does not count.
    struct Snapshot: Equatable {
        var inventory: Inventory
        var domains: [Domain]
    }

    func snapshot() async throws -> Snapshot {
        var inventory = try await kernel.inventory()
        inventory.readiness.vfioLoaded = true
        return Snapshot(inventory: inventory, domains: try await hypervisor.domains())
    }

    /// An applier on this host; with a switch it dies when that is cut.
    func applier(
        power: PowerSwitch? = nil, underWay: PlansUnderWay = PlansUnderWay(),
        listener: @escaping Applier.Listener = { _ in }
    ) -> Applier {
        let kernel: any Kernel = power.map { MortalKernel(self.kernel, $0) } ?? self.kernel
        let hypervisor: any Hypervisor = power.map { MortalHypervisor(self.hypervisor, $0) } ?? self.hypervisor
        let journal: any Journal = power.map { MortalJournal(self.journal, $0) } ?? self.journal
        let check = WriteCheck(kernel, hypervisor)
        return Applier(
            runner: StepRunner(kernel: kernel, hypervisor: hypervisor, clock: SteppingClock()), journal: journal,
            clock: SteppingClock(), logger: Self.silent, underWay: underWay, recheck: { await check($0, $1) },
            listener: listener)
    }

    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    /// Puts the host into the state a plan fixture starts from, without a plan.
    func hand(_ addresses: [PCIAddress]) async throws {
        try await kernel.loadModule("vfio-pci")
        for address in addresses { await kernel.set(address, driver: "vfio-pci", override: "vfio-pci") }
    }
}
