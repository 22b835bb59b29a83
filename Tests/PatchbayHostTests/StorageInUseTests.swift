import Foundation
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayHost

@Suite struct `Storage in use without a mount` {
    /// The root on nvme0, nvme1 beside it with one partition.
    private func tree() throws -> SampleTree {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.nvme("0000:01:00.0", "nvme0n1", partitions: ["nvme0n1p1"])
        try tree.nvme("0000:02:00.0", "nvme1n1", partitions: ["nvme1n1p1"])
        try tree.udev("nvme1n1", number: "259:3", [:])
        try tree.udev("nvme1n1p1", number: "259:4", [:])
        try tree.mounts([("/", "/dev/nvme0n1p1", "ext4")])
        return tree
    }

    private func worst(_ tree: SampleTree) throws -> HostUse {
        let inventory = try tree.observe().inventory
        return try #require(inventory.mostSevereUse(of: PCIAddress("0000:02:00.0")))
    }

    private let swaps = "Filename\tType\tSize\tUsed\tPriority\n"

    @Test(.requirements("V11", "D2", "E11")) func `is what swap space in memory writes back to`() throws {
        let tree = try tree()
        try tree.stack("zram0", on: [])
        try tree.file("proc/swaps", swaps + "/dev/zram0  partition 8388604 524288 100\n")
        try tree.file("sys/devices/virtual/block/zram0/backing_dev", "none\n")
        #expect(try worst(tree).severity == .dataAtRisk)
        try tree.file("sys/devices/virtual/block/zram0/backing_dev", "/dev/nvme1n1p1\n")
        let use = try worst(tree)
        #expect(use.reason == .swap && use.severity == .critical)
        #expect(use.chain == ["zram0", "nvme1n1p1", "nvme1n1", "0000:02:00.0"])
    }

    @Test func `includes spares and journals of an array, mounted or not`() throws {
        let tree = try tree()
        try tree.stack("md0", on: ["nvme0n1p1"])
        try tree.directory("sys/devices/virtual/block/md0/md/dev-nvme0n1p1")
        try tree.directory("sys/devices/virtual/block/md0/md/dev-nvme1n1p1")
        try tree.mounts([("/", "/dev/md0", "ext4")])
        #expect(try worst(tree).chain == ["/", "md0", "nvme1n1p1", "nvme1n1", "0000:02:00.0"])
    }

    @Test func `includes arrays that only the kernel's list of arrays tells of`() throws {
        let tree = try tree()
        try tree.stack("md127", on: [])
        try tree.file("proc/mdstat", "Personalities : [raid1]\nmd127 : inactive nvme1n1p1[0](S)\n      1000 blocks\n")
        let use = try worst(tree)
        #expect(use.reason == .volume && use.severity == .inUse)
        #expect(use.chain == ["md127", "nvme1n1p1", "nvme1n1", "0000:02:00.0"])
    }

    /// Unraid's driver lists its disks by slot, with their serial numbers; a disk with parity has no device above.
    @Test(.requirements("E11")) func `includes the disks of an array with slots, parity among them`() throws {
        let tree = try tree()
        try tree.nvme("0000:03:00.0", "nvme2n1", partitions: ["nvme2n1p1"])
        try tree.nvme("0000:04:00.0", "nvme3n1")
        try tree.udev("nvme3n1", number: "259:9", [:])
        try tree.stack("md1p1", on: [])
        let slots = "diskName.0=\nrdevName.0=nvme1n1\nrdevId.0=WDC_SECRET-77\ndiskName.1=md1p1\nrdevName.1=nvme2n1\n"
        try tree.file("proc/mdstat", "mdState=STARTED\n" + slots + "diskName.2=\nrdevName.2=\n")
        try tree.mounts([("/", "/dev/nvme0n1p1", "ext4"), ("/mnt/disk1", "/dev/md1p1", "xfs")])
        #expect(try worst(tree).chain == ["Unraid array", "nvme1n1", "0000:02:00.0"])
        let data = try #require(try tree.uses("03:00.0").first)
        #expect(data.severity == .inUse && data.chain == ["/mnt/disk1", "md1p1", "nvme2n1", "0000:03:00.0"])
        #expect(try tree.verdict("04:00.0") == .free)
        let replay = try Replay(tree: HostRecording(root: tree.root, isAnonymous: false).tree, name: "slots")
        let told = try String(contentsOfFile: "\(replay.root)/proc/mdstat", encoding: .utf8)
        #expect(told.contains("rdevName.1=nvme2n1") && !told.contains("SECRET"))
        let again = try InventoryReader(root: replay.root).observe().inventory
        #expect(again.verdict(of: try PCIAddress("02:00.0")) == .inUse)
        try tree.file("proc/mdstat", "mdState=STOPPED\n" + slots)
        #expect(try worst(tree).severity != .inUse)
    }

