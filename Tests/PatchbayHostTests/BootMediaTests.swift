import Foundation
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayHost

@Suite struct `Media that the host boots from` {
    private static let esp = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
    private static let variables = "sys/firmware/efi/efivars"
    private static let global = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
    private static let uuid = "5d5d5d5d-0102-4103-8001-0000000000aa"

    /// The root on nvme0, an EFI system partition that nobody mounts on nvme1.
    private func tree(isEFI: Bool = true) throws -> SampleTree {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.nvme("0000:01:00.0", "nvme0n1", partitions: ["nvme0n1p1", "nvme0n1p2"])
        try tree.nvme("0000:02:00.0", "nvme1n1", partitions: ["nvme1n1p1"])
        try tree.udev(
            "nvme1n1p1", number: "259:4",
            [
                "ID_FS_TYPE": "vfat", "ID_PART_ENTRY_TYPE": Self.esp, "ID_PART_ENTRY_UUID": Self.uuid,
                "ID_FS_UUID": "AAAA-0001",
            ])
        try tree.mounts([("/", "/dev/nvme0n1p2", "ext4")])
        if isEFI { try tree.directory(Self.variables) }
        return tree
    }

    private func worst(_ tree: SampleTree, _ address: String = "02:00.0") throws -> HostUse {
        try #require(try tree.observe().inventory.mostSevereUse(of: PCIAddress(address)))
    }

    private func variable(_ name: String, _ bytes: [UInt8], in tree: SampleTree) throws {
        try tree.file("\(Self.variables)/\(name)-\(Self.global)", Data([7, 0, 0, 0] + bytes))
    }

    /// A load option with these nodes.
    private func option(_ nodes: [[UInt8]]) -> [UInt8] {
        let path = nodes.flatMap(\.self) + [0x7f, 0xff, 4, 0]
        let name: [UInt8] = [0x53, 0, 0x44, 0, 0, 0]
        return [1, 0, 0, 0, UInt8(truncatingIfNeeded: path.count), 0] + name + path
    }
    private func node(_ type: UInt8, _ subtype: UInt8, _ content: [UInt8]) -> [UInt8] {
        [type, subtype, UInt8(truncatingIfNeeded: content.count + 4), 0] + content
    }
    private var partition: [UInt8] {
        let guid: [UInt8] = [0x5d, 0x5d, 0x5d, 0x5d, 2, 1, 3, 0x41, 0x80, 1, 0, 0, 0, 0, 0, 0xaa]
        return node(4, 1, [1, 0, 0, 0] + [UInt8](repeating: 0, count: 16) + guid + [2, 2])
    }
    private func file(_ path: String) -> [UInt8] { node(4, 4, path.utf8.flatMap { [$0, 0] } + [0, 0]) }
    private let root: [UInt8] = [2, 1, 12, 0, 0xd0, 0x41, 0x03, 0x0a, 0, 0, 0, 0]

    @Test(.requirements("V8", "D2", "E11")) func `include the partition that the firmware started from`() throws {
        let tree = try tree()
        try variable("BootCurrent", [3, 0], in: tree)
        try variable("Boot0003", option([partition, file("\\EFI\\BOOT\\BOOTX64.EFI")]), in: tree)
        let use = try worst(tree)
        #expect(use.reason == .bootPartition && use.severity == .critical)
        #expect(use.chain == ["boot entry 0003 (BootCurrent)", "nvme1n1p1", "nvme1n1", "0000:02:00.0"])
    }

    @Test(.requirements("V8")) func `include the partitions that Proxmox copies kernels to`() throws {
        let tree = try tree()
        try tree.file("etc/kernel/proxmox-boot-uuids", "AAAA-0001\n")
        let use = try worst(tree)
        #expect(use.severity == .critical && use.chain.first == "proxmox-boot-tool")
    }

    @Test func `may include any EFI system partition while nothing tells which it was`() throws {
        let tree = try tree()
        let use = try worst(tree)
        #expect(use.severity == .unknown && use.reason == .bootPartition)
        try tree.udev("nvme0n1p1", number: "259:1", ["ID_FS_TYPE": "vfat", "ID_PART_ENTRY_TYPE": Self.esp])
        try tree.mounts([("/", "/dev/nvme0n1p2", "ext4"), ("/boot/efi", "/dev/nvme0n1p1", "vfat")])
        #expect(try worst(tree).severity == .dataAtRisk, "the one that is mounted is the one")
        #expect(try self.tree(isEFI: false).verdict("02:00.0") == .dataAtRisk, "a BIOS does not start from it")
    }

