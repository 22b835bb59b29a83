/// Storage that is in use without a mount of the host's own.
enum StorageUse: String, CaseIterable {
    case zfs = "ZFS data", zfsLog = "ZFS log", zfsCache = "ZFS cache", zfsSpare = "ZFS spare"
    case arraySpare = "spare or journal of an array", bcacheCache = "cache of bcache without a volume"
    case activeVolume = "active volume", multipath = "paths of a multipath disk", drbd = "DRBD"
    case lio = "LIO export", nvmet = "nvmet export", ceph = "Ceph OSD"
    case otherMounts = "mount in another namespace", fileSystemOnly = "file system known to the kernel alone"
    case guestDisk = "disk of a running guest", resume = "resume device"
}

extension PlantedHost {
    mutating func plant(_ use: StorageUse) {
        switch use {
        case .zfs, .zfsLog: plantPool(named: true)
        case .zfsCache, .zfsSpare: plantPool(named: false)
        case .arraySpare: plantArraySpare()
        case .bcacheCache: plantCache()
        case .activeVolume: need(stack())
        case .multipath: plantMultipath()
        case .drbd:
            let number = next("drbd")
            need(virtual("drbd\(number)", "147:\(number)", on: [part(of: disk())]))
        case .lio: plantLIO()
        case .nvmet: plantNVMeTarget()
        case .ceph: plantCeph()
        case .otherMounts: plantOtherMounts()
        case .fileSystemOnly: plantFileSystem()
        case .guestDisk: plantGuestDisk()
        case .resume: plantResume()
        }
    }

    /// A pool of two disks, mounted or only imported, and a third device with the name of the pool in its label (data, log), or
    /// without: labels of caches and spares hold no name.
    private mutating func plantPool(named: Bool) {
        let pool = "tank\(next("pool"))"
        for (index, block) in (0..<3).map({ ($0, part(of: disk())) }) {
            describe(block, "ID_FS_TYPE=zfs_member", "ID_FS_USAGE=filesystem")
            if named || index < 2 { describe(block, "ID_FS_LABEL=\(pool)", "ID_FS_UUID=1234\(pool.dropFirst(4))") }
            need(block)
        }
        file("proc/spl/kstat/zfs/\(pool)/state", "ONLINE\n")
        if chance(1, in: 2) { mountLine("0:\(50 + next("anonymous"))", "zfs", "\(pool)/data", options: "rw,xattr") }
    }

    /// The kernel links spares and journals among the slaves, too; `md/dev-*/state` tells them apart.
    private mutating func plantArraySpare() {
        let extra = part(of: disk())
        let array = array(
            of: [part(of: disk()), part(of: disk())], extra: (extra, chance(1, in: 2) ? "spare" : "journal"))
        if chance(1, in: 2) { mount(array) } else { need(array) }
    }

    /// A registered cache that serves no volume yet: `/sys/fs/bcache/<set>/cache0`.
    private mutating func plantCache() {
        let block = part(of: disk())
        let set = "sys/fs/bcache/\(uuid())"
        describe(block, "ID_FS_TYPE=bcache", "ID_FS_USAGE=other")
        folder("\(block.path)/bcache")
        link("\(block.path)/bcache/set", to: set)
        link("\(set)/cache0", to: "\(block.path)/bcache")
        need(block)
    }

    /// Two controllers, one disk.
    private mutating func plantMultipath() {
        let paths = [sata(), sata()]
        for path in paths { describe(path, "ID_FS_TYPE=mpath_member", "DM_MULTIPATH_DEVICE_PATH=1") }
        let disk = mapped(on: paths, uuid: "mpath-3600140")
        if chance(1, in: 2) { mount(disk) } else { need(disk) }
    }

    /// `iblock_show_configfs_dev_params` writes `info`; a link below `lun` exports the device.
    private mutating func plantLIO() {
        let block = chance(1, in: 4) ? stack() : part(of: disk())
        let number = next("lio")
        let backstore = "sys/kernel/config/target/core/iblock_\(number)/disk\(number)"
        attributes(backstore, "enable=1\nudev_path=\(block.node)\nalias=")
        file(
            "\(backstore)/info",
            "Status: ACTIVATED  Max Queue Depth: 0  SectorSize: 512  HwMaxSectors: 0\n        iBlock device: \(block.name)"
                + "  UDEV PATH: \(block.node)  readonly: 0\n        Major: \(block.number.split(separator: ":")[0]) "
                + "Minor: \(block.number.split(separator: ":")[1])  CLAIMED: IBLOCK\n")
        let portal = "sys/kernel/config/target/iscsi/iqn.2003-01.org.linux-iscsi.store:sn.\(number)/tpgt_1"
        attributes(portal, "enable=1")
        link("\(portal)/lun/lun_0/export", to: backstore)
        need(block)
    }

    /// Documentation/nvme: a namespace of a subsystem, and a port that offers the subsystem.
    private mutating func plantNVMeTarget() {
        let block = part(of: disk())
        let subsystem = "sys/kernel/config/nvmet/subsystems/nqn.2014-08.example:store\(next("nvmet"))"
        attributes("\(subsystem)/namespaces/1", "device_path=\(block.node)\nenable=1")
        link("sys/kernel/config/nvmet/ports/1/subsystems/\(subsystem.split(separator: "/")[5])", to: subsystem)
        need(block)
    }

