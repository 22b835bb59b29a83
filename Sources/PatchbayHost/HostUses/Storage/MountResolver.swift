import PatchbayCore

/// Follows mounts, swap space and files down to the disks they are on.
struct MountResolver {
    let tree: HostTree
    let blocks: BlockDevices
    let pools: PooledStorage
    /// nil: the tree holds no table of mounts at all.
    let table: [Mount]?
    private let mounts: [Mount]
    /// The mount at a target that hides those below it.
    private let topmost: [String: Mount]

    init(blocks: BlockDevices, pools: PooledStorage) {
        self.tree = blocks.tree
        self.blocks = blocks
        self.pools = pools
        table = Mount.all(in: blocks.tree)
        mounts = table ?? []
        let visible = mounts.filter { $0.fileSystem != "rootfs" }.map { ($0.target, $0) }
        topmost = Dictionary(visible, uniquingKeysWith: { _, last in last })
    }

    /// Every mount that is on something; those of the kernel itself are not among them.
    func backings() -> [MountBacking] {
        mounts.compactMap { mount in
            switch mount.kind {
            case .pseudo: nil
            case .block, .overlay, .share, .pool, .network: backing(of: mount, passed: [])
            }
        }
    }

    /// A mount of another mount namespace, which stands on devices or servers by itself.
    func backing(of mount: Mount) -> MountBacking { backing(of: mount, passed: []) }

    /// What a file or a block device stands on that something else than a mount uses: swap space, a guest's disk.
    ///
    /// - Parameter target: what it is needed for, in words.
    func backing(ofSource source: String, as target: String) -> MountBacking {
        var backing = MountBacking(target: target, source: source)
        if source.hasPrefix(SysfsPath.deviceNodes) {
            add(source: source, number: nil, to: &backing, names: [], passed: [])
        } else {
            add(file: source, to: &backing, names: [], passed: [])
        }
        return backing
    }

    /// The same for a device by its kernel name.
    func backing(ofDevice name: String, as target: String) -> MountBacking {
        var backing = MountBacking(target: target, source: name)
        add(device: name, to: &backing, names: [], passed: [])
        return backing
    }

