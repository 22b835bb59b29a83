import Foundation
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayHost

@Suite struct `Storage that services have for themselves` {
    /// The root on nvme0, nvme1 beside it with one partition.
    private func tree() throws -> SampleTree {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.nvme("0000:01:00.0", "nvme0n1", partitions: ["nvme0n1p1"])
        try tree.nvme("0000:02:00.0", "nvme1n1", partitions: ["nvme1n1p1"])
        try tree.udev("nvme1n1", number: "259:3", [:])
        try tree.udev("nvme1n1p1", number: "259:4", [:])
        try tree.link("sys/dev/block/259:4", to: "sys/class/block/nvme1n1p1")
        try tree.mounts([("/", "/dev/nvme0n1p1", "ext4")])
        return tree
    }

    private func worst(_ tree: SampleTree) throws -> HostUse {
        let inventory = try tree.observe().inventory
        return try #require(inventory.mostSevereUse(of: PCIAddress("0000:02:00.0")))
    }

    private static let chain = ["nvme1n1p1", "nvme1n1", "0000:02:00.0"]

    @Test(
        .requirements("E11"),
        arguments: [
            ("sys/kernel/config/target/core/iblock_0/vms/udev_path", "/dev/nvme1n1p1\n", "LIO target vms"),
            (
                "sys/kernel/config/target/core/iblock_0/vms/info", "iBlock device: nvme1n1p1  UDEV PATH: \n",
                "LIO target vms"
            ),
            ("sys/kernel/config/nvmet/subsystems/vms/namespaces/1/device_path", "/dev/nvme1n1p1\n", "NVMe target vms"),
            ("sys/kernel/scst_tgt/devices/vms/filename", "/dev/nvme1n1p1\n[key]\n", "SCST target vms"),
            ("sys/bus/xen-backend/devices/vbd-1-51712/physical_device", "103:4\n", "disk of a Xen guest (vbd-1-51712)"),
        ])
    func `is in use while it is served`(_ path: String, _ text: String, _ words: String) throws {
        let tree = try tree()
        try tree.file(path, text)
        let use = try worst(tree)
        #expect(use.reason == .volume && use.severity == .inUse && use.chain == [words] + Self.chain)
    }

    /// A tape behind a SAS controller, which has no block device.
    @Test(
        .requirements("E11"),
        arguments: [
            ("sys/kernel/config/target/core/pscsi_0/tape/udev_path", "/dev/sg3\n", "LIO target tape"),
            (
                "sys/kernel/config/target/core/pscsi_0/tape/info",
                "Status: ACTIVATED\n SCSI Device Bus Location: Channel ID: 0 Target ID: 1 LUN: 0 Host ID: 2\n",
                "LIO target tape"
            ),
            ("sys/kernel/scst_tgt/devices/2:0:1:0/type", "1 - tape\n", "SCST target 2:0:1:0"),
            (
                "sys/kernel/config/target/core/user_0/tape/info",
                "Status: ACTIVATED\n Config: zbc//dev/sg3  Size: 4096\n", "LIO target tape"
            ),
        ])
    func `is in use while a device of SCSI is passed through`(_ path: String, _ text: String, _ words: String) throws {
        let tree = try tree()
        let function = try tree.function("0000:02:00.1", id: "1000:0097", deviceClass: "010700", driver: "mpt3sas")
        let device = "\(function)/host2/target2:0:1/2:0:1:0"
        try tree.directory("\(device)/scsi_generic/sg3")
        try tree.link("sys/class/scsi_generic/sg3", to: "\(device)/scsi_generic/sg3")
        try tree.link("sys/bus/scsi/devices/2:0:1:0", to: device)
        #expect(try tree.verdict("02:00.1") == .free)
        // The file is there in every target, whether its tools wrote to it or not.
        if path.hasSuffix("/info") { try tree.file(path.replacing("/info", with: "/udev_path"), "\n") }
        try tree.file(path, text)
        let uses = try tree.uses("02:00.1")
        #expect(uses == [HostUse(.volume, .inUse, chain: [words, "sg3", "0000:02:00.1"])])
    }

