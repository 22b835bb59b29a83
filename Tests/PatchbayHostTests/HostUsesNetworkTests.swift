import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `Devices the host cannot miss` {
    /// eth0 and eth1 in bond0, a VLAN on the bond, a bridge on the VLAN, the default route on the bridge.
    private func bonded(groups: (Int?, Int?) = (1, 2), carriers: (String, String) = ("1\n", "1\n")) throws -> SampleTree
    {
        let tree = try SampleTree()
        let first = try tree.function("0000:03:00.0", deviceClass: "020000", driver: "igb", group: groups.0)
        let second = try tree.function("0000:03:00.1", deviceClass: "020000", driver: "igb", group: groups.1)
        try tree.interface("eth0", on: first)
        try tree.interface("eth1", on: second)
        try tree.file("\(first)/net/eth0/carrier", carriers.0)
        try tree.file("\(second)/net/eth1/carrier", carriers.1)
        try tree.interface("bond0")
        try tree.file("sys/devices/virtual/net/bond0/bonding/slaves", "eth0 eth1\n")
        try tree.interface("bond0.7", lower: ["bond0"])
        try tree.interface("br0")
        try tree.link("sys/devices/virtual/net/br0/brif/bond0.7", to: "sys/class/net/bond0.7")
        try tree.defaultRoute(by: "br0")
        return tree
    }

    private func use(_ tree: SampleTree, _ address: String) throws -> HostUse {
        try #require(tree.read().inventory.hostUses[PCIAddress(address)]?.first { $0.reason == .defaultRoute })
    }

    @Test(.requirements("V10", "P4")) func `carry the default route through a bridge, a VLAN and a bond`() throws {
        let use = try use(bonded(), "0000:03:00.0")
        #expect(use.chain == ["br0", "bond0.7", "bond0", "eth0", "0000:03:00.0"])
        #expect(use.severity == .inUse, "the other member takes over")
    }

    @Test func `are all members of a bond that would go together`() throws {
        #expect(try use(bonded(groups: (5, 5)), "0000:03:00.1").severity == .critical)
        let alone = try bonded(carriers: ("1\n", "0\n"))
        #expect(try use(alone, "0000:03:00.0").severity == .critical, "no other member works")
        #expect(try use(alone, "0000:03:00.1").severity == .inUse)
    }

    @Test(.requirements("V10")) func `carry the only default route, also that of IPv6`() throws {
        let tree = try SampleTree()
        try tree.interface("eno1", on: try tree.function("0000:03:00.0", deviceClass: "020000", driver: "igb"))
        try tree.interface("eno2", on: try tree.function("0000:04:00.0", deviceClass: "020000", driver: "igb"))
        let zero = String(repeating: "0", count: 32)
        try tree.file(
            "proc/1/net/ipv6_route",
            "\(zero) 00 \(zero) 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eno1\n"
                + "\(zero) 00 \(zero) 00 \(zero) ffffffff 00000001 00000000 00200200       lo\n")
        let uses = try tree.read().inventory.hostUses
        #expect(uses.keys.map(\.description) == ["0000:03:00.0"])
        #expect(uses.values.first?.first?.chain == ["eno1", "0000:03:00.0"])
        #expect(uses.values.first?.first?.severity == .critical)
    }

    @Test(.requirements("V11")) func `include a card that a program listens on, which has neither address nor route`()
        throws
    {
        let tree = try SampleTree.withFourCards()
        try tree.noRoutes()
        // Up; up and promiscuous; down and promiscuous; up and a port of a bridge, which is promiscuous, too.
        for (index, flags) in ["0x1003", "0x1103", "0x1102", "0x1103"].enumerated() {
            try tree.file("sys/class/net/eth\(index)/flags", "\(flags)\n")
        }
        try tree.links(["br0 kind=bridge"])
        try tree.enslave(3, to: "br0")
        #expect(try tree.verdicts().prefix(3) == [.free, .inUse, .free])
        let uses = try tree.uses("0000:01:00.0")
        #expect(uses.map(\.sentence) == ["a program listens on it: eth1 → 0000:01:00.0"])
        #expect(try tree.uses("0000:03:00.0").map(\.reason) == [.networkMember])
        try tree.file("run/patchbay/links", "br0 kind=bridge\neth0 xdp\n")
        #expect(try tree.uses("0000:00:00.0").map(\.reason) == [.listener], "a program of XDP has what comes in")
    }

    @Test(.requirements("V9", "V11")) func `are bridges, the chipset and the firmware's console`() throws {
        let tree = try SampleTree()
        try tree.function("0000:00:00.0", id: "8086:3e30", deviceClass: "060000")
        try tree.function("0000:00:01.0", deviceClass: "060400", headerType: 0x81, driver: "pcieport")
        try tree.function("0000:00:1f.0", deviceClass: "060100")
        try tree.function("0000:00:1f.4", deviceClass: "0c0500")
        try tree.function("0000:05:00.0", id: "1a03:2000", deviceClass: "030000")
        try tree.function("0000:06:00.0", id: "10de:22a3", deviceClass: "068000")
        let display = try tree.function("0000:07:00.0", deviceClass: "030000")
        try tree.file("\(display)/boot_vga", "1\n")
        try tree.function("0000:07:00.1", deviceClass: "040300")
        let uses = try tree.read().inventory.hostUses
        let reasons = uses.mapValues { $0.map(\.reason) }
        #expect(
            reasons == [
                try DeviceKey("00:00.0"): [.chipset], try DeviceKey("00:01.0"): [.bridge],
                try DeviceKey("00:1f.0"): [.chipset], try DeviceKey("00:1f.4"): [.chipset],
                try DeviceKey("05:00.0"): [.management], try DeviceKey("07:00.0"): [.bootDisplay],
            ], "an NVSwitch has a bridge's class and is an endpoint; a card's sound is nobody's need")
        #expect(uses.values.allSatisfy { $0.allSatisfy { $0.severity == .critical } })
    }

    @Test func `are the card that shows the firmware's picture, where nothing else says so`() throws {
        let tree = try SampleTree()
        let memory = "0x00000000e0000000 0x00000000efffffff 0x000000000014220c\n"
        try tree.file("\(try tree.function("0000:07:00.0", deviceClass: "030000"))/resource", memory)
        try tree.file("proc/iomem", "e0000000-efffffff : 0000:07:00.0\n  e1000000-e12fffff : BOOTFB\n")
        #expect(try tree.read().inventory.hostUses[PCIAddress("07:00.0")]?.first?.chain == ["BOOTFB", "0000:07:00.0"])
        try tree.file("proc/iomem", "00000000-00000000 : BOOTFB\n")
        let uses = try tree.read().inventory.hostUses[PCIAddress("07:00.0")] ?? []
        #expect(uses.map(\.reason) == [.console], "without privileges the kernel prints zeros: nothing is known then")
        #expect(uses.first?.severity == .unknown)
    }

    @Test(.requirements("V22")) func `are seen in a group with others`() throws {
        let tree = try SampleTree()
        let disk = try tree.function("0000:01:00.0", deviceClass: "010802", driver: "nvme", group: 9)
        try tree.disk("nvme0n1", below: "\(disk)/nvme/nvme0")
        try tree.function("0000:01:00.1", deviceClass: "030200", group: 9)
        try tree.mounts([("/", "/dev/nvme0n1", "ext4")])
        let inventory = try tree.read().inventory
        let unit = try #require(inventory.unit(of: PCIAddress("01:00.1")))
        #expect(unit.companions.contains { inventory.hostUses[$0.pci!]?.first?.severity == .critical })
    }
}
