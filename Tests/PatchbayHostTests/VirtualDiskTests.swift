import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayHost

/// Disks of guests and exports that software makes: the kernel does not show what they stand on.
@Suite struct `Virtual disks in use` {
    /// The root on nvme0, a pool of ZFS on nvme1, nothing on nvme2; `zd0` is a volume of the pool.
    private func tree() throws -> SampleTree {
        let tree = try SampleTree()
        try tree.noRoutes()
        for index in 0..<3 {
            let disk = "nvme\(index)n1"
            try tree.nvme("0000:0\(index + 1):00.0", disk, partitions: index == 2 ? [] : ["\(disk)p1"])
            try tree.udev(disk, number: "259:\(index * 2)", [:])
            if index < 2 { try tree.udev("\(disk)p1", number: "259:\(index * 2 + 1)", [:]) }
        }
        try tree.udev("nvme1n1p1", number: "259:3", ["ID_FS_TYPE": "zfs_member", "ID_FS_LABEL": "tank"])
        try tree.mounts([("/", "/dev/nvme0n1p1", "ext4")])
        try tree.directory("proc/spl/kstat/zfs/tank")
        try tree.directory("proc/spl/kstat/zfs/other")
        try tree.disk("zd0", below: "sys/devices/virtual/block", partitions: ["zd0p1"])
        // A guest may call a pool in its disk as the host calls its own.
        try tree.udev("zd0p1", number: "230:1", ["ID_FS_TYPE": "zfs_member", "ID_FS_LABEL": "tank"])
        try tree.udev("zd0", number: "230:0", [:])
        try tree.file("run/udev/data/b230:0", "S:zvol/tank/vms/web-disk-0\nE:ID_PART_TABLE_TYPE=gpt\n")
        return tree
    }

    private func runs(_ node: String, in tree: SampleTree) throws {
        try tree.file("proc/77/comm", "qemu-system-x86\n")
        try tree.file("proc/77/cmdline", "qemu-system-x86_64\0-name\0web\0-drive\0file=\(node),if=none\0")
    }

    @Test(.requirements("V11"), arguments: ["/dev/zd0", "/dev/zvol/tank/vms/web-disk-0", "/dev/zd0p1"])
    func `of ZFS are on the disks of their pool and on no other`(_ node: String) throws {
        let tree = try tree()
        try runs(node, in: tree)
        let result = try tree.observe()
        let uses = try #require(result.inventory.hostUses[PCIAddress("02:00.0")])
        let use = try #require(uses.first { $0.reason == .vmDisk })
        #expect(use.severity == .inUse && use.chain.first == "VM web")
        #expect(use.chain.suffix(4) == ["pool tank", "nvme1n1p1", "nvme1n1", "0000:02:00.0"])
        #expect(try result.inventory.verdict(of: PCIAddress("03:00.0")) == .free)
        #expect(result.findings.isEmpty)
    }

    @Test(arguments: [true, false]) func `of ZFS are told from a recording as from the host`(_ isAnonymous: Bool) throws
    {
        let tree = try tree()
        try tree.link("dev/zvol/tank/vms/web-disk-0", to: "dev/zd0")
        try runs("/dev/zvol/tank/vms/web-disk-0", in: tree)
        let recording = try HostRecording(root: tree.root, isAnonymous: isAnonymous)
        let text = String(decoding: TarWriter.archive(recording.tree), as: UTF8.self)
        #expect(text.contains("web-disk-0") != isAnonymous)
        let replay = try Replay(tree: recording.tree, name: "volumes")
        let made = try InventoryReader(root: replay.root).observe().inventory
        let verdicts = try ["01:00.0", "02:00.0", "03:00.0"].map { try made.verdict(of: PCIAddress($0)) }
        #expect(verdicts == [.critical, .inUse, .free])
    }