    /// `st0` and `nst0` behind a SAS controller.
    private func treeWithTape() throws -> SampleTree {
        let tree = try tree()
        let function = try tree.function("0000:02:00.1", id: "1000:0097", deviceClass: "010700", driver: "mpt3sas")
        for node in ["st0", "nst0"] {
            let directory = "\(function)/host2/target2:0:1/2:0:1:0/scsi_tape/\(node)"
            try tree.directory(directory)
            try tree.link("sys/class/scsi_tape/\(node)", to: directory)
        }
        return tree
    }

    @Test(.requirements("E11")) func `is in use while a tape is served by the name that udev gave it`() throws {
        let tree = try treeWithTape()
        #expect(try tree.verdict("02:00.1") == .free)
        try tree.link("dev/tape/by-id/scsi-3500-nst", to: "dev/nst0")
        try tree.file("sys/kernel/config/target/core/pscsi_0/tape/udev_path", "/dev/tape/by-id/scsi-3500-nst\n")
        let uses = try tree.uses("02:00.1")
        #expect(uses == [HostUse(.volume, .inUse, chain: ["LIO target tape", "nst0", "0000:02:00.1"])])
    }

    @Test(
        .requirements("E11"),
        arguments: [
            ("/dev/vg0/st0", "vg0-st0", true), ("/dev/vg0/st0", "vg0-st0", false), ("/dev/mapper/st0", "st0", true),
            ("/dev/mapper/st0", "st0", false),
        ])
    func `is below a volume that is served, and not the tape that is called like it`(
        _ node: String, _ mapped: String, _ hasLink: Bool
    ) throws {
        let tree = try treeWithTape()
        try tree.stack("dm-0", on: ["nvme1n1p1"], mappedAs: mapped)
        if hasLink { try tree.link(String(node.dropFirst()), to: "dev/dm-0") }
        try tree.file("sys/kernel/config/target/core/iblock_0/vms/udev_path", "\(node)\n")
        #expect(try tree.verdict("02:00.1") == .free)
        #expect(try worst(tree).chain == ["LIO target vms", "dm-0"] + Self.chain)
    }

    @Test func `holds data while a target is off, and a controller that is passed through is in use`() throws {
        let tree = try tree()
        let subsystem = "sys/kernel/config/nvmet/subsystems/vms"
        try tree.file("\(subsystem)/namespaces/1/device_path", "/dev/nvme1n1p1\n")
        try tree.file("\(subsystem)/namespaces/1/enable", "0\n")
        let off = try worst(tree)
        #expect(off.severity == .dataAtRisk && off.chain.first == "NVMe target vms")
        try tree.link("sys/class/nvme/nvme1", to: "sys/devices/pci0000:00/0000:02:00.0/nvme/nvme1")
        try tree.file("\(subsystem)/passthru/device_path", "/dev/nvme1\n")
        let passed = try worst(tree)
        #expect(passed.severity == .inUse && passed.chain == ["NVMe target vms", "nvme1", "0000:02:00.0"])
    }

    @Test(
        arguments: [
            "var/lib/ceph/osd/ceph-3", "var/lib/ceph/11111111-2222-4333-8444-555555555555/osd.3",
            "var/lib/rook/rook-ceph/11111111_22222222", "var/snap/microceph/common/data/osd/ceph-3",
        ])
    func `is in use by a Ceph daemon of any deployer, running or not`(_ folder: String) throws {
        let tree = try tree()
        try tree.directory(folder)
        try FileManager.default.createSymbolicLink(
            atPath: "\(tree.root)/\(folder)/block", withDestinationPath: "/dev/nvme1n1p1")
        let use = try worst(tree)
        #expect(use.severity == .inUse && use.chain == ["Ceph OSD"] + Self.chain)
        let replay = try Replay(tree: HostRecording(root: tree.root, isAnonymous: true).tree, name: "made-up")
        let made = try InventoryReader(root: replay.root).observe().inventory
        #expect(made.verdict(of: try PCIAddress("02:00.0")) == .inUse)
    }

    @Test(.requirements("V11")) func `is under the disk of a guest that a hypervisor was started with by hand`() throws
    {
        let tree = try tree()
        try tree.file("proc/77/comm", "kvm\n")
        try tree.file(
            "proc/77/cmdline", "/usr/bin/kvm\0-name\0web,debug-threads=on\0-drive\0file=/dev/nvme1n1p1,if=none\0")
        let use = try worst(tree)
        #expect(use.reason == .vmDisk && use.severity == .inUse && use.chain == ["VM web"] + Self.chain)
        let json = GuestProcesses.guest(
            ["qemu", "-blockdev", "{\"filename\":\"/dev/sdb\",\"node-name\":\"a\"}"], process: "q")
        #expect(json == GuestProcesses.Guest(name: "q", nodes: ["/dev/sdb"]))
    }

