/// Storage that is mounted, or swapped to.
enum MountUse: String, CaseIterable {
    case mount, stack = "mount through device mapper and arrays", btrfs = "btrfs on several disks", overlay =
        "layers of an overlay"
    case swap = "swap partition", swapFile = "swap file", loop = "loop device on a disk", zram = "write-back of zram"
    case bcache = "bcache", bcachefs = "bcachefs"
}

extension PlantedHost {
    mutating func plant(_ use: MountUse) {
        switch use {
        case .mount: mount(part(of: disk()))
        case .stack: mount(stack())
        case .btrfs: plantBtrfs()
        case .overlay: plantOverlay()
        case .swap: plantSwap()
        case .swapFile: line("proc/swaps", "\(mount(part(of: disk())))/swapfile file 8388604 0 -2")
        case .loop: plantLoop()
        case .zram: plantZram()
        case .bcache: plantBcache()
        case .bcachefs: plantBcachefs()
        }
    }

    mutating func need(_ block: Block) { for card in block.cards { need(card) } }

    /// - Returns: where.
    @discardableResult
    mutating func mount(_ block: Block, as type: String? = nil) -> String {
        let type = type ?? dice.pick(["ext4", "xfs", "vfat", "f2fs"])
        describe(block, "ID_FS_TYPE=\(type)", "ID_FS_USAGE=filesystem", "ID_FS_UUID=\(uuid())")
        need(block)
        // Whoever mounts a mapped device names it as its maker calls it; the number is what counts.
        let source = block.name.hasPrefix("dm-") ? "/dev/mapper/vol\(block.name.dropFirst(3))" : block.node
        return mountLine(block.number, type, source)
    }

    @discardableResult
    mutating func mountLine(_ number: String, _ type: String, _ source: String, options: String = "rw") -> String {
        let place = dice.pick(["/data", "/srv/pool", "/mnt/disk", "/home", "/var/lib/store", "/opt/a\\040b"])
        let target = "\(place)\(next("target"))"
        line(Self.mounts, mountText(number, type, source, target, options: options))
        return target
    }

    static let mounts = "proc/1/mountinfo"

    mutating func mountText(
        _ number: String, _ type: String, _ source: String, _ target: String, options: String = "rw"
    ) -> String {
        let id = 30 + next("mount")
        return "\(id) 1 \(number) / \(target) rw,relatime shared:\(id) - \(type) \(source) \(options)"
    }

    mutating func uuid() -> String {
        let (a, b) = (dice.next(), dice.next())
        func part(_ value: UInt64, _ digits: Int) -> String {
            Self.hex(Int(value & (1 << (4 * UInt64(digits)) - 1)), digits)
        }
        return "\(part(a, 8))-\(part(a >> 32, 4))-4\(part(a >> 48, 3))-8\(part(b, 3))-\(part(b >> 12, 12))"
    }

    /// One of its devices is the mount's source; all are in `/sys/fs/btrfs`.
    private mutating func plantBtrfs() {
        let parts = (0...dice.below(3)).map { _ in part(of: disk()) }
        let uuid = uuid()
        for part in parts {
            describe(part, "ID_FS_TYPE=btrfs", "ID_FS_USAGE=filesystem", "ID_FS_UUID=\(uuid)")
            link("sys/fs/btrfs/\(uuid)/devices/\(part.name)", to: part.path)
            need(part)
        }
        mountLine("0:\(50 + next("anonymous"))", "btrfs", parts[0].node, options: "rw,ssd,subvolid=5,subvol=/")
    }

    /// The layers lie on a mounted disk, so their disk is known and no other is in doubt.
    private mutating func plantOverlay() {
        let place = mount(part(of: disk()), as: "xfs")
        let layers =
            chance(1, in: 2)
            ? "lowerdir=\(place)/l/A:\(place)/l/B,upperdir=\(place)/1/diff,workdir=\(place)/1/work"
            : "lowerdir+=\(place)/l/A,datadir+=\(place)/l/B,redirect_dir=on,metacopy=on"
        mountLine("0:\(50 + next("anonymous"))", "overlay", "overlay", options: "rw,\(layers)")
    }

    private mutating func plantSwap() {
        let block = chance(1, in: 3) ? stack() : part(of: disk())
        describe(block, "ID_FS_TYPE=swap", "ID_FS_USAGE=other")
        line("proc/swaps", "\(block.node) partition 8388604 1024 -2")
        need(block)
    }

    private mutating func plantLoop() {
        let block = part(of: disk())
        let number = next("loop")
        let loop = virtual("loop\(number)", "7:\(number)", on: [])
        attributes(
            "\(loop.path)/loop", "backing_file=\(block.node)\noffset=0\nsizelimit=0\nautoclear=1\npartscan=0\ndio=0")
        describe(loop, "ID_FS_TYPE=ext4")
        need(block)
        mountLine(loop.number, "ext4", loop.node)
    }

    /// Documentation/admin-guide/blockdev/zram.rst: `backing_dev`.
    private mutating func plantZram() {
        let block = part(of: disk())
        let number = next("zram")
        let zram = virtual("zram\(number)", "252:\(number)", on: [])
        attributes(zram.path, "backing_dev=\(block.node)\ndisksize=8589934592\nbd_stat=   81920        0    81920")
        if chance(2, in: 3) { line("proc/swaps", "\(zram.node) partition 8388604 524288 100") }
        need(block)
    }

    /// `bcache_device_link` makes both the backing device and the cache slaves of the volume.
    private mutating func plantBcache() {
        let (backing, cache) = (part(of: disk()), part(of: disk()))
        let number = next("bcache")
        let volume = virtual("bcache\(number)", "251:\(128 * number)", on: [backing, cache])
        for block in [backing, cache] { describe(block, "ID_FS_TYPE=bcache", "ID_FS_USAGE=other") }
        mount(volume, as: "ext4")
    }

    /// The mount names all members; `/sys/fs/bcachefs/<uuid>/dev-N/block` leads to each.
    private mutating func plantBcachefs() {
        let parts = (0...dice.below(2)).map { _ in part(of: disk()) }
        let uuid = uuid()
        for (index, part) in parts.enumerated() {
            describe(part, "ID_FS_TYPE=bcachefs", "ID_FS_USAGE=filesystem", "ID_FS_UUID=\(uuid)")
            link("sys/fs/bcachefs/\(uuid)/dev-\(index)/block", to: part.path)
            need(part)
        }
        let source = parts.map(\.node).joined(separator: ":")
        mountLine("0:\(50 + next("anonymous"))", "bcachefs", source)
    }
}