    @Test func `is followed through many arrays by lists that are read once`() throws {
        let tree = try tree()
        try tree.stack("md1p1", on: [])
        try tree.stack("nmd1p1", on: [])
        try tree.stack("md127", on: [])
        func slots(_ device: String) -> String {
            "mdState=STARTED\ndiskName.1=\(device)\nrdevName.1=nvme1n1\n"
        }
        try tree.file("proc/mdstat", slots("md1p1") + "md127 : inactive nvme1n1p1[0](S)\n")
        try tree.file("proc/nmdstat", slots("nmd1p1"))
        let blocks = BlockDevices(try HostTree(root: tree.root))
        let before = ["md1p1", "nmd1p1", "md127"].map { blocks.lower(of: $0) }
        #expect(before == [["nvme1n1"], ["nvme1n1"], ["nvme1n1p1"]])
        try tree.remove("proc/mdstat")
        try tree.remove("proc/nmdstat")
        #expect(["md1p1", "nmd1p1", "md127"].map { blocks.lower(of: $0) } == before)
    }

    @Test func `includes an array behind hundreds of other devices`() throws {
        let tree = try tree()
        for index in 0..<300 { try tree.stack("loop\(index)", on: []) }
        try tree.stack("md127", on: [])
        try tree.file("proc/mdstat", "Personalities : [raid1]\nmd127 : inactive nvme1n1p1[0](S)\n      1000 blocks\n")
        #expect(try worst(tree).severity == .inUse)
    }

    @Test func `includes what bcache has registered, and disks behind loop devices`() throws {
        let tree = try tree()
        try tree.directory("sys/devices/pci0000:00/0000:02:00.0/nvme/nvme1/nvme1n1/nvme1n1p1/bcache")
        #expect(try worst(tree).chain == ["bcache", "nvme1n1p1", "nvme1n1", "0000:02:00.0"])
        let other = try self.tree()
        try other.stack("loop0", on: [])
        try other.file("sys/devices/virtual/block/loop0/loop/backing_file", "/dev/nvme1n1\n")
        #expect(try worst(other).chain == ["loop0", "nvme1n1", "0000:02:00.0"])
        #expect(try worst(other).severity == .inUse)
    }

    @Test(
        .requirements("E11"),
        arguments: [
            ("sys/fs/ext4/nvme1n1p1", "ext4"), ("sys/fs/xfs/nvme1n1p1", "xfs"), ("sys/fs/f2fs/nvme1n1p1", "f2fs"),
            ("proc/fs/jbd2/nvme1n1p1-8", "journal of ext4"),
            ("sys/fs/btrfs/c0ffee/devices/nvme1n1p1", "btrfs"),
        ])
    func `includes file systems that are mounted in another namespace`(_ path: String, _ words: String) throws {
        let tree = try tree()
        try tree.directory("sys/fs/ext4/features")
        #expect(try worst(tree).severity == .dataAtRisk)
        try tree.directory(path)
        let use = try worst(tree)
        #expect(use.reason == .mount && use.severity == .inUse)
        #expect(use.chain == ["\(words) that is mounted elsewhere", "nvme1n1p1", "nvme1n1", "0000:02:00.0"])
    }

