/// File systems that spread over several devices and name them nowhere in a mount: btrfs, bcachefs, ZFS.
final class PooledStorage {
    private let tree: HostTree
    private let blocks: BlockDevices
    private let udev: UdevDatabase

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

    /// Devices that udev knows as members of a ZFS pool. Sorted.
    func devices(ofPool pool: String) -> [String] { devicesByPool[pool] ?? [] }

    private lazy var devicesByPool: [String: [String]] = {
        var result: [String: [String]] = [:]
        for name in blocks.names {
            guard let record = udev.record(of: name), record.fileSystem == "zfs_member", let pool = record.label else {
                continue
            }
            // The whole disk repeats what its partition says.
            if blocks.partitions[name]?.isEmpty ?? true { result[pool, default: []].append(name) }
        }
        return result
    }()

    /// Udev has looked at every disk: there can be no member that is not known.
    private(set) lazy var isEveryDiskKnown: Bool = blocks.visibleDisks.allSatisfy {
        blocks.places(of: $0).isEmpty || udev.record(of: $0) != nil
    }
}