    @Test func `is under the disk of a guest whose command line is read once`() throws {
        let tree = try tree()
        let stat = "(kvm) (1)) S " + (4...21).map(String.init).joined(separator: " ")
        #expect(GuestProcesses.start("77 \(stat) 4711 0") == "4711")
        #expect(GuestProcesses.start("77 (kvm) S 1") == nil)
        try tree.file("proc/77/comm", "kvm\n")
        try tree.file("proc/77/stat", "77 \(stat) 4711 0\n")
        try tree.file("proc/77/cmdline", "kvm\0-drive\0file=/dev/nvme1n1p1,if=none\0")
        let reader = InventoryReader(root: tree.root)
        let address = try PCIAddress("02:00.0")
        let before = try reader.observe()
        #expect(before.inventory.hostUses[address]?.contains { $0.chain.first == "kvm" } == true)
        try tree.file("proc/77/cmdline", "kvm\0-drive\0file=/dev/null\0")
        let programs = HostChange(parts: [.programs])
        let same = try reader.refresh(before, after: programs)
        #expect(same.inventory.hostUses[address]?.contains { $0.chain.first == "kvm" } == true, "the same process")
        try tree.file("proc/77/stat", "77 \(stat) 4712 0\n")
        let other = try reader.refresh(same, after: programs)
        #expect(other.inventory.hostUses[address]?.contains { $0.chain.first == "kvm" } != true)
    }

    @Test func `is in use as a physical volume of an active group, also an empty one`() throws {
        let tree = try tree()
        try tree.stack("dm-0", on: ["nvme0n1p1"], mappedAs: "vg--a-root")
        try tree.file("sys/devices/virtual/block/dm-0/dm/uuid", "LVM-abcdef\n")
        try tree.udev("nvme1n1p1", number: "259:4", ["ID_FS_TYPE": "LVM2_member", "ID_FS_UUID": "aBc-1"])
        #expect(try worst(tree).severity == .dataAtRisk)
        try tree.file("run/lvm/pvs_online/aBc1", "259:4\nvg:old\n")
        #expect(try worst(tree).severity == .dataAtRisk, "its group is not active")
        try tree.file("run/lvm/pvs_online/aBc1", "259:4\nvg:vg-a\n")
        let active = try worst(tree)
        #expect(active.severity == .inUse && active.chain == ["volume group vg-a"] + Self.chain)
        try FileManager.default.removeItem(atPath: "\(tree.root)/run/lvm")
        try tree.file("etc/lvm/backup/vg-a", "physical_volumes {\n\tpv1 {\n\t\tid = \"aBc-1\"\n\t}\n}\n")
        #expect(try worst(tree).severity == .inUse)
    }

    @Test func `holds data as a replica that is down, and is in use as one that is up`() throws {
        let tree = try tree()
        try tree.file("etc/drbd.d/vms.res", "resource vms {\n  on a { disk /dev/nvme1n1p1; meta-disk internal; }\n}\n")
        let down = try worst(tree)
        #expect(down.severity == .dataAtRisk && down.chain.first == "DRBD resource vms")
        try tree.file("etc/drbd.d/vms.res", "resource vms {\n  device minor 3;\n  disk /dev/nvme1n1p1;\n}\n")
        try tree.file("sys/devices/virtual/block/drbd3/size", "4096\n")
        try tree.link("sys/block/drbd3", to: "sys/devices/virtual/block/drbd3")
        let up = try worst(tree)
        #expect(up.severity == .inUse && up.chain == ["DRBD resource vms"] + Self.chain)
        // All in the file that usually includes the others.
        let old = try self.tree()
        try old.file(
            "etc/drbd.conf", "include \"drbd.d/*.res\";\nresource r0 { disk /dev/nvme1n1p1; device /dev/drbd3; }\n")
        try old.file("sys/devices/virtual/block/drbd3/size", "4096\n")
        try old.link("sys/block/drbd3", to: "sys/devices/virtual/block/drbd3")
        #expect(try worst(old).chain == ["DRBD resource"] + Self.chain)
    }
}

