/// File systems that spread over several devices and name them nowhere in a mount: btrfs, bcachefs, ZFS.
final class PooledStorage {
    private let tree: HostTree
    private let blocks: BlockDevices
    let udev: UdevDatabase

    init(blocks: BlockDevices, udev: UdevDatabase) {
        self.tree = blocks.tree
        self.blocks = blocks
        self.udev = udev
    }

    /// All devices of the file system that `name` is one of; just `name` when the tree does not list them.
    func members(of name: String) -> [String] { membersByDevice[name] ?? [name] }

    private lazy var membersByDevice: [String: [String]] = {
        var result: [String: [String]] = [:]
        for members in btrfs() + bcachefs() {
            for member in members { result[member] = members }
        }
        return result
    }()

    private func btrfs() -> [[String]] {
        (tree.names(SysfsPath.btrfs) ?? []).compactMap { tree.names("\(SysfsPath.btrfs)/\($0)/devices") }
    }

    /// `sys/fs/bcachefs/<uuid>/dev-<n>/block` leads to the device.
    private func bcachefs() -> [[String]] {
        (tree.names(SysfsPath.bcachefs) ?? []).map { id in
            let directory = "\(SysfsPath.bcachefs)/\(id)"
            let entries = (tree.names(directory) ?? []).filter { $0.hasPrefix("dev-") }
            return entries.compactMap { tree.link("\(directory)/\($0)/block").map(\.lastComponent) }.sorted()
        }
    }

    /// Pools that are imported now.
    private(set) lazy var importedPools: Set<String> = {
        let entries = tree.names(SysfsPath.zfsPools) ?? []
        return Set(entries.filter { tree.names("\(SysfsPath.zfsPools)/\($0)") != nil })
    }()

    /// The pool that a volume of ZFS (`zd0`, its partition `zd0p1`) lies in: by its other names in udev's record, or since only
    /// one pool is imported. nil: it is no such volume, or cannot be told.
    func pool(ofVolume name: String) -> String? {
        let volume = String(name.prefix { $0 != "p" })
        guard volume.hasPrefix("zd"), volume.dropFirst(2).allSatisfy(\.isNumber) else { return nil }
        let node = udev.record(of: volume)?.links.first { $0.hasPrefix(UdevDatabase.Record.zfsVolumes) }
        if let node { return String(node.dropFirst(UdevDatabase.Record.zfsVolumes.count).prefix { $0 != "/" }) }
        return importedPools.count == 1 ? importedPools.first : nil
    }

    /// Devices that udev, or ZFS's own record, knows as members of a ZFS pool, caches and spares apart. Sorted.
    func devices(ofPool pool: String) -> [String] { devicesByPool[pool] ?? [] }

    /// Caches and spares of imported pools, with the pool: ZFS's own record alone knows them.
    private(set) lazy var auxiliaries: [(pool: String, device: String)] = (recorded ?? []).compactMap { member in
        guard member.isAuxiliary, importedPools.contains(member.pool) else { return nil }
        return udev.name(ofSpecification: member.node).map { (member.pool, $0) }
    }

    /// Partitions and disks of ZFS that may be a cache or a spare of an imported pool: none says of which it is, and ZFS's own
    /// record cannot be read, or does not have the pool. Proxmox imports its storage with `cachefile=none`.
    private(set) lazy var undecided: [String] = {
        let members = recorded ?? []
        guard !importedPools.isSubset(of: members.map(\.pool)) else { return [] }
        let known = Set(members.compactMap { udev.name(ofSpecification: $0.node) })
        return blocks.names.filter { name in
            guard !known.contains(name), blocks.partitions[name]?.isEmpty ?? true, let record = udev.record(of: name)
            else { return false }
            return record.fileSystem == "zfs_member" ? record.label == nil : record.fileSystem == nil && record.isOfZFS
        }
    }()

    /// nil: the tree does not hold it.
    private lazy var recorded: [ZFSPoolCache.Member]? = ZFSPoolCache(in: tree)?.members

    private lazy var devicesByPool: [String: [String]] = {
        var result: [String: [String]] = [:]
        for name in blocks.names {
            guard let record = udev.record(of: name), record.fileSystem == "zfs_member", let pool = record.label else {
                continue
            }
            // A guest with the disk may have a pool of the same name in it.
            guard self.pool(ofVolume: name) != pool else { continue }
            // The whole disk repeats what its partition says.
            if blocks.partitions[name]?.isEmpty ?? true { result[pool, default: []].append(name) }
        }
        for member in recorded ?? [] where !member.isAuxiliary {
            guard let name = udev.name(ofSpecification: member.node) else { continue }
            if !(result[member.pool]?.contains(name) ?? false) { result[member.pool, default: []].append(name) }
        }
        return result.mapValues { $0.sorted() }
    }()

    /// Udev has looked at every disk: there can be no member that is not known.
    private(set) lazy var isEveryDiskKnown: Bool = blocks.visibleDisks.allSatisfy {
        blocks.places(of: $0).isEmpty || udev.record(of: $0) != nil
    }
}