    @Test func `include what other entries of the firmware name, but not Windows, nor what firmware finds by itself`()
        throws
    {
        let tree = try tree()
        try tree.udev("nvme0n1p1", number: "259:1", ["ID_FS_TYPE": "vfat", "ID_PART_ENTRY_TYPE": Self.esp])
        try tree.mounts([("/", "/dev/nvme0n1p2", "ext4"), ("/boot/efi", "/dev/nvme0n1p1", "vfat")])
        try variable("BootOrder", [1, 0, 4, 0], in: tree)
        try variable("Boot0004", option([partition, file("\\EFI\\debian\\grubx64.efi")]), in: tree)
        let other = try worst(tree)
        #expect(other.severity == .inUse && other.chain.first == "boot entry 0004")
        for path in ["\\EFI\\Microsoft\\Boot\\bootmgfw.efi", "\\EFI\\BOOT\\BOOTX64.EFI"] {
            try variable("Boot0004", option([partition, file(path)]), in: tree)
            #expect(try worst(tree).severity == .dataAtRisk)
        }
    }

    @Test(.requirements("V8"), arguments: ["place", "address"])
    func `include the network card it was started over`(_ how: String) throws {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.mounts([("/", "tmpfs", "tmpfs")])
        let card = try tree.card("0000:04:00.0", "eth1", carrier: false)
        try tree.file("\(card)/address", "3c:ec:ef:00:00:07\n")
        let mac: [UInt8] = [0x3c, 0xec, 0xef, 0, 0, 7]
        switch how {
        case "place":
            try variable("BootCurrent", [3, 0], in: tree)
            try variable("Boot0003", option([root, node(1, 1, [0, 0])]), in: tree)
        default:
            try variable("BootCurrent", [3, 0], in: tree)
            let address = node(3, 11, mac + [UInt8](repeating: 0, count: 27))
            try variable("Boot0003", option([root, node(1, 1, [0, 0x1f]), address]), in: tree)
            // In a bond that has the address of this one.
            let other = try tree.card("0000:03:00.0", "eth0", carrier: false)
            try tree.file("\(other)/address", "3c:ec:ef:00:00:07\n")
            try tree.file("\(other)/bonding_slave/perm_hwaddr", "3c:ec:ef:00:00:06\n")
        }
        let use = try worst(tree, "04:00.0")
        #expect(use.reason == .bootDevice && use.severity == .critical && use.chain.last == "0000:04:00.0")
    }

