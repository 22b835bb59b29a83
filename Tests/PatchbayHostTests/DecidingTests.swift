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

    @Test func `is everything where nothing was read before`() async throws {
        let tree = try SampleTree()
        try tree.function("0000:01:00.0", driver: "nvidia", group: 1)
        let kernel = try LiveKernel(root: tree.root)
        let address = try PCIAddress("01:00.0")
        #expect(try await kernel.inventory(deciding: [address])[address]?.driver == "nvidia")
    }
}
