import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `Disks the host lives on` {
    private func chains(_ result: InventoryReader.Result, _ address: String) throws -> [[String]] {
        (result.inventory.hostUses[try PCIAddress(address)] ?? []).map(\.chain)
    }

    @Test(.requirements("V8", "V11")) func `are found through encryption, an array and partitions`() throws {
        let tree = try SampleTree()
        for (index, address) in ["0000:01:00.0", "0000:02:00.0"].enumerated() {
            let function = try tree.function(address, deviceClass: "010802", driver: "nvme")
            let disk = "nvme\(index)n1"
            try tree.disk(disk, below: "\(function)/nvme/nvme\(index)", partitions: ["\(disk)p2"])
        }
        try tree.stack("md0", on: ["nvme0n1p2", "nvme1n1p2"])
        try tree.stack("dm-0", on: ["md0"], mappedAs: "root")
        try tree.mounts([("/", "/dev/mapper/root", "ext4")])
        let result = try tree.read()
        let use = try #require(result.inventory.hostUses[PCIAddress("0000:01:00.0")]?.first)
        #expect(use.chain == ["/", "dm-0", "md0", "nvme0n1p2", "nvme0n1", "0000:01:00.0"])
        #expect(use.reason == .mount && use.severity == .critical)
        #expect(use.sentence.hasPrefix("root file system: / → dm-0"))
        #expect(try chains(result, "0000:02:00.0") == [["/", "dm-0", "md0", "nvme1n1p2", "nvme1n1", "0000:02:00.0"]])
        #expect(result.findings.isEmpty)
        #expect(result.inventory.functions[0].nodes == ["nvme0n1"])
    }

    @Test func `are found by number where the name says nothing`() throws {
        let tree = try SampleTree()
        let function = try tree.function("0000:01:00.0", deviceClass: "010802", driver: "nvme")
        try tree.disk("nvme0n1", below: "\(function)/nvme/nvme0", partitions: ["nvme0n1p3"])
        try tree.link("sys/dev/block/259:3", to: "\(function)/nvme/nvme0/nvme0n1/nvme0n1p3")
        try tree.file("proc/self/mountinfo", "1 1 259:3 / / rw - ext4 /dev/root rw\n")
        #expect(try chains(tree.read(), "0000:01:00.0") == [["/", "nvme0n1p3", "nvme0n1", "0000:01:00.0"]])
    }

    @Test func `are found behind NVMe multipath, and each path counts`() throws {
        let tree = try SampleTree()
        let subsystem = "sys/devices/virtual/nvme-subsystem/nvme-subsys0"
        try tree.link("sys/class/nvme-subsystem/nvme-subsys0", to: subsystem)
        for (index, address) in ["0000:01:00.0", "0000:02:00.0"].enumerated() {
            let function = try tree.function(address, deviceClass: "010802", driver: "nvme")
            try tree.disk("nvme0c\(index)n1", below: "\(function)/nvme/nvme\(index)")
            try tree.file("\(function)/nvme/nvme\(index)/nvme0c\(index)n1/hidden", "1\n")
            try tree.link("\(subsystem)/nvme\(index)", to: "\(function)/nvme/nvme\(index)")
        }
        try tree.disk("nvme0n1", below: subsystem)
        try tree.mounts([("/srv", "/dev/nvme0n1", "xfs")])
        let result = try tree.read()
        #expect(try chains(result, "0000:01:00.0") == [["/srv", "nvme0n1", "nvme0", "0000:01:00.0"]])
        #expect(try chains(result, "0000:02:00.0") == [["/srv", "nvme0n1", "nvme1", "0000:02:00.0"]])
        #expect(result.inventory.functions.map(\.nodes) == [["nvme0n1"], ["nvme0n1"]])
        #expect(result.inventory.hostUses.values.allSatisfy { $0[0].severity == .inUse })
    }

    @Test func `are found behind a loop device, below a VMD, and under all members of a btrfs`() throws {
        let tree = try SampleTree()
        try tree.function("0000:6f:00.5", deviceClass: "010400", driver: "vmd")
        let below = "pci0000:6a/0000:6f:00.5/pci10001:80"
        let first = try tree.function("10001:81:00.0", below: below, deviceClass: "010802", driver: "nvme")
        let second = try tree.function("10001:82:00.0", below: below, deviceClass: "010802", driver: "nvme")
        try tree.disk("nvme0n1", below: "\(first)/nvme/nvme0")
        try tree.disk("nvme1n1", below: "\(second)/nvme/nvme1")
        try tree.link("sys/fs/btrfs/c0ffee/devices/nvme0n1", to: "sys/class/block/nvme0n1")
        try tree.link("sys/fs/btrfs/c0ffee/devices/nvme1n1", to: "sys/class/block/nvme1n1")
        try tree.stack("loop0", on: [])
        try tree.file("sys/devices/virtual/block/loop0/loop/backing_file", "/var/images/tools.squashfs\n")
        try tree.mounts([("/var", "/dev/nvme0n1", "btrfs"), ("/tools", "/dev/loop0", "squashfs")])
        let result = try tree.read()
        #expect(
            try chains(result, "10001:82:00.0") == [
                ["/var", "nvme1n1", "10001:82:00.0"], ["/tools", "loop0", "/var", "nvme1n1", "10001:82:00.0"],
            ])
        #expect(
            try chains(result, "0000:6f:00.5").first == ["/var", "nvme0n1", "10001:81:00.0", "0000:6f:00.5"],
            "the function that makes the disk's domain is needed as much as the disk")
    }

    @Test func `include swap space, as a partition and as a file`() throws {
        let tree = try SampleTree()
        let function = try tree.function("0000:00:17.0", deviceClass: "010601", driver: "ahci")
        try tree.disk("sda", below: "\(function)/ata1/host0/target0:0:0/0:0:0:0/block", partitions: ["sda1", "sda2"])
        try tree.mounts([("/data", "/dev/sda1", "ext4")])
        try tree.file(
            "proc/swaps",
            "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
                + "/dev/sda2                               partition\t1000\t0\t-2\n/data/swap\tfile\t10\t0\t-3\n")
        let uses = try #require(tree.read().inventory.hostUses[PCIAddress("0000:00:17.0")])
        #expect(uses.map(\.reason) == [.mount, .swap, .swap])
        #expect(uses[1].chain == ["sda2", "sda", "0000:00:17.0"] && uses[1].severity == .critical)
        #expect(uses[2].chain == ["/data/swap", "/data", "sda1", "sda", "0000:00:17.0"])
    }

    @Test func `are told once for many mounts of one file system, by the most important`() throws {
        let tree = try SampleTree()
        let function = try tree.function("0000:00:17.0", deviceClass: "010601", driver: "ahci")
        try tree.disk("sda", below: "\(function)/ata1/host0/block", partitions: ["sda1"])
        try tree.mounts([("/mnt/a", "/dev/sda1", "ext4"), ("/", "/dev/sda1", "ext4"), ("/srv", "/dev/sda1", "ext4")])
        #expect(try chains(tree.read(), "0000:00:17.0") == [["/", "sda1", "sda", "0000:00:17.0"]])
    }

    @Test(arguments: ["/dev/root", "/dev/mapper/vg-root", "/dev/loop0", "/dev/sdz9"])
    func `might be any disk where the tree cannot tell`(_ source: String) throws {
        let tree = try SampleTree()
        let function = try tree.function("0000:01:00.0", deviceClass: "010802", driver: "nvme")
        try tree.disk("nvme0n1", below: "\(function)/nvme/nvme0")
        try tree.function("0000:02:00.0", deviceClass: "010802", driver: "vfio-pci")
        try tree.function("0000:03:00.0", deviceClass: "020000", driver: "igb")
        try tree.stack("loop0", on: [])
        try tree.mounts([("/", source, "ext4")])
        try tree.noRoutes()
        let result = try tree.read()
        #expect(result.findings.map(\.code) == ["backing-unknown"])
        let use = try #require(result.inventory.hostUses[PCIAddress("0000:01:00.0")]?.first)
        #expect(use.chain == ["/", source, "unknown device", "0000:01:00.0"] && use.severity == .unknown)
        #expect(result.inventory.hostUses.count == 1, "a disk on VFIO and a NIC carry no file system of the host")
    }

    @Test func `end a circle of slaves and of overlays`() throws {
        let tree = try SampleTree()
        try tree.function("0000:01:00.0", deviceClass: "010802", driver: "nvme")
        try tree.stack("dm-0", on: ["dm-1"], mappedAs: "a")
        try tree.stack("dm-1", on: ["dm-0"], mappedAs: "b")
        try tree.file(
            "proc/1/mountinfo",
            "1 1 0:1 / / rw - overlay overlay rw,lowerdir=/lower,upperdir=/upper\n2 1 0:2 / /srv rw - ext4 /dev/mapper/a rw\n"
        )
        let result = try tree.read()
        #expect(result.mounts.map(\.isUnknown) == [true, true])
        #expect(result.findings.map(\.code) == ["backing-unknown"])
    }

    @Test func `stand under the layers of an overlay, and behind shares of the machine below`() throws {
        let tree = try SampleTree()
        let disk = try tree.function("0000:01:00.0", deviceClass: "010802", driver: "nvme")
        try tree.disk("nvme0n1", below: "\(disk)/nvme/nvme0")
        let share = try tree.function("0000:00:05.0", id: "1af4:1009", deviceClass: "000200", driver: "virtio-pci")
        try tree.file("\(share)/virtio3/mount_tag", "hostroot\0")
        try tree.link("sys/bus/virtio/devices/virtio3", to: "\(share)/virtio3")
        try tree.file(
            "proc/1/mountinfo",
            "1 1 0:1 / / rw - overlay overlay rw,lowerdir=/lower,upperdir=/rootdisk/upper,workdir=/rootdisk/work\n"
                + "2 1 0:2 / /lower ro - 9p hostroot rw,trans=virtio\n3 1 0:9 / /rootdisk rw - ext4 /dev/nvme0n1 rw\n")
        let result = try tree.read()
        #expect(try chains(result, "0000:01:00.0").first == ["/", "/rootdisk", "nvme0n1", "0000:01:00.0"])
        #expect(try chains(result, "0000:00:05.0").first == ["/", "/lower", "hostroot", "virtio3", "0000:00:05.0"])
        #expect(result.findings.isEmpty)
    }
}
