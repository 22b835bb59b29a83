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
        let now = try await kernel.inventory(deciding: [address])
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
        let mounted = try await kernel.inventory(deciding: [disk])
        let use = try #require(mounted.hostUses[disk]?.first { $0.reason == .mount })
        #expect(use.severity == .inUse && use.chain == ["postgres", "/data", "nvme0n1", "0000:01:00.0"])
        try tree.file("run/patchbay/networks", "")
        try tree.interface("eth1", on: card)
        let back = try await kernel.inventory(deciding: [moved])
        #expect(back.hostUses[moved]?.contains { $0.reason == .otherNamespace } != true)
    }

    @Test func `is everything where nothing was read before`() async throws {
        let tree = try SampleTree()
        try tree.function("0000:01:00.0", driver: "nvidia", group: 1)
        let kernel = try LiveKernel(root: tree.root)
        let address = try PCIAddress("01:00.0")
        #expect(try await kernel.inventory(deciding: [address])[address]?.driver == "nvidia")
    }
}