    @Test(arguments: ["libvirt", "export", "table"]) func `of ZFS are in the pool that an anonymous recording makes up`(
        _ user: String
    ) throws {
        let tree = try tree()
        let node = "/dev/zvol/tank/vms/web-disk-0"
        switch user {
        case "libvirt":
            let disk = "<disk type='block' device='disk'><source dev='\(node)'/></disk>"
            try tree.file(
                "run/libvirt/qemu/web.xml", "<domstatus><domain><devices>\(disk)</devices></domain></domstatus>")
        case "export": try tree.file("sys/kernel/config/target/core/iblock_0/vms/udev_path", "\(node)\n")
        default: try tree.file("etc/crypttab", "scratch \(node) /dev/urandom swap\n")
        }
        let recording = try HostRecording(root: tree.root, isAnonymous: true)
        #expect(!String(decoding: TarWriter.archive(recording.tree), as: UTF8.self).contains("web-disk-0"))
        let replay = try Replay(tree: recording.tree, name: "volumes")
        let made = try InventoryReader(root: replay.root).observe().inventory
        #expect(try made.verdict(of: PCIAddress("02:00.0")) == .inUse)
        #expect(try made.verdict(of: PCIAddress("03:00.0")) == .free)
    }

    @Test(arguments: [
        "sys/kernel/config/target/core/iblock_0/vms/udev_path", "sys/kernel/scst_tgt/devices/vms/filename",
    ])
    func `that are exported are on the disks of their pool, too`(_ path: String) throws {
        let tree = try tree()
        try tree.file(path, "/dev/zvol/tank/vms/web-disk-0\n")
        let inventory = try tree.observe().inventory
        #expect(try inventory.verdict(of: PCIAddress("02:00.0")) == .inUse)
        #expect(try inventory.verdict(of: PCIAddress("03:00.0")) == .free)
    }

    @Test func `may carry the root, which is then as needed as its pool`() throws {
        let tree = try tree()
        try tree.mounts([("/", "/dev/zd0p1", "ext4")])
        let inventory = try tree.observe().inventory
        let verdicts = try ["01:00.0", "02:00.0", "03:00.0"].map { try inventory.verdict(of: PCIAddress($0)) }
        #expect(verdicts == [.dataAtRisk, .critical, .free])
    }

    @Test func `of a program are said not to be followed, and keep no disk`() throws {
        let tree = try tree()
        try tree.disk("ublkb0", below: "sys/devices/virtual/block")
        try runs("/dev/ublkb0", in: tree)
        let result = try tree.observe()
        #expect(result.findings.map(\.code) == ["backing-not-followed"])
        #expect(result.findings.first?.sentence.contains("\"ublkb0\" of \"VM web\"") ?? false)
        #expect(try result.inventory.verdict(of: PCIAddress("03:00.0")) == .free)
        try tree.mounts([("/", "/dev/nvme0n1p1", "ext4"), ("/srv", "/dev/ublkb0", "ext4")])
        #expect(try tree.verdict("0000:03:00.0") == .unknown, "a file system of the host may be on any disk")
    }

    @Test func `of replicas without a disk here keep no disk where their configuration is there`() throws {
        let tree = try tree()
        try tree.disk("drbd1000", below: "sys/devices/virtual/block")
        try tree.mounts([("/", "/dev/nvme0n1p1", "ext4"), ("/var/lib/kubelet/pods/a", "/dev/drbd1000", "ext4")])
        #expect(try tree.verdict("0000:03:00.0") == .unknown)
        try tree.file("var/lib/linstor.d/pvc.res", "resource pvc {\n on a { device minor 1000; disk none; }\n}\n")
        #expect(try tree.verdict("0000:03:00.0") == .free)
    }

    /// Options of all resources, and those of LINSTOR that it keeps elsewhere.
    @Test(arguments: [
        ("etc/drbd.conf", "include \"/srv/drbd/*.res\";\ncommon { disk { on-io-error detach; } }\n"),
        ("etc/drbd.conf", "# resource r0 { disk /dev/sdb1; }\ninclude \"/srv/drbd/*.res\";\n"),
        ("etc/drbd.d/linstor-resources.res", "include \"/srv/linstor.d/*.res\";\n"),
    ]) func `of replicas whose resources are elsewhere may stand on any disk`(_ path: String, _ text: String) throws {
        let tree = try tree()
        try tree.disk("drbd1000", below: "sys/devices/virtual/block")
        try tree.mounts([("/", "/dev/nvme0n1p1", "ext4"), ("/var/lib/kubelet/pods/a", "/dev/drbd1000", "ext4")])
        try tree.file(path, text)
        #expect(try tree.verdict("0000:03:00.0") == .unknown)
    }
}