    /// The directory of a daemon has a link to its disk, whoever deployed it.
    private mutating func plantCeph() {
        let block = part(of: disk())
        let number = next("ceph")
        let directory = dice.pick([
            "var/lib/ceph/osd/ceph-\(number)", "var/lib/ceph/11111111-2222-4333-8444-555555555555/osd.\(number)",
            "var/lib/rook/rook-ceph/11111111-2222-4333-8444-555555555555_\(uuid())",
        ])
        attributes(directory, "type=bluestore\nwhoami=\(number)")
        rawLink("\(directory)/block", to: block.node)
        describe(block, "ID_FS_TYPE=ceph_bluestore", "ID_FS_USAGE=other")
        need(block)
    }

    /// Only a process in a mount namespace of its own has the mount.
    private mutating func plantOtherMounts() {
        let block = part(of: disk())
        let type = dice.pick(["ext4", "vfat"])
        describe(block, "ID_FS_TYPE=\(type)", "ID_FS_USAGE=filesystem", "ID_FS_UUID=\(uuid())")
        let pid = 3001 + next("namespace")
        attributes("proc/\(pid)", "comm=store")
        file("proc/\(pid)/cgroup", "0::/system.slice/store.service\n")
        rawLink("proc/\(pid)/ns/mnt", to: "mnt:[\(4_026_532_000 + pid)]")
        file("proc/\(pid)/mountinfo", mountText(block.number, type, block.node, "/private") + "\n")
        need(block)
    }

    /// Some mount namespace has it: the kernel's own directory of a mounted file system is there.
    private mutating func plantFileSystem() {
        let block = part(of: disk())
        let type = dice.pick(["ext4", "xfs", "f2fs"])
        describe(block, "ID_FS_TYPE=\(type)", "ID_FS_USAGE=filesystem", "ID_FS_UUID=\(uuid())")
        switch type {
        case "ext4": attributes("sys/fs/ext4/\(block.name)", "errors_count=0\nsession_write_kbytes=12")
        case "xfs": attributes("sys/fs/xfs/\(block.name)/log", "log_head_lsn=1:2")
        default: attributes("sys/fs/f2fs/\(block.name)", "features=encryption\nlifetime_write_kbytes=9")
        }
        need(block)
    }

    private mutating func plantGuestDisk() {
        let block = part(of: disk())
        let name = "guest\(next("guest"))"
        if chance(1, in: 2) {
            file(
                "run/libvirt/qemu/\(name).xml",
                "<domstatus state='running' pid='77'>\n\(Self.domain(name, block))</domstatus>\n")
        } else {
            process("qemu-system-x86", unit: "\(name).scope", open: ["/dev/kvm", block.node])
        }
        need(block)
    }

    static func domain(_ name: String, _ block: Block) -> String {
        "<domain type='kvm'>\n<name>\(name)</name>\n<devices>\n<disk type='block' device='disk'>\n<source dev='\(block.node)'/>\n"
            + "<target dev='vda' bus='virtio'/>\n</disk>\n</devices>\n</domain>\n"
    }

    /// The kernel has one such device: those of further ones are not what this is about.
    private mutating func plantResume() {
        let block = partition(of: disk())
        let uuid = uuid()
        describe(block, "ID_FS_TYPE=swap", "ID_FS_USAGE=other", "ID_FS_UUID=\(uuid)")
        guard next("resume") == 0 else {
            return block.cards.forEach { leaveOpen($0.address) }
        }
        bootWord(chance(1, in: 2) ? "resume=UUID=\(uuid)" : "resume=\(block.node)")
        file("sys/power/resume", "\(block.number)\n")
        need(block)
    }
}

/// Data that a guest would overwrite, and that nothing of the host uses now.
enum StorageRisk: String, CaseIterable {
    case fileSystem = "file system that nobody mounts", member = "member of something that is not active"
    case guestOff = "disk of a guest that is off", otherESP = "EFI partition that nobody names"
}

extension PlantedHost {
    mutating func plant(_ risk: StorageRisk) {
        let disk = disk()
        let block = risk == .otherESP ? partition(of: disk, type: Self.espType) : part(of: disk)
        switch risk {
        case .fileSystem: describe(block, "ID_FS_TYPE=ext4", "ID_FS_USAGE=filesystem", "ID_FS_UUID=\(uuid())")
        case .member:
            let type = dice.pick([
                "LVM2_member", "linux_raid_member", "zfs_member", "ceph_bluestore", "crypto_LUKS", "drbd",
            ])
            describe(block, "ID_FS_TYPE=\(type)", "ID_FS_USAGE=raid")
        case .guestOff:
            let name = "off\(next("guest"))"
            file("etc/libvirt/qemu/\(name).xml", Self.domain(name, block))
        case .otherESP: describe(block, "ID_FS_TYPE=vfat", "ID_FS_USAGE=filesystem", "ID_FS_UUID=1234-ABCD")
        }
        for card in block.cards { self.risk(card) }
    }

    /// The type of an EFI system partition (UEFI specification, 5.3.3).
    static let espType = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
}
