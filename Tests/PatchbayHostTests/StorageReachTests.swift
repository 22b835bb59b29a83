import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `Storage the host counts on` {
    /// The root on nvme0, nvme1 beside it with two partitions.
    private func tree() throws -> SampleTree {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.nvme("0000:01:00.0", "nvme0n1", partitions: ["nvme0n1p1"])
        try tree.nvme("0000:02:00.0", "nvme1n1", partitions: ["nvme1n1p1", "nvme1n1p2"])
        try tree.mounts([("/", "/dev/nvme0n1p1", "ext4")])
        return tree
    }

    private func use(_ tree: SampleTree, _ reason: HostUse.Reason, of address: String = "02:00.0") throws -> HostUse {
        try #require(try tree.uses(address).first { $0.reason == reason })
    }

    @Test func `is where it wakes up from after hibernation`() throws {
        let tree = try tree()
        try tree.udev("nvme1n1p2", number: "259:5", ["ID_FS_TYPE": "swap", "ID_FS_UUID": "C0FFEE-01"])
        try tree.file("proc/cmdline", "root=/dev/nvme0n1p1 resume=UUID=c0ffee-01 quiet\n")
        let use = try use(tree, .hibernation)
        #expect(use.severity == .critical)
        #expect(use.chain == ["resume= of the kernel", "nvme1n1p2", "nvme1n1", "0000:02:00.0"])
    }

    @Test(.requirements("V8")) func `is the partition its boot loader came from, mounted or not`() throws {
        let tree = try tree()
        let uuid = "01234567-89ab-cdef-0123-456789abcdef"
        try tree.udev("nvme1n1p1", number: "259:4", ["ID_PART_ENTRY_UUID": uuid])
        let text = "\u{6}\0\0\0" + uuid.uppercased().map { "\($0)\0" }.joined() + "\0\0"
        try tree.file(
            "sys/firmware/efi/efivars/LoaderDevicePartUUID-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", text)
        let use = try use(tree, .bootPartition)
        #expect(use.severity == .critical && use.chain.prefix(2) == ["EFI system partition", "nvme1n1p1"])
    }

    @Test func `is a vital place in fstab that is not mounted now`() throws {
        let tree = try tree()
        try tree.file(
            "etc/fstab", "# comment\n/dev/nvme1n1p1 /boot ext4 noauto 0 2\n/dev/nvme1n1p2 /mnt ext4 noauto 0 0\n")
        let uses = try tree.uses("02:00.0").filter { $0.severity == .critical }
        #expect(uses.map(\.chain) == [["/boot in fstab", "nvme1n1p1", "nvme1n1", "0000:02:00.0"]])
    }

    @Test func `is where a crash is written to, once a crash kernel is loaded`() throws {
        let tree = try tree()
        try tree.file("etc/kdump.conf", "# target\nraw /dev/nvme1n1p2\ncore_collector makedumpfile\n")
        #expect(try tree.uses("02:00.0").allSatisfy { $0.reason != .crashDump })
        try tree.file("sys/kernel/kexec_crash_loaded", "1\n")
        let use = try use(tree, .crashDump)
        #expect(use.severity == .inUse && use.chain == ["crash dump", "nvme1n1p2", "nvme1n1", "0000:02:00.0"])
    }

    /// FCoE with a VLAN, and AoE: neither has a route.
    @Test(.requirements("V11")) func `is behind the network cards that carry disks without an address`() throws {
        let tree = try tree()
        for (address, name) in [("0000:05:00.0", "eth2"), ("0000:06:00.0", "eth3"), ("0000:07:00.0", "eth4")] {
            try tree.card(address, name)
        }
        try tree.interface("eth2.101-fcoe", lower: ["eth2"])
        let interface = "sys/devices/virtual/net/eth2.101-fcoe"
        try tree.disk(
            "sda", below: "\(interface)/ctlr_0/host8/rport-8:0-2/target8:0:0/8:0:0:0/block", partitions: ["sda1"])
        try tree.stack("etherd!e1.0", on: [])
        try tree.file("sys/devices/virtual/block/etherd!e1.0/netif", "eth3\n")
        try tree.mounts([("/", "/dev/sda1", "xfs"), ("/srv", "/dev/etherd/e1.0", "xfs")])
        let root = try use(tree, .mount, of: "05:00.0")
        #expect(
            root.severity == .critical && root.chain == ["/", "sda1", "sda", "eth2.101-fcoe", "eth2", "0000:05:00.0"])
        let other = try use(tree, .mount, of: "06:00.0")
        #expect(other.severity == .inUse && other.chain == ["/srv", "etherd!e1.0", "eth3", "0000:06:00.0"])
        #expect(try tree.verdict("07:00.0") == .free)
        #expect(try tree.uses("02:00.0").allSatisfy { $0.severity != .unknown })
    }

    /// `none` is what the driver says of a disk without a path.
    @Test func `is behind no network card while a disk of AoE has no path`() throws {
        let tree = try tree()
        try tree.card("0000:05:00.0", "none")
        try tree.stack("etherd!e1.0", on: [])
        try tree.file("sys/devices/virtual/block/etherd!e1.0/netif", "none\n")
        try tree.mounts([("/", "/dev/nvme0n1p1", "ext4"), ("/srv", "/dev/etherd/e1.0", "xfs")])
        #expect(try tree.verdict("05:00.0") == .free)
        #expect(try tree.uses("02:00.0").contains { $0.severity == .unknown }, "what the disk stands on is not known")
    }

    @Test(.requirements("V11")) func `is under the disks of its guests`() throws {
        let tree = try tree()
        let disks =
            "<disk type='block' device='disk'><source dev=\"/dev/nvme1n1p2\" index='1'/></disk>"
            + "<disk type='file'><source file='/images/a&amp;b.qcow2'><seclabel/></source></disk>"
        let text = "<domain><name>web</name><devices><!-- > -->\(disks)<interface><source dev='eth9'/></interface>"
        try tree.file("etc/libvirt/qemu/web.xml", text)
        let off = try use(tree, .vmDisk)
        #expect(off.severity == .dataAtRisk && off.words == "disk of a VM that is off")
        try tree.file("run/libvirt/qemu/web.xml", "<domstatus state='running'>\(text)</domstatus>")
        let on = try use(tree, .vmDisk)
        #expect(on.severity == .inUse && on.chain == ["VM web", "nvme1n1p2", "nvme1n1", "0000:02:00.0"])
        let image = try use(tree, .vmDisk, of: "01:00.0")
        #expect(image.chain.prefix(3) == ["VM web", "/images/a&b.qcow2", "/"])
    }

    @Test func `is every member of a ZFS pool that datasets are mounted from`() throws {
        let tree = try tree()
        for (index, name) in ["nvme0n1", "nvme0n1p1", "nvme1n1", "nvme1n1p1", "nvme1n1p2"].enumerated() {
            try tree.udev(name, number: "259:\(index)", [:])
        }
        try tree.udev("nvme1n1p1", number: "259:3", ["ID_FS_TYPE": "zfs_member", "ID_FS_LABEL": "tank"])
        try tree.mounts([("/", "/dev/nvme0n1p1", "ext4"), ("/var", "tank/var", "zfs")])
        let use = try use(tree, .mount)
        #expect(
            use.severity == .critical && use.chain == ["/var", "pool tank", "nvme1n1p1", "nvme1n1", "0000:02:00.0"])
        #expect(try tree.observe().findings.isEmpty)
        try tree.mounts([("/", "/dev/nvme0n1p1", "ext4"), ("/var", "other/var", "zfs")])
        #expect(try tree.observe().findings.map(\.code) == ["backing-unknown"])
        #expect(try tree.uses("02:00.0").contains { $0.severity == .unknown })
    }

    @Test func `is under all devices of a bcachefs`() throws {
        let tree = try tree()
        for (index, name) in ["nvme1n1p1", "nvme1n1p2"].enumerated() {
            try tree.link("sys/fs/bcachefs/c0ffee/dev-\(index)/block", to: "sys/class/block/\(name)")
        }
        try tree.mounts([("/", "/dev/nvme0n1p1", "ext4"), ("/srv", "/dev/nvme1n1p1", "bcachefs")])
        let chains = try tree.uses("02:00.0").map(\.chain)
        #expect(chains.map { $0[1] } == ["nvme1n1p1", "nvme1n1p2"])
    }

    @Test(.requirements("V10"), arguments: ["iscsi", "nvme", "nfs", "cifs", "ceph", "guest"])
    func `may come over a network card, which is then needed as much`(_ kind: String) throws {
        let tree = try SampleTree()
        try tree.card("0000:03:00.0", "eth0")
        try tree.card("0000:04:00.0", "eth1")
        // 192.0.2.0/24 by eth1, the default route by eth0.
        try tree.routes(["4 254 00000000 0 100 eth0", "4 254 c0000200 24 0 eth1"])
        var line = "1 1 0:9 / /var rw - xfs /dev/sdb rw"
        switch kind {
        case "iscsi":
            try tree.disk("sdb", below: "sys/devices/platform/host3/session7/target3:0:0/3:0:0:1/block")
            try tree.file("sys/class/iscsi_connection/connection7:0/persistent_address", "192.0.2.7\n")
        case "nvme":
            try tree.disk("sdb", below: "sys/devices/virtual/nvme-fabrics/ctl/nvme3")
            try tree.file("sys/class/nvme/nvme3/address", "traddr=192.0.2.7,trsvcid=4420\n")
        case "nfs": line = "1 1 0:9 / /var rw - nfs4 store:/var rw,vers=4.2,addr=192.0.2.7,clientaddr=192.0.2.9"
        case "cifs": line = "1 1 0:9 / /var rw - cifs //192.0.2.7/share rw"
        case "ceph": line = "1 1 0:9 / /var rw - ceph 192.0.2.7:6789,192.0.2.8:/ rw"
        default:
            line = "1 1 0:9 / /var rw - tmpfs tmpfs rw"
            try tree.file(
                "run/libvirt/qemu/web.xml",
                "<disk type='network'><source protocol='rbd' name='p/a'><host name='192.0.2.7' port='6789'/></source></disk>"
            )
        }
        try tree.file("proc/1/mountinfo", "\(line)\n")
        let use = try #require(try tree.uses("04:00.0").first)
        #expect(use.reason == .route && use.severity == (kind == "guest" ? .inUse : .critical))
        #expect(use.chain.first == (kind == "guest" ? "VM web" : "/var"))
        #expect(use.chain.suffix(2) == ["eth1", "0000:04:00.0"])
    }

    @Test func `is needed by a container alone, whatever that calls the place`() throws {
        let tree = try SampleTree()
        try tree.card("0000:03:00.0", "eth0")
        try tree.card("0000:04:00.0", "eth1")
        try tree.routes(["4 254 00000000 0 100 eth0", "4 254 c0000200 24 0 eth1"])
        try tree.file("proc/1/mountinfo", "1 1 0:1 / / rw - tmpfs tmpfs rw\n")
        try tree.process(812, "app", open: [])
        try tree.file(
            "proc/812/mountinfo",
            "300 200 0:50 / / rw - tmpfs tmpfs rw\n301 300 0:60 / /var rw - nfs4 store:/x rw,addr=192.0.2.7\n")
        let use = try #require(try tree.uses("04:00.0").first)
        #expect(use.reason == .route && use.severity == .inUse)
        #expect(use.chain == ["/var", "store:/x", "eth1", "0000:04:00.0"])
    }

    @Test func `makes every network card unknown when its server is not told`() throws {
        let tree = try SampleTree()
        try tree.card("0000:03:00.0", "eth0")
        try tree.noRoutes()
        try tree.file("proc/1/mountinfo", "1 1 0:9 / /srv rw - fuse.glusterfs store:/vol rw\n")
        let use = try #require(try tree.uses("03:00.0").first)
        #expect(use.severity == .unknown)
        #expect(use.chain == ["/srv", "store:/vol", "an unknown server", "eth0", "0000:03:00.0"])
    }
}