    /// Swap space in use, by `proc/swaps`: `Filename Type Size Used Priority`.
    func swaps() -> [MountBacking] {
        let lines = (tree.text(SysfsPath.swaps) ?? "").split(separator: "\n").dropFirst()
        return lines.compactMap { line in
            let name = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).first.map { Mount.unescaped($0) }
            return name.map { backing(ofSource: $0, as: $0) }
        }
    }

    /// - Parameter passed: targets of mounts above this one, so that a circle ends.
    private func backing(of mount: Mount, passed: Set<String>) -> MountBacking {
        var backing = MountBacking(target: mount.target, source: mount.source)
        let passed = passed.union([mount.target])
        switch mount.kind {
        case .block: addDevices(of: mount, to: &backing, passed: passed)
        case .overlay(let layers):
            backing.hasUnknownPart = layers.isEmpty
            for layer in layers { add(file: layer, to: &backing, names: [], passed: passed) }
        case .share(let tag): add(share: tag, to: &backing)
        case .pool(let pool): add(pool: pool, to: &backing, names: [])
        case .network(let server): backing.remotes.append(.init(names: [mount.source], address: server))
        case .pseudo: break
        }
        return backing
    }

    private func addDevices(of mount: Mount, to backing: inout MountBacking, passed: Set<String>) {
        // bcachefs names all its devices, with colons between them.
        let sources =
            mount.fileSystem == "bcachefs" ? mount.source.split(separator: ":").map(String.init) : [mount.source]
        for source in sources {
            guard ["btrfs", "bcachefs"].contains(mount.fileSystem), let name = blocks.name(ofSource: source) else {
                add(source: source, number: mount.number, to: &backing, names: [], passed: passed)
                continue
            }
            for member in pools.members(of: name) { add(device: member, to: &backing, names: [], passed: passed) }
        }
        for other in mount.otherDevices { add(source: other, number: nil, to: &backing, names: [], passed: passed) }
    }

    /// Where udev has seen every disk, those that say they are of the pool are all of them.
    private func add(pool: String, to backing: inout MountBacking, names: [String]) {
        // A pool in a volume of its own name is a guest's.
        guard !names.contains("pool \(pool)") else { return }
        let members = pools.devices(ofPool: pool)
        backing.hasUnknownPart = backing.hasUnknownPart || members.isEmpty || !pools.isEveryDiskKnown
        for member in members { add(device: member, to: &backing, names: names + ["pool \(pool)"], passed: []) }
    }

    private func add(
        source: String, number: String?, to backing: inout MountBacking, names: [String], passed: Set<String>
    ) {
        if source.hasPrefix(SysfsPath.zfsVolumes) {
            let pool = source.dropFirst(SysfsPath.zfsVolumes.count).prefix { $0 != "/" }
            return add(pool: String(pool), to: &backing, names: names)
        }
        guard let name = number.flatMap({ blocks.name(ofNumber: $0) }) ?? pools.udev.name(ofSpecification: source)
        else {
            backing.hasUnknownPart = true
            return
        }
        add(device: name, to: &backing, names: names, passed: passed)
    }

    private func add(device: String, to backing: inout MountBacking, names: [String], passed: Set<String>) {
        for way in blocks.ways(from: device) {
            switch way.end {
            case .disk(let place): backing.ways.append(.init(names: names + way.names, place: place))
            case .remote(let server): backing.remotes.append(.init(names: names + way.names, address: server))
            case .file(let file) where file.hasPrefix(SysfsPath.deviceNodes):
                add(source: file, number: nil, to: &backing, names: names + way.names, passed: passed)
            case .file(let file): add(file: file, to: &backing, names: names + way.names, passed: passed)
            case .nothing: continue
            case .unknown: add(untold: way, to: &backing, names: names)
            }
        }
    }

    /// A volume of ZFS stands on its pool, of which block devices show nothing.
    private func add(untold way: BlockDevices.Way, to backing: inout MountBacking, names: [String]) {
        guard let device = way.names.last, blocks.isOfSoftware(device) else {
            backing.hasUnknownPart = true
            return
        }
        if let pool = pools.pool(ofVolume: device) {
            add(pool: pool, to: &backing, names: names + way.names)
        } else {
            backing.untold.append(device)
        }
    }

    /// A file or directory is on the mount whose target covers most of its path. What that mount hides is not known.
    private func add(file: String, to backing: inout MountBacking, names: [String], passed: Set<String>) {
        guard file.hasPrefix("/"), let mount = mount(covering: file), !passed.contains(mount.target) else {
            backing.hasUnknownPart = true
            return
        }
        let below = self.backing(of: mount, passed: passed)
        backing.hasUnknownPart = backing.hasUnknownPart || below.hasUnknownPart
        backing.untold += below.untold
        for way in below.ways {
            backing.ways.append(.init(names: names + [mount.target] + way.names, place: way.place))
        }
        for remote in below.remotes {
            backing.remotes.append(.init(names: names + [mount.target] + remote.names, address: remote.address))
        }
    }

    /// The last one mounted there hides the others.
    private func mount(covering path: String) -> Mount? {
        var path = path[...]
        while !path.isEmpty, path != "/" {
            if let mount = topmost[String(path)] { return mount }
            path = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        }
        return topmost["/"]
    }

    /// A 9p share comes through the virtio device that carries its tag. A virtiofs device shows its tag only in newer
    /// kernels; before that any of them (virtio id 26, Virtual I/O Device 1.2, section 5) may be it.
    private func add(share tag: String, to backing: inout MountBacking) {
        for name in tree.names(SysfsPath.virtioDevices) ?? [] {
            let device = "\(SysfsPath.virtioDevices)/\(name)"
            guard let link = tree.link(device), carries(tag, device) else { continue }
            backing.ways.append(.init(names: [tag, name], place: DevicePlace(link: link)))
        }
        // A share over another transport stands on no disk of this host.
    }

    private func carries(_ tag: String, _ device: String) -> Bool {
        if let told = tree.text("\(device)/mount_tag") ?? tree.text("\(device)/tag") {
            return told.prefix(while: { $0 != "\0" && !$0.isNewline }) == tag
        }
        return tree.line("\(device)/device") == "0x001a"
    }
}
