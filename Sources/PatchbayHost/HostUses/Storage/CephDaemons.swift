/// Devices of Ceph's storage daemons: they open them directly, so that neither a mount nor a holder shows it.
enum CephDaemons {
    /// `var/lib/ceph/osd/ceph-3/block` leads to the device, often through LVM.
    static func devices(in tree: HostTree, _ blocks: BlockDevices) -> [String] {
        (tree.names(SysfsPath.cephDaemons) ?? []).flatMap { daemon in
            ["block", "block.db", "block.wal"].compactMap { part in
                tree.link("\(SysfsPath.cephDaemons)/\(daemon)/\(part)").flatMap { blocks.name(ofSource: $0) }
            }
        }
    }
}