    @Test func `says nothing new of a file system whose mount is seen`() throws {
        let tree = try tree()
        try tree.directory("sys/fs/ext4/nvme0n1p1")
        #expect(try tree.uses("0000:01:00.0").map(\.chain) == [["/", "nvme0n1p1", "nvme0n1", "0000:01:00.0"]])
    }

    @Test func `includes external journals`() throws {
        let tree = try tree()
        try tree.file(
            "proc/1/mountinfo",
            "1 1 0:1 / / rw - ext4 /dev/nvme0n1p1 rw\n2 1 0:2 / /srv rw - xfs /dev/nvme0n1 rw,logdev=/dev/nvme1n1p1\n")
        #expect(try worst(tree).chain == ["/srv", "nvme1n1p1", "nvme1n1", "0000:02:00.0"])
    }

    @Test(.requirements("V8", "D2")) func `includes every layer of a root that is put together of images`() throws {
        let tree = try tree()
        try tree.file(
            "proc/1/mountinfo",
            "20 1 0:35 / / rw - overlay composefs ro,lowerdir+=/run/lower,datadir+=/sysroot/objects,metacopy=on\n"
                + "21 1 0:36 / /sysroot rw - xfs /dev/nvme0n1p1 rw\n22 1 0:22 / /run rw - tmpfs tmpfs rw\n"
                + "23 1 0:37 / /run/lower ro - erofs /sysroot/images/root.cfs ro\n")
        try tree.nvme("0000:03:00.0", "nvme2n1")
        try tree.udev("nvme2n1", number: "259:8", [:])
        let result = try tree.observe()
        #expect(result.findings.isEmpty)
        let uses = try #require(result.inventory.hostUses[PCIAddress("01:00.0")])
        #expect(uses.first?.chain == ["/", "/run/lower", "/sysroot", "nvme0n1p1", "nvme0n1", "0000:01:00.0"])
        #expect(uses.contains { $0.chain == ["/", "/sysroot", "nvme0n1p1", "nvme0n1", "0000:01:00.0"] })
        #expect(result.inventory.verdict(of: try PCIAddress("03:00.0")) == .free)
    }

    @Test func `includes what is named for a later mount, as data at risk`() throws {
        let tree = try tree()
        try tree.file("etc/fstab", "# comment\n/dev/nvme1n1p1 /mnt ext4 noauto 0 0\n")
        let use = try worst(tree)
        #expect(use.reason == .storedData && use.severity == .dataAtRisk && use.chain.first == "/mnt in fstab")
        let other = try self.tree()
        try other.file("etc/crypttab", "scratch /dev/nvme1n1p1 /dev/urandom swap\n")
        #expect(try worst(other).chain.first == "scratch in crypttab")
        try other.file("etc/crypttab", "root UUID=none /key:/dev/nvme1n1p1 luks\n")
        let key = try worst(other)
        #expect(
            key.reason == .bootPartition && key.severity == .critical && key.chain.first == "key of root in crypttab")
    }

    @Test(arguments: ["/dev/nvme1n1p1", "/root.img:/dev/nvme1n1p1"])
    func `includes the header of an encrypted volume that is apart from its data`(_ header: String) throws {
        let tree = try tree()
        try tree.file("etc/crypttab", "root UUID=none none luks,header=\(header),discard\n")
        let use = try worst(tree)
        #expect(use.reason == .bootPartition && use.severity == .critical)
        #expect(use.chain == ["header of root in crypttab", "nvme1n1p1", "nvme1n1", "0000:02:00.0"])
    }

    @Test func `includes where the kernel resumes from`() throws {
        let tree = try tree()
        try tree.link("sys/dev/block/259:4", to: "sys/class/block/nvme1n1p1")
        try tree.file("sys/power/resume", "0:0\n")
        #expect(try worst(tree).severity == .dataAtRisk)
        try tree.file("sys/power/resume", "259:4\n")
        let found = try worst(tree)
        #expect(found.reason == .hibernation && found.severity == .critical)
    }
}
