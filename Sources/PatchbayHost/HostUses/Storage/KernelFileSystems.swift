/// File systems that the kernel has mounted, whoever sees the mount: in a container, in another namespace, or detached and
/// still open.
///
/// Most file systems keep a directory for each of theirs by the name of its device (`Documentation/ABI/testing/sysfs-fs-ext4`,
/// `sysfs-fs-xfs`, `sysfs-fs-f2fs`); btrfs and bcachefs keep one with links to all of their devices.
struct KernelFileSystems {
    struct Mounted: Equatable {
        /// `ext4`, `journal`
        var fileSystem: String
        var device: String
    }

    let tree: HostTree
    let blocks: BlockDevices

    func all() -> [Mounted] {
        let byName = Self.folders.flatMap { folder, words in
            (tree.names(folder) ?? []).compactMap { entry -> Mounted? in
                device(named: entry).map { Mounted(fileSystem: words, device: $0) }
            }
        }
        return byName + poolMembers()
    }

    /// By the directory of each file system; that of journals ends in the number of the inode where the journal is a file:
    /// `sda1-8`.
    private static let folders = [
        ("sys/fs/ext4", "ext4"), ("sys/fs/xfs", "xfs"), ("sys/fs/f2fs", "f2fs"), ("sys/fs/nilfs2", "nilfs2"),
        ("sys/fs/erofs", "erofs"), ("sys/fs/jfs", "jfs"), ("sys/fs/exfat", "exfat"), ("proc/fs/ext4", "ext4"),
        ("proc/fs/jbd2", "journal of ext4"), ("proc/fs/ntfs3", "ntfs3"),
    ]

    static let paths = folders.map(\.0)

    private func device(named entry: String) -> String? {
        if blocks.has(entry) { return entry }
        guard let dash = entry.lastIndex(of: "-"), entry[entry.index(after: dash)...].allSatisfy(\.isNumber) else {
            return nil
        }
        let device = String(entry[..<dash])
        return blocks.has(device) ? device : nil
    }

    private func poolMembers() -> [Mounted] {
        let btrfs = (tree.names(SysfsPath.btrfs) ?? []).flatMap { tree.names("\(SysfsPath.btrfs)/\($0)/devices") ?? [] }
        let bcachefs = (tree.names(SysfsPath.bcachefs) ?? []).flatMap { id in
            let directory = "\(SysfsPath.bcachefs)/\(id)"
            let entries = (tree.names(directory) ?? []).filter { $0.hasPrefix("dev-") }
            return entries.compactMap { tree.link("\(directory)/\($0)/block").map(\.lastComponent) }
        }
        return btrfs.map { Mounted(fileSystem: "btrfs", device: $0) }
            + bcachefs.map { Mounted(fileSystem: "bcachefs", device: $0) }
    }
}
