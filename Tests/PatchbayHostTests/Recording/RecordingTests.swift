import Foundation
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayHost

@Suite struct `Recording a host` {
    /// What must not be found in a recording, in the spelling of its source.
    static let secrets = [
        "vault-eleven", "vault-eleven.corp.example", "3c:ec:ef:12:34:56", "3cecef123456", "3CECEF123456",
        "S4EWNX0M998877", "WD-WCC4E1234567", "8f2b1c3d-4e5f-6071-8293-a4b5c6d7e8f9", "eui.0025385b9150aabb",
        "0025385b9150aabb", "backupstick", "filer.corp.example", "192.168.77", "C0A84D", "mara", "hunter2",
        "4d5e6f708192a3b4c5d6e7f801020304",
    ]

    /// In two parts: no path of somebody's machine may be in the sources.
    private static let home = "/ho" + "me/mara"

    static func tree() throws -> SampleTree {
        let tree = try SampleTree()
        try tree.file("proc/sys/kernel/hostname", "vault-eleven\n")
        try tree.file("etc/hostname", "vault-eleven.corp.example\n")
        try tree.file("etc/os-release", "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n")
        try tree.file(
            "proc/cmdline",
            "BOOT_IMAGE=/4d5e6f708192a3b4c5d6e7f801020304/6.1/linux root=UUID=8f2b1c3d-4e5f-6071-8293-a4b5c6d7e8f9"
                + " intel_iommu=on ip=192.168.77.5::192.168.77.1:255.255.255.0:vault-eleven:enx3cecef123456:off"
                + " url=http://mara:hunter2@filer.corp.example/x\n")
        let nic = try tree.function("0000:01:00.0", id: "8086:1572", deviceClass: "020000", driver: "i40e", group: 4)
        var config = [UInt8](repeating: 0, count: 4096)
        config[0x08] = 0xa1
        config.replaceSubrange(0x100..<0x104, with: [0x03, 0x00, 0x01, 0x00])
        config.replaceSubrange(0x104..<0x10c, with: [0x56, 0x34, 0x12, 0xff, 0xff, 0xef, 0xec, 0x3c])
        try tree.file("\(nic)/config", Data(config))
        try tree.interface("enx3cecef123456", on: nic)
        try tree.file("\(nic)/net/enx3cecef123456/address", "3c:ec:ef:12:34:56\n")
        try tree.file("\(nic)/net/enx3cecef123456/addr_assign_type", "0\n")
        let disk = try tree.function("0000:02:00.0", id: "144d:a808", deviceClass: "010802", driver: "nvme", group: 5)
        try tree.disk("nvme0n1", below: "\(disk)/nvme/nvme0", partitions: ["nvme0n1p1"])
        try tree.file("\(disk)/nvme/nvme0/serial", "S4EWNX0M998877      \n")
        try tree.file("\(disk)/nvme/nvme0/subsysnqn", "nqn.2014.08.org.nvmexpress:144d144dS4EWNX0M998877\n")
        try tree.file("\(disk)/nvme/nvme0/nvme0n1/wwid", "eui.0025385b9150aabb\n")
        try tree.file(
            "proc/1/mountinfo",
            "20 1 259:1 / / rw - ext4 /dev/disk/by-uuid/8f2b1c3d-4e5f-6071-8293-a4b5c6d7e8f9 rw\n"
                + "21 1 0:44 / \(Self.home) rw - nfs4 filer.corp.example:/export/mara rw,addr=192.168.77.9\n")
        try tree.file(
            "proc/1/net/route",
            "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
                + "enx3cecef123456\t00000000\t014DA8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
                + "enx3cecef123456\t004DA8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n")
        try tree.file("run/udev/data/b259:1", "E:ID_FS_LABEL=backupstick\nE:ID_SERIAL=WD-WCC4E1234567\n")
        try tree.file("\(disk)/nvme/nvme0/nvme0n1/nvme0n1p1/dev", "259:1\n")
        return tree
    }

