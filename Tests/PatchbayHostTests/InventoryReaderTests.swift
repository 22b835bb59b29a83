import Foundation
import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `Inventory reader` {
    @Test(.requirements("V24", "N26")) func `reads everything a function says`() throws {
        let tree = try SampleTree()
        try tree.file("sys/devices/system/node/node0/cpulist", "0-3\n")
        try tree.file("sys/devices/system/node/node1/cpulist", "4-7\n")
        let directory = try tree.function(
            "0000:41:00.0", below: "pci0000:40/0000:40:01.0", driver: "nvidia", group: 0, node: 1)
        try tree.file("\(directory)/reset_method", "flr bus\n")
        try tree.file("\(directory)/boot_vga", "1\n")
        try tree.file("\(directory)/driver_override", "vfio-pci\n")
        try tree.file(
            "\(directory)/resource",
            "0x00000000f0000000 0x00000000f0ffffff 0x0000000000040200\n"
                + "0x0000004000000000 0x0000004fffffffff 0x000000000014220c\n"
                + "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
                + "0x000000000000e000 0x000000000000e07f 0x0000000000040101\n")
        let inventory = try tree.read().inventory
        let function = try #require(inventory.functions.first)
        #expect(function.id == PCIID(vendor: 0x10de, device: 0x20b5))
        #expect(function.subsystem == nil)
        #expect(function.deviceClass == PCIClass(0x030200))
        #expect(function.revision == 0xa1)
        #expect(function.driver == "nvidia")
        #expect(function.driverOverride == "vfio-pci")
        #expect(function.iommuGroup == IOMMUGroupID(0))
        #expect(function.numaNode == NUMANode(1))
        #expect(function.role == .plain)
        #expect(function.headerType == 0)
        #expect(function.isBootDisplay == true)
        #expect(function.resetMethods == ["flr", "bus"])
        #expect(function.topologyPath == "pci0000:40/01.0/00.0")
        #expect(
            function.bars == [
                BAR(index: 0, start: 0xf000_0000, size: 0x100_0000, kind: .memory32, isPrefetchable: false),
                BAR(index: 1, start: 0x40_0000_0000, size: 0x10_0000_0000, kind: .memory64, isPrefetchable: true),
                BAR(index: 3, start: 0xe000, size: 0x80, kind: .io, isPrefetchable: false),
            ])
        #expect(inventory.groups == [IOMMUGroup(id: IOMMUGroupID(0), members: [function.address], domainType: "DMA")])
        #expect(inventory.host.numaNodes == [NUMANode(0), NUMANode(1)])
        #expect(inventory.host.cpuCount == 8)
    }

    @Test func `absent attributes are nil, and so are the kernel's words for none`() throws {
        let tree = try SampleTree()
        try tree.file("sys/bus/pci/devices/0000:00:03.0/vendor", "0x8086\n")
        try tree.file("sys/bus/pci/devices/0000:00:03.0/device", "0x100e\n")
        try tree.file("sys/bus/pci/devices/0000:00:03.0/class", "0x020000\n")
        try tree.function("0000:00:04.0")
        let functions = try tree.read().inventory.functions
        let bare = functions[0]
        #expect(bare.id.description == "8086:100e")
        #expect(bare.headerType == nil && bare.revision == nil && bare.numaNode == nil && bare.iommuGroup == nil)
        #expect(bare.driver == nil && bare.driverOverride == nil && bare.resetMethods == nil)
        #expect(bare.isBootDisplay == nil && bare.bars.isEmpty && bare.topologyPath.isEmpty)
        #expect(functions[1].driverOverride == nil, "(null) is no override")
        #expect(functions[1].numaNode == nil, "-1 is no node")
    }

    @Test(.requirements("N10")) func `takes the address from the directory's name, however wide the domain`() throws {
        let tree = try SampleTree()
        try tree.function("0000:6f:00.5", id: "8086:28c0", deviceClass: "010400", driver: "vmd")
        let directory = try tree.function(
            "10001:81:00.0", below: "pci0000:6a/0000:6f:00.5/pci10001:80/10001:80:07.0", deviceClass: "010802")
        try tree.file("\(directory)/uevent", "PCI_SLOT_NAME=0001:81:00.0\n")
        let functions = try tree.read().inventory.functions
        #expect(functions.map(\.address.description) == ["0000:6f:00.5", "10001:81:00.0"])
        #expect(functions[1].topologyPath == "pci0000:6a/00.5/pci10001:80/07.0/00.0")
    }

    @Test(.requirements("N24", "N25")) func `tells parents and virtual functions apart`() throws {
        let tree = try SampleTree()
        let parent = try tree.function("0000:08:00.0", deviceClass: "020000", driver: "igb")
        try tree.file("\(parent)/sriov_totalvfs", "7\n")
        try tree.file("\(parent)/sriov_numvfs", "2\n")
        for (index, address) in ["0000:08:10.0", "0000:08:10.2"].enumerated() {
            let child = try tree.function(address, deviceClass: "020000")
            try tree.link("\(child)/physfn", to: parent)
            try tree.link("\(parent)/virtfn\(index)", to: child)
        }
        let functions = try tree.read().inventory.functions
        let address = try PCIAddress("0000:08:00.0")
        let children = try [PCIAddress("0000:08:10.0"), PCIAddress("0000:08:10.2")]
        #expect(functions[0].role == .physical(total: 7, active: 2, virtualFunctions: children))
        #expect(functions[1].role == .virtual(parent: address, index: 0))
        #expect(functions[2].role == .virtual(parent: address, index: 1))
    }

    @Test func `finds the NUMA node by the CPU list when the firmware did not say`() throws {
        let tree = try SampleTree()
        try tree.file("sys/devices/system/node/node0/cpulist", "0,2,4\n")
        try tree.file("sys/devices/system/node/node1/cpulist", "1,3,5\n")
        try tree.file("\(try tree.function("0000:00:01.0"))/local_cpulist", "1,3,5\n")
        try tree.file("\(try tree.function("0000:00:02.0"))/local_cpulist", "0-5\n")
        let functions = try tree.read().inventory.functions
        #expect(functions[0].numaNode == NUMANode(1))
        #expect(functions[1].numaNode == nil, "all CPUs are near: that tells nothing")
    }

    @Test(.requirements("N11")) func `leaves out nothing without saying so`() throws {
        let tree = try SampleTree()
        try tree.function("0000:00:01.0", group: 4)
        try tree.directory("sys/bus/pci/devices/0000:00:20.0")
        try tree.directory("sys/bus/pci/devices/no-address")
        let silent = "sys/devices/pci0000:00/0000:00:05.0"
        try tree.file("\(silent)/vendor", "rubbish\n")
        try tree.link("\(silent)/iommu_group", to: "sys/kernel/iommu_groups/4")
        try tree.link("sys/bus/pci/devices/0000:00:05.0", to: silent)
        try tree.link("sys/bus/pci/devices/0000:00:06.0", to: "sys/bus/pci/devices/0000:00:06.0")
        let result = try tree.read()
        #expect(result.inventory.functions.map(\.address.description) == ["0000:00:01.0"])
        let said = result.findings.map { "\($0.code) \($0.subject)" }.sorted()
        #expect(
            said == [
                "function-unreadable atlas/0000:00:05.0", "function-unreadable atlas/0000:00:06.0",
                "unsupported-address atlas", "unsupported-address atlas",
            ])
        let group = try #require(result.inventory.groups.first)
        #expect(group.members.count == 2, "a silent function still keeps its group mates from being handed over")
    }

    @Test(arguments: [
        (table: false, unit: false, group: false, verdict: Readiness.IOMMU.offInFirmware),
        (table: true, unit: false, group: false, verdict: .offInKernel),
        (table: true, unit: true, group: false, verdict: .emptyGroups),
        (table: true, unit: true, group: true, verdict: .active),
        (table: false, unit: true, group: true, verdict: .active),
    ]) func `judges the IOMMU by table, units and groups`(
        _ host: (table: Bool, unit: Bool, group: Bool, verdict: Readiness.IOMMU)
    ) throws {
        let tree = try SampleTree()
        try tree.function("0000:00:01.0", group: host.group ? 3 : nil)
        if host.table { try tree.file("sys/firmware/acpi/tables/DMAR", "DMAR") }
        if host.unit { try tree.directory("sys/class/iommu/dmar0") }
        #expect(try tree.read().inventory.readiness.iommu == host.verdict)
    }

    @Test func `finds VFIO loaded, as a module file, built in, or not at all`() throws {
        let tree = try SampleTree()
        #expect(try tree.read().inventory.readiness.vfioAvailable == nil)
        try tree.file("proc/sys/kernel/osrelease", "6.1.0-50\n")
        try tree.file("lib/modules/6.1.0-50/modules.builtin", "kernel/drivers/vfio/vfio.ko\n")
        #expect(try tree.read().inventory.readiness.vfioAvailable == false)
        try tree.file("lib/modules/6.1.0-50/kernel/drivers/vfio/pci/vfio-pci.ko.xz", "")
        #expect(try tree.read().inventory.readiness.vfioAvailable == true)
        #expect(try tree.read().inventory.readiness.vfioLoaded == false)
        try tree.directory("sys/bus/pci/drivers/vfio-pci")
        #expect(try tree.read().inventory.readiness.vfioLoaded == true)
    }

    @Test func `refuses a directory that is no host`() throws {
        #expect(throws: Problem.self) { try InventoryReader(root: "/nonexistent").read() }
        let empty = FileManager.default.temporaryDirectory.appending(path: "patchbay-empty-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: empty) }
        #expect { try InventoryReader(root: empty.path).read() } throws: { ($0 as? Problem)?.code == .unreadable }
    }

    @Test func `never waits for a FIFO in a tree`() throws {
        let tree = try SampleTree()
        let directory = try tree.function("0000:00:01.0")
        #expect(mkfifo("\(tree.root)/\(directory)/reset_method", 0o600) == 0)
        #expect(try tree.read().inventory.functions.count == 1)
    }
}
