import Foundation
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayHost

extension SampleTree {
    /// Reads the surface, then the details.
    func details() throws -> (inventory: Inventory, findings: [Finding]) {
        var inventory = try read().inventory
        let findings = DetailsReader(tree: try HostTree(root: root), locked: []).fill(&inventory)
        return (inventory, findings)
    }
}

@Suite struct `Details reader` {
    private func address(_ text: String) throws -> PCIAddress { try PCIAddress(text) }

    /// A header that says there is a list, and a PCI Express capability of this port type.
    private func config(portType: UInt8, headerType: UInt8 = 0, vpd: Bool = false) -> Data {
        var bytes = [UInt8](repeating: 0, count: 256)
        bytes[0x06] = 0x10
        bytes[0x0e] = headerType
        bytes[0x34] = 0x40
        bytes[0x40] = 0x10
        bytes[0x41] = vpd ? 0x80 : 0
        bytes[0x42] = portType << 4 | 2
        bytes[0x80] = 0x03
        return Data(bytes)
    }

    @Test func `reads what a card says about itself and its slot`() throws {
        let tree = try SampleTree()
        let port = try tree.function("0000:00:01.0", deviceClass: "060400", headerType: 1, group: 1)
        try tree.file("\(port)/config", config(portType: 4, headerType: 1))
        try tree.file("\(port)/max_link_speed", "16.0 GT/s PCIe\n")
        try tree.file("\(port)/max_link_width", "16\n")
        let card = try tree.function("0000:41:00.0", below: "pci0000:00/0000:00:01.0", group: 2)
        try tree.file("\(card)/config", config(portType: 0, vpd: true))
        try tree.file("\(card)/current_link_speed", "2.5 GT/s PCIe\n")
        try tree.file("\(card)/max_link_speed", "32.0 GT/s PCIe\n")
        try tree.file("\(card)/current_link_width", "8\n")
        try tree.file("\(card)/max_link_width", "16\n")
        try tree.file("\(card)/power_state", "D3hot\n")
        try tree.file("\(card)/label", "GPU riser\n")
        try tree.file("\(card)/acpi_index", "7\n")
        for (kind, total) in [("correctable", "COR 3"), ("nonfatal", "NONFATAL 0"), ("fatal", "FATAL 1")] {
            try tree.file("\(card)/aer_dev_\(kind)", "RxErr 0\nTOTAL_ERR_\(total)\n")
        }
        try tree.file("\(card)/vpd", Data([0x90, 7, 0] + Array("SN".utf8) + [4] + Array("AB12".utf8) + [0x78]))
        try tree.file("sys/bus/pci/slots/4/address", "0000:41:00\n")
        let (inventory, findings) = try tree.details()
        let details = try #require(inventory[try address("41:00.0")]?.details)
        #expect(details.powerState == "D3hot")
        #expect(
            details.link
                == PCILink(
                    speed: 250, width: 8, maxSpeed: 3200, maxWidth: 16, upstreamMaxSpeed: 1600, upstreamMaxWidth: 16))
        #expect(details.slot == PhysicalSlot(name: "4", label: "GPU riser", index: 7))
        #expect(details.errors == ErrorCounts(correctable: 3, nonfatal: 0, fatal: 1))
        #expect(details.serials == [DeviceSerial(.vpd, "AB12")])
        #expect(details.capabilities?.express?.portType == .endpoint && !details.isSilent)
        #expect(findings.map(\.code) == ["link-narrow", "link-slow"])
        #expect(findings.map(\.severity) == [.warning, .note])
    }

    @Test(.requirements("C9")) func `reads reserved regions of every group`() throws {
        let tree = try SampleTree()
        try tree.function("0000:41:00.0", group: 2)
        try tree.function("0000:42:00.0", group: 3)
        try tree.file("sys/kernel/iommu_groups/2/reserved_regions", "0x0000000000001000 0x0000000000001fff direct\n")
        let groups = try tree.details().inventory.groups
        #expect(groups[0].reservedRegions == [ReservedRegion(start: 0x1000, end: 0x1fff, kind: .direct)])
        #expect(groups[1].reservedRegions == nil)
    }

    @Test(.requirements("C2")) func `serials come from the card, not from what somebody assigned`() throws {
        let tree = try SampleTree()
        let disk = try tree.function("0000:01:00.0", deviceClass: "010802")
        try tree.file("\(disk)/nvme/nvme0/serial", "S4EVNX0R1001        \n")
        let own = try tree.function("0000:02:00.0", deviceClass: "020000")
        try tree.interface("eth0", on: own)
        try tree.file("\(own)/net/eth0/address", "3c:fd:fe:00:00:01\n")
        try tree.file("\(own)/net/eth0/addr_assign_type", "0\n")
        let member = try tree.function("0000:03:00.0", deviceClass: "020000")
        try tree.interface("eth1", on: member)
        try tree.file("\(member)/net/eth1/address", "3c:fd:fe:00:00:01\n")
        try tree.file("\(member)/net/eth1/addr_assign_type", "3\n")
        try tree.file("\(member)/net/eth1/bonding_slave/perm_hwaddr", "3c:fd:fe:00:00:02\n")
        let assigned = try tree.function("0000:04:00.0", deviceClass: "020000")
        try tree.interface("eth2", on: assigned)
        try tree.file("\(assigned)/net/eth2/address", "3c:fd:fe:00:00:09\n")
        try tree.file("\(assigned)/net/eth2/addr_assign_type", "3\n")
        let serials = try tree.details().inventory.functions.map { $0.details?.serials }
        #expect(
            serials == [
                [DeviceSerial(.nvme, "S4EVNX0R1001")], [DeviceSerial(.mac, "3c:fd:fe:00:00:01")],
                [DeviceSerial(.mac, "3c:fd:fe:00:00:02")], [],
            ])
    }

    @Test func `virtual functions are left out, silent devices are told`() throws {
        let tree = try SampleTree()
        let parent = try tree.function("0000:01:00.0")
        try tree.file("\(parent)/sriov_totalvfs", "1\n")
        let virtual = try tree.function("0000:01:00.4")
        try tree.link("\(parent)/virtfn0", to: virtual)
        try tree.link("\(virtual)/physfn", to: parent)
        let gone = try tree.function("0000:02:00.0")
        try tree.file("\(gone)/config", Data(repeating: 0xff, count: 4096))
        let (inventory, findings) = try tree.details()
        #expect(inventory[try address("01:00.4")]?.details == nil)
        #expect(inventory[try address("01:00.0")]?.details?.capabilities == nil)
        #expect(inventory[try address("02:00.0")]?.details?.isSilent == true)
        #expect(findings.map(\.code) == ["device-silent"])
    }

    @Test(.requirements("C28")) func `a recorded ROM tells whether UEFI can use it, and that it is a shadow copy`()
        throws
    {
        let tree = try SampleTree()
        let card = try tree.function("0000:01:00.0")
        try tree.file("\(card)/boot_vga", "1\n")
        var rom = [UInt8](repeating: 0, count: 512)
        rom.replaceSubrange(0..<3, with: [0x55, 0xaa, 1])
        rom[0x18] = 0x1c
        rom.replaceSubrange(0x1c..<0x20, with: Array("PCIR".utf8))
        rom[0x2c] = 1
        rom[0x30] = 3
        rom[0x31] = 0x80
        try tree.file("\(card)/rom", Data(rom))
        let details = try #require(try tree.details().inventory.functions.first?.details)
        #expect(details.rom == OptionROM(codeTypes: [3], isSound: true, isShadow: true))
    }

    @Test func `what hangs is left behind at the deadline`() throws {
        let tree = try SampleTree()
        try tree.directory("slow")
        let fifo = "\(tree.root)/slow/vpd"
        try #require(mkfifo(fifo, 0o600) == 0)
        // With a writer that never writes, opening succeeds and reading waits, as for a card that does not answer.
        let writer = try #require(FileHandle(forUpdatingAtPath: fifo))
        let root = try HostTree(root: tree.root)
        var read = DeadlineRead(directory: root.descriptor, path: "slow/vpd", limit: 4096, deadlineMilliseconds: 20)
        #expect(read.perform() == .underWay)
        try writer.close()
        try tree.file("slow/good", "abc")
        read.path = "slow/good"
        read.deadlineMilliseconds = 60_000
        #expect(read.perform() == .bytes(Array("abc".utf8)))
        read.path = "slow/none"
        #expect(read.perform() == .refused(2))
    }
}
