import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `What decides whether a device may be taken` {
    @Test(.requirements("V8"))
    func `is read again with the device: its group as it is now, and every use`() async throws {
        let tree = try SampleTree()
        let nvme = try tree.function("0000:01:00.0", deviceClass: "010802", driver: "nvme", group: 1)
        try tree.disk("nvme0n1", below: "\(nvme)/nvme/nvme0")
        let other = try tree.function("0000:02:00.0", driver: "nvidia", group: 2)
        try tree.mounts([("/", "tmpfs", "tmpfs")])
        let kernel = try LiveKernel(root: tree.root)
        let (address, beside) = (try PCIAddress("01:00.0"), try PCIAddress("02:00.0"))
        let before = try await kernel.survey()
        #expect(before.hostUses[address]?.contains { $0.reason == .mount } != true)
        #expect(before[address]?.details != nil)

        try tree.mounts([("/", "tmpfs", "tmpfs"), ("/data", "/dev/nvme0n1", "ext4")])
        try tree.function("0000:01:00.1", deviceClass: "010802", driver: "nvme", group: 1)
        try tree.file("\(other)/driver_override", "vfio-pci\n")
        let now = try await kernel.inventory(deciding: [address.key])
        let use = try #require(now.hostUses[address]?.first { $0.reason == .mount })
        #expect(use.severity == .inUse && use.chain == ["/data", "nvme0n1", "0000:01:00.0"])
        #expect(now.group(IOMMUGroupID(1))?.members == [address, try PCIAddress("01:00.1")])
        #expect(now.unit(of: address)?.companions == [try DeviceKey("01:00.1")])
        #expect(now[beside]?.driverOverride == nil, "nobody asked for it")
        #expect(now[address]?.details == before[address]?.details)
        #expect(now.survey == before.survey)
        let whole = try await kernel.inventory()
        #expect(whole[beside]?.driverOverride == "vfio-pci")
        #expect(whole.hostUses[address] == now.hostUses[address])
    }

    @Test(.requirements("V8"))
    func `is looked for in other namespaces: what is mounted, and which interfaces are there`() async throws {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.nvme("0000:01:00.0", "nvme0n1")
        try tree.link("sys/dev/block/259:0", to: "sys/class/block/nvme0n1")
        try tree.udev("nvme0n1", number: "259:0", [:])
        try tree.file("proc/1/mountinfo", "20 1 0:30 / / rw - tmpfs tmpfs rw\n")
        let card = try tree.function("0000:3b:00.0", deviceClass: "020000", driver: "igb")
        try tree.interface("eth0", on: try tree.function("0000:3a:00.0", deviceClass: "020000", driver: "igb"))
        try tree.process(812, "postgres", open: [])
        try tree.file("run/patchbay/networks", "812\teth1\tpci\t0000:3b:00.0\n")
        let kernel = try LiveKernel(root: tree.root)
        let (disk, moved) = (try PCIAddress("01:00.0"), try PCIAddress("3b:00.0"))
        let before = try await kernel.survey()
        #expect(before.hostUses[disk]?.contains { $0.reason == .mount } != true)
        #expect(before.hostUses[moved]?.contains { $0.reason == .otherNamespace } == true)

        try tree.file("proc/812/mountinfo", "303 300 259:0 / /data rw - vfat /dev/nvme0n1 rw\n")
        let mounted = try await kernel.inventory(deciding: [disk.key])
        let use = try #require(mounted.hostUses[disk]?.first { $0.reason == .mount })
        #expect(use.severity == .inUse && use.chain == ["postgres", "/data", "nvme0n1", "0000:01:00.0"])
        try tree.file("run/patchbay/networks", "")
        try tree.interface("eth1", on: card)
        let back = try await kernel.inventory(deciding: [moved.key])
        #expect(back.hostUses[moved]?.contains { $0.reason == .otherNamespace } != true)
    }

    @Test func `is the other displays, too: one that was set to VFIO meanwhile leaves the last`() async throws {
        let tree = try SampleTree()
        try tree.function("0000:07:00.0", deviceClass: "030000", driver: "amdgpu")
        try tree.function("0000:08:00.0", deviceClass: "030000", driver: "amdgpu")
        try tree.consoles(["tty0"])
        let kernel = try LiveKernel(root: tree.root)
        let (display, other) = (try PCIAddress("07:00.0"), try PCIAddress("08:00.0"))
        #expect(try await kernel.survey().verdict(of: display) == .free)
        try tree.remove("sys/devices/pci0000:00/\(other)/driver")
        try tree.link("sys/devices/pci0000:00/\(other)/driver", to: "sys/bus/pci/drivers/vfio-pci")
        #expect(try await kernel.inventory(deciding: [display.key]).verdict(of: display) == .critical)
    }

    @Test(.requirements("N24")) func `is the virtual functions that were made or taken away meanwhile`() async throws {
        let tree = try SampleTree()
        let parent = try tree.function("0000:08:00.0", deviceClass: "020000", driver: "igb", group: 1)
        try tree.file("\(parent)/sriov_totalvfs", "7\n")
        try tree.file("\(parent)/sriov_numvfs", "0\n")
        let kernel = try LiveKernel(root: tree.root)
        let (card, made) = (try PCIAddress("08:00.0"), try PCIAddress("08:10.0"))
        #expect(try await kernel.survey()[made] == nil)

        let child = try tree.function("0000:08:10.0", deviceClass: "020000", driver: "vfio-pci", group: 2)
        try tree.file("\(parent)/sriov_numvfs", "1\n")
        try tree.link("\(child)/physfn", to: parent)
        try tree.link("\(parent)/virtfn0", to: child)
        let now = try await kernel.inventory(deciding: [card.key])
        #expect(now[made]?.role == .virtual(parent: card, index: 0))
        #expect(now.hostUses[card]?.contains { $0.reason == .virtualFunctions && $0.severity == .inUse } == true)

        #expect(try await kernel.inventory()[made] != nil)
        try tree.file("\(parent)/sriov_numvfs", "0\n")
        for path in ["\(parent)/virtfn0", "sys/bus/pci/devices/\(made)", child] { try tree.remove(path) }
        let later = try await kernel.inventory(deciding: [card.key])
        #expect(later[made] == nil && later.group(IOMMUGroupID(2)) == nil)
        #expect(later.hostUses[card]?.contains { $0.reason == .virtualFunctions } != true)
    }

    @Test func `is its group as it is: a member that left and one that is gone`() async throws {
        let tree = try SampleTree()
        try tree.function("0000:01:00.0", driver: "nvidia", group: 1)
        let moved = try tree.function("0000:02:00.0", driver: "nvidia", group: 1)
        let gone = try tree.function("0000:03:00.0", driver: "nvidia", group: 1)
        let kernel = try LiveKernel(root: tree.root)
        let address = try PCIAddress("01:00.0")
        #expect(try await kernel.survey().unit(of: address)?.companions.count == 2)
        for path in [
            "\(moved)/iommu_group", "sys/kernel/iommu_groups/1/devices/0000:02:00.0",
            "sys/kernel/iommu_groups/1/devices/0000:03:00.0", "sys/bus/pci/devices/0000:03:00.0", gone,
        ] { try tree.remove(path) }
        let now = try await kernel.inventory(deciding: [address.key])
        #expect(now.unit(of: address)?.companions == [])
        let (left, absent) = (try PCIAddress("02:00.0"), try PCIAddress("03:00.0"))
        #expect(now[left]?.iommuGroup == nil && now[left] != nil && now[absent] == nil)
        #expect(now.groups == (try await kernel.inventory()).groups)
    }

    @Test func `is what came to a USB controller meanwhile and is in another namespace`() async throws {
        let tree = try SampleTree()
        try tree.noRoutes()
        let controller = try tree.function("0000:03:00.0", deviceClass: "0c0330", driver: "xhci_hcd")
        let kernel = try LiveKernel(root: tree.root)
        let address = try PCIAddress("03:00.0")
        #expect(try await kernel.survey().hostUses[address]?.contains { $0.reason == .otherNamespace } != true)
        try tree.usb("1-2", below: controller, id: "0bda:8153", interfaces: ["ffff00"])
        try tree.process(812, "router", open: [])
        try tree.file("run/patchbay/networks", "812\teth7\tusb\t1-2:1.0\n")
        let now = try await kernel.inventory(deciding: [address.key])
        #expect(now.hostUses[address]?.contains { $0.reason == .otherNamespace } == true)
    }

    @Test func `is what is in the PCI domain that it makes`() async throws {
        let tree = try SampleTree()
        try tree.function("0000:00:0e.0", id: "8086:467f", deviceClass: "010400", driver: "vmd")
        let card = try tree.function(
            "10000:e1:00.0", below: "pci0000:00/0000:00:0e.0/pci10000:e0", deviceClass: "020000", driver: "igb")
        try tree.interface("eth0", on: card)
        try tree.noRoutes()
        let kernel = try LiveKernel(root: tree.root)
        let maker = try PCIAddress("00:0e.0")
        let before = try await kernel.survey()
        try tree.defaultRoute(by: "eth0")
        let now = try await kernel.inventory(deciding: [maker.key])
        #expect(before.hostUses[maker]?.contains { $0.severity == .critical } != true)
        #expect(now.hostUses[maker]?.contains { $0.reason == .childDomain && $0.severity == .critical } == true)
        #expect(now.hostUses[maker] == (try await kernel.inventory()).hostUses[maker])
    }

    @Test func `is everything where nothing was read before`() async throws {
        let tree = try SampleTree()
        try tree.function("0000:01:00.0", driver: "nvidia", group: 1)
        let kernel = try LiveKernel(root: tree.root)
        let address = try PCIAddress("01:00.0")
        #expect(try await kernel.inventory(deciding: [address.key])[address]?.driver == "nvidia")
    }
}
