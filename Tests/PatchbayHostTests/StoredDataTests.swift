import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `Disks that nothing is mounted from` {
    private func tree() throws -> SampleTree {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.nvme("0000:01:00.0", "nvme0n1", partitions: ["nvme0n1p1", "nvme0n1p2"])
        try tree.mounts([("/", "/dev/nvme0n1p1", "ext4")])
        try tree.nvme("0000:02:00.0", "nvme1n1", partitions: ["nvme1n1p1"])
        return tree
    }

    @Test(
        .requirements("V11"),
        arguments: [
            ("ext4", "ext4 \"backup\""), ("LVM2_member", "physical volume of LVM"),
            ("linux_raid_member", "RAID member \"backup\""), ("zfs_member", "ZFS pool \"backup\""),
            ("ceph_bluestore", "Ceph OSD"), ("crypto_LUKS", "encrypted volume \"backup\""), ("drbd", "DRBD replica"),
        ])
    func `hold data at risk, by what udev found on them`(_ type: String, _ words: String) throws {
        let tree = try tree()
        try tree.udev("nvme1n1p1", number: "259:4", ["ID_FS_TYPE": type, "ID_FS_LABEL": "backup"])
        let use = try #require(try tree.uses("0000:02:00.0").first)
        #expect(use.reason == .storedData && use.severity == .dataAtRisk)
        #expect(use.chain == [words, "nvme1n1p1", "nvme1n1", "0000:02:00.0"])
        #expect(try tree.verdict("0000:02:00.0") == .dataAtRisk)
    }

    @Test func `are blank only where udev has looked and found nothing`() throws {
        let tree = try tree()
        try tree.nvme("0000:03:00.0", "nvme2n1")
        #expect(try tree.uses("0000:03:00.0").map(\.chain) == [["contents unknown", "nvme2n1", "0000:03:00.0"]])
        try tree.udev("nvme2n1", number: "259:8", [:])
        #expect(try tree.verdict("0000:03:00.0") == .free)
        try tree.udev("nvme2n1", number: "259:8", ["ID_PART_TABLE_TYPE": "gpt"])
        #expect(
            try tree.uses("0000:03:00.0").map(\.chain) == [
                ["empty gpt partition table", "nvme2n1", "0000:03:00.0"]
            ])
    }

    @Test func `hold data where the kernel shows partitions and nobody says of what`() throws {
        #expect(
            try tree().uses("0000:02:00.0").map(\.chain) == [["partitions", "nvme1n1p1", "nvme1n1", "0000:02:00.0"]])
    }

    @Test func `hold nothing where there is no medium`() throws {
        let tree = try tree()
        try tree.nvme("0000:03:00.0", "nvme2n1")
        try tree.file("sys/class/block/nvme2n1/size", "0\n")
        #expect(try tree.verdict("0000:03:00.0") == .free)
    }

    @Test(.requirements("V11")) func `are in use when something stands on them`() throws {
        let tree = try tree()
        try tree.link("sys/class/block/nvme1n1p1/holders/dm-7", to: "sys/class/block/dm-7")
        let use = try #require(try tree.uses("0000:02:00.0").first)
        #expect(use.reason == .volume && use.severity == .inUse)
        #expect(use.chain == ["dm-7", "nvme1n1p1", "nvme1n1", "0000:02:00.0"])
    }

    @Test func `are in use as members of an imported pool, and hold data otherwise`() throws {
        let tree = try tree()
        try tree.udev("nvme1n1p1", number: "259:4", ["ID_FS_TYPE": "zfs_member", "ID_FS_LABEL": "tank"])
        #expect(try tree.verdict("0000:02:00.0") == .dataAtRisk)
        try tree.directory("proc/spl/kstat/zfs/tank")
        let use = try #require(try tree.uses("0000:02:00.0").first)
        #expect(use.severity == .inUse)
        #expect(use.chain == ["pool tank", "nvme1n1p1", "nvme1n1", "0000:02:00.0"])
    }

    @Test func `are all unknown where no mount table was read`() throws {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.nvme("0000:01:00.0", "nvme0n1")
        try tree.function("0000:02:00.0", deviceClass: "010802", driver: "vfio-pci")
        let result = try tree.observe()
        #expect(result.inventory.verdict(of: try PCIAddress("01:00.0")) == .unknown)
        #expect(result.inventory.verdict(of: try PCIAddress("02:00.0")) == .free)
        #expect(result.findings.map(\.code) == ["mounts-unknown"])
    }

    @Test func `below a volume management device keep it with the host`() throws {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.mounts([("/", "tmpfs", "tmpfs")])
        try tree.function("0000:6f:00.5", deviceClass: "010400", driver: "vmd")
        try tree.nvme("10001:81:00.0", "nvme0n1", below: "pci0000:6a/0000:6f:00.5/pci10001:80")
        try tree.udev("nvme0n1", number: "259:0", [:])
        let use = try #require(try tree.uses("0000:6f:00.5").first)
        #expect(use.reason == .childDomain && use.severity == .inUse)
        #expect(use.chain == ["nvme0n1", "10001:81:00.0", "0000:6f:00.5"])
        #expect(try tree.verdict("10001:81:00.0") == .free)
    }
}