    /// One adapter, at 04:00.0.
    private static let nbft: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 160)
        table.replaceSubrange(0..<4, with: Array("NBFT".utf8))
        table.replaceSubrange(80..<88, with: [112, 0, 0, 0, 32, 0, 1, 1])
        table.replaceSubrange(112..<116, with: [3, 1, 1, 3])
        table[128] = 144
        table.replaceSubrange(144..<155, with: [7, 1, 3, 1, 1, 0, 1, 0, 4, 0, 0])
        return table
    }()

    @Test func `include a stick that the firmware names by its port alone`() throws {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.mounts([("/", "tmpfs", "tmpfs")])
        let controller = try tree.function("0000:00:14.0", deviceClass: "0c0330", driver: "xhci_hcd")
        let stick = try tree.usb("1-3", below: controller, id: "0781:5583", interfaces: ["080650"])
        try tree.disk("sda", below: "\(stick)/1-3:1.0/host4/target4:0:0/4:0:0:0/block")
        try variable("BootCurrent", [3, 0], in: tree)
        try variable("Boot0003", option([root, node(1, 1, [0, 0x14]), node(3, 5, [2, 0])]), in: tree)
        #expect(try tree.uses(ofUSB: "1-3").first?.chain == ["boot entry 0003 (BootCurrent)", "sda", "USB 1-3"])
        #expect(try worst(tree, "00:14.0").severity == .critical)
    }

    @Test func `may include a stick with an active partition, where a BIOS starts the machine`() throws {
        let tree = try tree(isEFI: false)
        let controller = try tree.function("0000:00:14.0", deviceClass: "0c0330", driver: "xhci_hcd")
        let stick = try tree.usb("1-3", below: controller, id: "0781:5583", interfaces: ["080650"])
        try tree.disk("sda", below: "\(stick)/1-3:1.0/host4/target4:0:0/4:0:0:0/block", partitions: ["sda1"])
        try tree.udev("sda1", number: "8:1", ["ID_FS_TYPE": "ext4", "ID_PART_ENTRY_FLAGS": "0x80"])
        #expect(try worst(tree, "00:14.0").severity == .unknown)
        try tree.udev("nvme0n1p1", number: "259:1", ["ID_PART_ENTRY_FLAGS": "0x80"])
        #expect(try worst(tree, "00:14.0").severity == .unknown, "no BIOS starts from the disk of the root")
        let sata = try tree.function("0000:00:17.0", deviceClass: "010601", driver: "ahci")
        try tree.disk("sdb", below: "\(sata)/ata1/host0/target0:0:0/0:0:0:0/block", partitions: ["sdb1"])
        try tree.udev("sdb1", number: "8:17", ["ID_PART_ENTRY_FLAGS": "0x80"])
        try tree.mounts([("/", "/dev/sdb1", "ext4")])
        #expect(try worst(tree, "00:14.0").severity == .dataAtRisk, "the disk of the root has one, too")
    }

    @Test func `include no stick with a boot partition of a board that starts from its root on NVMe`() throws {
        let tree = try tree(isEFI: false)
        let controller = try tree.function("0000:00:14.0", deviceClass: "0c0330", driver: "xhci_hcd")
        let stick = try tree.usb("1-3", below: controller, id: "0781:5583", interfaces: ["080650"])
        try tree.disk("sda", below: "\(stick)/1-3:1.0/host4/target4:0:0/4:0:0:0/block", partitions: ["sda1"])
        try tree.udev("sda1", number: "8:1", ["ID_FS_TYPE": "vfat", "ID_FS_LABEL": "bootfs"])
        #expect(try worst(tree, "00:14.0").severity == .unknown)
        try tree.udev("nvme0n1p1", number: "259:1", ["ID_FS_TYPE": "vfat", "ID_FS_LABEL": "bootfs"])
        #expect(try worst(tree, "00:14.0").severity == .dataAtRisk)
    }

    /// A SATA module with the boot loader of a machine whose root is on NVMe.
    @Test func `may include a disk that a BIOS can start from while all in use are of NVMe`() throws {
        let tree = try tree(isEFI: false)
        let controller = try tree.function("0000:00:17.0", deviceClass: "010601", driver: "ahci")
        try tree.disk("sda", below: "\(controller)/ata1/host0/target0:0:0/0:0:0:0/block", partitions: ["sda1", "sda2"])
        // Installers make such a partition on every disk, and that of the root is one of NVMe.
        for (name, number) in [("sda1", "8:1"), ("nvme0n1p1", "259:1")] {
            try tree.udev(name, number: number, ["ID_PART_ENTRY_TYPE": "21686148-6449-6e6f-744e-656564454649"])
        }
        let use = try worst(tree, "00:17.0")
        #expect(use.reason == .bootPartition && use.severity == .unknown)
        #expect(use.chain == ["the firmware may start from it", "sda1", "sda", "0000:00:17.0"])
        // The root on a disk that a BIOS starts from: this one is of another system.
        let old = try tree.function("0000:00:18.0", deviceClass: "010601", driver: "ahci")
        try tree.disk("sdc", below: "\(old)/ata3/host2/target2:0:0/2:0:0:0/block", partitions: ["sdc1"])
        try tree.mounts([("/", "/dev/sdc1", "ext4")])
        #expect(try tree.verdict("00:17.0") == .dataAtRisk)
    }

    @Test func `may include a board's memory card, unless a BIOS tells its first disk`() throws {
        let tree = try tree(isEFI: false)
        let reader = try tree.function("0000:05:00.0", deviceClass: "ff0000", driver: "rtsx_pci")
        try tree.disk("mmcblk0", below: "\(reader)/mmc_host/mmc0/mmc0:0001/block", partitions: ["mmcblk0p1"])
        try tree.udev("mmcblk0p1", number: "179:1", ["ID_FS_TYPE": "vfat", "ID_FS_LABEL": "bootfs"])
        #expect(try worst(tree, "05:00.0").severity == .unknown)
        try tree.link("sys/firmware/edd/int13_dev80/pci_dev", to: "sys/devices/pci0000:00/0000:02:00.0")
        #expect(try worst(tree, "05:00.0").severity == .dataAtRisk)
        let first = try worst(tree)
        #expect(first.reason == .bootDevice && first.severity == .critical)
        #expect(first.chain == ["first disk of the BIOS", "0000:02:00.0"])
    }

    @Test(.requirements("D6")) func `are the same in a recording, without what names the machine`() throws {
        let tree = try tree()
        try tree.file("etc/kernel/proxmox-boot-uuids", "DEAD-BEEF\n")
        try variable("BootCurrent", [3, 0], in: tree)
        try variable("Boot0003", option([partition, file("\\EFI\\secret\\shim.efi")]), in: tree)
        try tree.file("sys/firmware/acpi/tables/NBFT", Data(Self.nbft))
        try tree.function("0000:04:00.0", deviceClass: "020000", driver: "igb")
        let recording = try HostRecording(root: tree.root, isAnonymous: true)
        let replay = try Replay(tree: recording.tree, name: "made-up")
        let made = try InventoryReader(root: replay.root).observe().inventory
        let live = try tree.observe().inventory
        for address in try ["02:00.0", "04:00.0"].map({ try PCIAddress($0) }) {
            #expect(made.hostUses[address]?.map(\.chain) == live.hostUses[address]?.map(\.chain))
            #expect(made.verdict(of: address) == .critical)
        }
        let archive = TarWriter.archive(recording.tree)
        let secrets: [[UInt8]] = [
            [0x5d, 0x5d, 0x5d, 0x5d], Array("AAAA-0001".utf8), Array("DEAD-BEEF".utf8),
            [0x73, 0, 0x65, 0, 0x63, 0, 0x72, 0],
        ]
        for secret in secrets { #expect(!archive.contains(secret), "\(secret) is still there") }
    }
}
