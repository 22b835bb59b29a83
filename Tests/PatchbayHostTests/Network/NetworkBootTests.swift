import Foundation
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayHost

@Suite struct `A host that starts over the network` {
    /// eth0 carries the default route; nobody uses eth1 to eth3, which have addresses of their own.
    private func tree(_ commandLine: String = "root=/dev/sda1 ro") throws -> SampleTree {
        let tree = try SampleTree.withFourCards()
        for index in 0..<4 {
            try tree.file(
                "sys/devices/pci0000:00/0000:0\(index):00.0/net/eth\(index)/address", "02:00:00:ab:cd:0\(index)\n")
        }
        try tree.routes(["4 254 00000000 0 0 eth0 via"])
        try tree.file("proc/cmdline", "\(commandLine)\n")
        return tree
    }

    private func chains(_ tree: SampleTree, _ index: Int) throws -> [[String]] {
        try tree.chains("0\(index):00.0", .networkBoot)
    }

    @Test(.requirements("V8")) func `needs the card that its boot loader names`() throws {
        let tree = try tree("initrd=initrd.img BOOTIF=01-02-00-00-AB-CD-02 ip=dhcp")
        #expect(try tree.verdicts() == [.critical, .free, .critical, .free])
        #expect(try chains(tree, 2) == [["network boot (BOOTIF)", "eth2", "0000:02:00.0"]])
        #expect(try self.tree("BOOTIF=01-02-00-00-ab-cd-0f").verdicts() == [.critical, .free, .free, .free])
    }

    @Test func `finds a card by its own address where a bond gave it another`() throws {
        let tree = try tree("BOOTIF=01-02-00-00-ab-cd-03")
        let directory = "sys/devices/pci0000:00/0000:01:00.0/net/eth1"
        try tree.file("\(directory)/bonding_slave/perm_hwaddr", "02:00:00:ab:cd:03\n")
        try tree.file("\(directory)/address", "02:00:00:ab:cd:09\n")
        let other = "sys/devices/pci0000:00/0000:03:00.0/net/eth3"
        try tree.file("\(other)/bonding_slave/perm_hwaddr", "02:00:00:ab:cd:09\n")
        #expect(try tree.verdicts() == [.critical, .critical, .free, .free])
    }

    @Test(arguments: [
        ("root=/dev/nfs ip=192.0.2.5::192.0.2.1:255.255.255.0:atlas:eth2:off", HostVerdict.critical),
        ("root=/dev/sda1 rd.neednet=1 ip=eth2:dhcp", .critical),
        ("netroot=iscsi:192.0.2.1::::iqn.x bootdev=eth2", .critical),
        ("root=live:http://192.0.2.1/x ip=[2001:db8::5]::[2001:db8::1]:64:atlas:eth2:none", .critical),
        ("root=/dev/sda1 ip=eth2:dhcp", .inUse), ("root=/dev/sda1 ip=dhcp", .free),
        ("root=/dev/nfs ip=:::::eth7:dhcp", .free),
    ]) func `needs the card that the kernel sets up for its root`(_ commandLine: String, _ verdict: HostVerdict) throws
    {
        #expect(try tree(commandLine).verdicts() == [.critical, .free, verdict, .free])
    }

    @Test func `by iSCSI needs the card in the firmware's table`() throws {
        let tree = try tree()
        try tree.file("sys/firmware/ibft/ethernet0/flags", "3\n")
        try tree.link("sys/firmware/ibft/ethernet0/device", to: "sys/devices/pci0000:00/0000:01:00.0")
        try tree.file("sys/firmware/ibft/ethernet1/flags", "1\n")
        try tree.link("sys/firmware/ibft/ethernet1/device", to: "sys/devices/pci0000:00/0000:02:00.0")
        try tree.file("sys/firmware/ibft/ethernet2/flags", "0\n")
        try tree.link("sys/firmware/ibft/ethernet2/device", to: "sys/devices/pci0000:00/0000:03:00.0")
        #expect(try tree.verdicts() == [.critical, .critical, .inUse, .free])
        #expect(try chains(tree, 1) == [["iSCSI boot (iBFT ethernet0)", "eth1", "0000:01:00.0"]])
        let byAddress = try self.tree()
        try byAddress.file("sys/firmware/ibft/ethernet0/mac", "02:00:00:ab:cd:03\n")
        #expect(try byAddress.verdicts() == [.critical, .free, .free, .critical])
    }

    /// Header of 64 bytes, control descriptor, one host fabric interface at 128 and its transport at 160.
    private func table(routingID: UInt32, isValid: Bool = true) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 256)
        bytes.replaceSubrange(0..<4, with: Array("NBFT".utf8))
        bytes[80] = 128
        bytes[84] = 32
        bytes[87] = 1
        bytes.replaceSubrange(128..<132, with: [3, 1, isValid ? 1 : 0, 3])
        bytes[144] = 160
        bytes[148] = 60
        bytes.replaceSubrange(160..<167, with: [7, 1, 3, 1, 1, 0, 1])
        for index in 0..<4 { bytes[167 + index] = UInt8(truncatingIfNeeded: routingID >> (8 * UInt32(index))) }
        return bytes
    }

    @Test func `by NVMe needs the card in the firmware's table`() throws {
        let tree = try tree()
        try tree.file("sys/firmware/acpi/tables/NBFT", Data(table(routingID: 0x0300)))
        #expect(try tree.verdicts() == [.critical, .free, .free, .critical])
        #expect(try chains(tree, 3) == [["NVMe boot (NBFT)", "eth3", "0000:03:00.0"]])
        #expect(NVMeBootTable.functions(inTable: table(routingID: 0x0001_4109)) == [try PCIAddress("0001:41:01.1")])
        #expect(NVMeBootTable.functions(inTable: table(routingID: 0x0300, isValid: false)).isEmpty)
        for length in 0..<256 { _ = NVMeBootTable.functions(inTable: Array(table(routingID: 1).prefix(length))) }
    }

    @Test(arguments: [true, false]) func `is recorded as such`(_ isAnonymous: Bool) throws {
        let tree = try tree("BOOTIF=01-02-00-00-ab-cd-02 root=/dev/sda1")
        try tree.file("sys/firmware/acpi/tables/NBFT", Data(table(routingID: 0x0300)))
        try tree.file("sys/firmware/ibft/ethernet0/mac", "02:00:00:ab:cd:01\n")
        try tree.file("sys/firmware/ibft/ethernet0/flags", "3\n")
        let recording = try HostRecording(root: tree.root, isAnonymous: isAnonymous)
        let text = String(decoding: TarWriter.archive(recording.tree), as: UTF8.self)
        #expect((text.contains("ab:cd") || text.contains("ab-cd")) != isAnonymous)
        let replay = try Replay(tree: recording.tree, name: "boot")
        let made = try InventoryReader(root: replay.root).survey().inventory
        #expect(made.functions.map { made.verdict(of: $0.address) } == [.critical, .critical, .critical, .critical])
    }
}