    @Test func `leaves no secret in the archive, in whatever spelling`() throws {
        let tree = try Self.tree()
        let recording = try HostRecording(root: tree.root, isAnonymous: true)
        let archive = TarWriter.archive(recording.tree)
        let text = String(decoding: archive, as: UTF8.self).lowercased()
        for secret in Self.secrets { #expect(!text.contains(secret.lowercased()), "\(secret) is still there") }
        let serial: [UInt8] = [0x56, 0x34, 0x12, 0xff, 0xff, 0xef, 0xec, 0x3c]
        #expect(!archive.contains(serial), "the serial number in config space is still there")
        #expect(!archive.contains(Array(serial.reversed())))
    }

    @Test func `keeps of the comments in settings only that a program writes the file`() throws {
        let tree = try Self.tree()
        try tree.file(
            "etc/default/grub",
            "# Managed by Puppet for mara@vault-eleven\n# ask mara\nGRUB_TIMEOUT=5\n#DO NOT EDIT, says mara\nGRUB_DEFAULT=0\n"
        )
        let recording = try HostRecording(root: tree.root, isAnonymous: true)
        let text = String(decoding: TarWriter.archive(recording.tree), as: UTF8.self)
        #expect(text.contains("# managed by (puppet)\n#\nGRUB_TIMEOUT=5\n# do not edit\nGRUB_DEFAULT=0\n"))
        #expect(!text.contains("mara") && !text.contains("vault-eleven"))
    }

    @Test func `keeps the interfaces of other namespaces without the names of those`() throws {
        let tree = try Self.tree()
        try tree.process(812, "bird", open: ["/dev/null"])
        try tree.file(
            "run/patchbay/networks",
            "customer-blue\tenx3cecef123456\tpci\t0000:01:00.0\n812\teth1\tpci\t0000:01:00.0\n")
        let recording = try HostRecording(root: tree.root, isAnonymous: true)
        let text = String(decoding: TarWriter.archive(recording.tree), as: UTF8.self)
        #expect(!text.contains("customer-blue") && !text.contains("enx3cecef123456"))
        let replay = try Replay(tree: recording.tree, name: "made-up")
        let uses = try InventoryReader(root: replay.root).observe().inventory.hostUses[PCIAddress("01:00.0")] ?? []
        let owners = uses.filter { $0.reason == .otherNamespace }.compactMap(\.chain.first)
        #expect(owners.count == 2 && owners.last == "bird")
        #expect(owners.first?.hasPrefix("network namespace name") ?? false)
    }

    @Test func `calls an open node as the kernel does, whatever a container calls it`() throws {
        let tree = try SampleTree()
        try tree.file("sys/dev/block/8:16/uevent", "MAJOR=8\nMINOR=16\nDEVNAME=sdb\nDEVTYPE=disk\n")
        try tree.file("sys/dev/char/226:0/uevent", "MAJOR=226\nMINOR=0\nDEVNAME=dri/card0\n")
        try tree.file("sys/dev/char/1:3/uevent", "MAJOR=1\nMINOR=3\nDEVNAME=null\n")
        let source = try HostTree(root: tree.root)
        func node(_ isBlock: Bool, _ major: UInt32, _ minor: UInt32) -> String? {
            TreeCollector.kernelNode(.init(isBlock: isBlock, major: major, minor: minor), in: source)
        }
        #expect(node(true, 8, 16) == "/dev/sdb" && node(false, 226, 0) == "/dev/dri/card0")
        #expect(node(false, 1, 3) == nil && node(false, 8, 16) == nil, "of no use, and not told")
    }

    @Test func `keeps the secrets when it is told to, so that the test above can fail`() throws {
        let tree = try Self.tree()
        let recording = try HostRecording(root: tree.root, isAnonymous: false)
        let text = String(decoding: TarWriter.archive(recording.tree), as: UTF8.self).lowercased()
        for secret in ["vault-eleven", "3c:ec:ef:12:34:56", "s4ewnx0m998877", "192.168.77", "mara"] {
            #expect(text.contains(secret), "\(secret) was never in the tree")
        }
    }

    @Test func `replays to the same inventory, byte for byte`() async throws {
        let tree = try Self.tree()
        let file = "\(tree.root).tar"
        defer { try? FileManager.default.removeItem(atPath: file) }
        _ = try await HostRecording(root: tree.root, isAnonymous: false).write(to: file)
        let live = try InventoryReader(root: tree.root).survey()
        let replayed = try await HostSource.read(file) { (root) throws(Problem) in
            try InventoryReader(root: root).survey()
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        #expect(try encoder.encode(live.inventory) == encoder.encode(replayed.inventory))
        #expect(live.findings == replayed.findings)
    }

    @Test func `keeps what readers decide by when it makes things up`() throws {
        let tree = try Self.tree()
        let recording = try HostRecording(root: tree.root, isAnonymous: true)
        let replay = try Replay(tree: recording.tree, name: "made-up")
        let live = try InventoryReader(root: tree.root).survey().inventory
        let made = try InventoryReader(root: replay.root).survey().inventory
        #expect(made.host.name == "host1")
        #expect(made.functions.map(\.address) == live.functions.map(\.address))
        #expect(made.functions.map(\.driver) == live.functions.map(\.driver))
        for address in live.functions.map(\.address) {
            #expect(made.verdict(of: address) == live.verdict(of: address))
            #expect(made.hostUses[address]?.map(\.reason) == live.hostUses[address]?.map(\.reason))
        }
        let serials = made.functions.flatMap { $0.details?.serials ?? [] }
        #expect(serials.count == live.functions.flatMap { $0.details?.serials ?? [] }.count)
        #expect(serials.contains(DeviceSerial(.nvme, "SERIAL0001")))
    }

    @Test func `keeps which mediated devices a guest has, by the same made-up number`() throws {
        let tree = try Self.tree()
        let uuid = "c728e022-f16f-434b-ad2c-9665ee634d3d"
        let card = try tree.function("0000:41:00.0", driver: "nvidia")
        try tree.link("sys/bus/mdev/devices/\(uuid)", to: "\(card)/\(uuid)")
        try tree.directory("\(card)/\(uuid)")
        try tree.file(
            "run/libvirt/qemu/trainer.xml",
            "<domain><hostdev mode='subsystem' type='mdev'><source><address uuid='\(uuid)'/></source></hostdev></domain>"
        )
        let recording = try HostRecording(root: tree.root, isAnonymous: true)
        let replay = try Replay(tree: recording.tree, name: "made-up")
        let uses = try InventoryReader(root: replay.root).read().hostUses[PCIAddress("41:00.0")] ?? []
        try #require(uses.map(\.reason) == [.mediatedDevices, .mediatedDevices])
        #expect(uses[0].chain[0] == uses[1].chain[1])
        #expect(!uses[0].chain[0].contains(uuid))
    }

    @Test(.requirements("V10"), arguments: [true, false]) func `keeps the ways out of the host`(_ isAnonymous: Bool)
        throws
    {
        let tree = try SampleTree.withFourCards()
        try tree.links([
            "wg0 kind=wireguard remote=cb007105", "red kind=vrf table=10", "vxlan7 kind=vxlan link=eth3",
            "ppp0 kind=ppp",
        ])
        try tree.tun("vnet0", isEthernet: true)
        try tree.process(90, "openvpn", behind: ["vnet0"])
        try tree.pppoe(["eth2"])
        try tree.routes([
            "4 51820 00000000 0 0 wg0", "4 254 cb007100 24 0 eth1 via", "4 10 00000000 0 0 vxlan7",
            "6 254 \(String(repeating: "0", count: 32)) 0 1 vnet0 from=20010db8\(String(repeating: "0", count: 24))/32",
        ])
        try tree.file("run/patchbay/rules", "4 0 255\n4 9 51820\n4 10 10\n4 32766 254\n6 32766 254\n")
        let recording = try HostRecording(root: tree.root, isAnonymous: isAnonymous)
        let text = String(decoding: TarWriter.archive(recording.tree), as: UTF8.self)
        #expect(text.contains("cb0071") != isAnonymous && text.contains("20010db8") != isAnonymous)
        #expect(!text.contains("mnt_id"), "of an open file only the interface is kept")
        let replay = try Replay(tree: recording.tree, name: "ways")
        let live = try tree.observe().inventory
        let made = try InventoryReader(root: replay.root).survey().inventory
        for address in live.functions.map(\.address) {
            #expect(made.verdict(of: address) == live.verdict(of: address))
            #expect(made.hostUses[address]?.map(\.severity) == live.hostUses[address]?.map(\.severity))
        }
        #expect(try made.verdict(of: PCIAddress("01:00.0")) == .critical)
    }

    @Test func `of a recording is the recording again`() throws {
        let tree = try Self.tree()
        let first = try HostRecording(root: tree.root, isAnonymous: true)
        let replay = try Replay(tree: first.tree, name: "host1")
        let second = try HostRecording(root: replay.root, isAnonymous: true)
        #expect(TarWriter.archive(first.tree) == TarWriter.archive(second.tree))
        let third = try HostRecording(root: tree.root, isAnonymous: true)
        #expect(TarWriter.archive(first.tree) == TarWriter.archive(third.tree))
    }

    @Test func `unpacks into a directory that goes away`() throws {
        let tree = try Self.tree()
        var root = ""
        do {
            let replay = try Replay(tree: HostRecording(root: tree.root, isAnonymous: true).tree, name: "gone")
            root = replay.root
            #expect(FileManager.default.fileExists(atPath: "\(root)/sys/bus/pci/devices/0000:01:00.0/config"))
        }
        #expect(!FileManager.default.fileExists(atPath: root))
    }
}