@Suite struct `Pools of ZFS` {
    private func tree(_ properties: [String: String]) throws -> SampleTree {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.nvme("0000:02:00.0", "nvme1n1", partitions: ["nvme1n1p1"])
        try tree.udev("nvme1n1", number: "259:3", [:])
        try tree.udev("nvme1n1p1", number: "259:4", properties)
        try tree.mounts([("/", "tmpfs", "tmpfs")])
        try tree.directory("proc/spl/kstat/zfs/tank")
        return tree
    }

    /// The configuration of a pool with a disk and a cache, as ZFS writes it.
    private func cache(disk: String, cache: String) -> Data {
        func path(_ node: String) -> [UInt8] { Self.list([Self.pair("path", 9, Self.text(node))]) }
        let vdevs = Self.list([Self.pair("type", 9, Self.text("root")), Self.pair("children", 20, path(disk))])
        let config = Self.list([
            Self.pair("version", 8, Self.word(0) + Self.word(5000)), Self.pair("vdev_tree", 19, vdevs),
            Self.pair("l2cache", 20, path(cache)),
        ])
        return Data([1, 1, 0, 0] + Self.list([Self.pair("tank", 19, config)]))
    }

    private static func word(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
    private static func text(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        return word(bytes.count) + bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }
    private static func pair(_ name: String, _ type: Int, _ value: [UInt8]) -> [UInt8] {
        let rest = text(name) + word(type) + word(1) + value
        return word(rest.count + 8) + word(rest.count + 8) + rest
    }
    private static func list(_ pairs: [[UInt8]]) -> [UInt8] {
        word(0) + word(1) + pairs.flatMap(\.self) + word(0) + word(0)
    }

    @Test(.requirements("E11")) func `include caches, which carry no name of their pool`() throws {
        let tree = try tree(["ID_PART_ENTRY_TYPE": "6a898cc3-1dd2-11b2-99a6-080020736631"])
        try tree.file("etc/zfs/zpool.cache", cache(disk: "/dev/sdz1", cache: "/dev/nvme1n1p1"))
        let use = try #require(try tree.uses("0000:02:00.0").first)
        #expect(use.severity == .inUse && use.chain == ["pool tank", "nvme1n1p1", "nvme1n1", "0000:02:00.0"])
        let replay = try Replay(tree: HostRecording(root: tree.root, isAnonymous: true).tree, name: "made-up")
        let made = try InventoryReader(root: replay.root).observe().inventory
        #expect(made.verdict(of: try PCIAddress("02:00.0")) == .inUse)
    }

    @Test func `may include any disk of ZFS as long as their own record cannot be read`() throws {
        let tree = try tree(["ID_PART_ENTRY_TYPE": "6a898cc3-1dd2-11b2-99a6-080020736631"])
        #expect(try tree.verdict("0000:02:00.0") == .unknown)
        try tree.file("etc/zfs/zpool.cache", cache(disk: "/dev/sdz1", cache: "/dev/sdy1"))
        #expect(try tree.verdict("0000:02:00.0") == .dataAtRisk)
    }

    /// Imported with `cachefile=none`, as Proxmox does it, beside a pool that the record has.
    @Test func `may include any disk of ZFS as long as their own record lacks a pool`() throws {
        let tree = try tree(["ID_PART_ENTRY_TYPE": "6a898cc3-1dd2-11b2-99a6-080020736631"])
        try tree.directory("proc/spl/kstat/zfs/vault")
        try tree.file("etc/zfs/zpool.cache", cache(disk: "/dev/sdz1", cache: "/dev/sdy1"))
        #expect(try tree.verdict("0000:02:00.0") == .unknown)
        try tree.file("etc/zfs/zpool.cache", cache(disk: "/dev/nvme1n1p1", cache: "/dev/sdy1"))
        #expect(try tree.verdict("0000:02:00.0") == .inUse)
    }

    @Test func `are read from any bytes without harm`() {
        let whole = [UInt8](cache(disk: "/dev/sda1", cache: "/dev/sdb1"))
        #expect(ZFSPoolCache(whole).members.map(\.node) == ["/dev/sda1", "/dev/sdb1"])
        for length in whole.indices {
            #expect(ZFSPoolCache(Array(whole.prefix(length))).members.count <= 2)
            var damaged = whole
            damaged[length] ^= 0xff
            #expect(ZFSPoolCache(damaged).members.count < 8)
        }
    }
}
