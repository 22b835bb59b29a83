/// Devices of Ceph's storage daemons: they open them directly, so that neither a mount nor a holder shows it. Each daemon
/// has a directory with links to its devices, wherever its deployer puts that.
enum CephDaemons {
    /// `block` leads to the device, often through LVM; `block.db`, `block.wal` and `journal` to faster ones.
    static func storage(in tree: HostTree) -> [ServedStorage] {
        SysfsPath.cephDaemons.flatMap { tree.paths($0) }.flatMap { daemon in
            parts.compactMap { part in
                tree.link("\(daemon)/\(part)").map { ServedStorage(service: "Ceph OSD", node: $0, use: .active) }
            }
        }
    }

    private static let parts = ["block", "block.db", "block.wal", "journal"]

    /// Whether a path is one of those links: it tells where something is, and is never followed.
    static func isLink(_ path: String) -> Bool {
        guard let slash = path.lastIndex(of: "/"), parts.contains(String(path[path.index(after: slash)...])) else {
            return false
        }
        let folders = path[..<slash].split(separator: "/")
        return SysfsPath.cephDaemons.contains { pattern in
            let parts = pattern.split(separator: "/")
            return parts.count == folders.count && zip(folders, parts).allSatisfy { TreePath.matches($0, $1) }
        }
    }
}
