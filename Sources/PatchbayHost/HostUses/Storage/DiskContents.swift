import PatchbayCore

/// What lies on a disk that nothing uses, without opening it: what udev found, and the partitions the kernel shows.
struct DiskContents {
    let tree: HostTree
    let blocks: BlockDevices
    let udev: UdevDatabase

    /// Chains from the content down to the disk: `ext4 "backup"`, `sda1`, `sda`. Empty: the disk is blank.
    func of(_ disk: String) -> [[String]] {
        // An optical drive without a medium has a size, too; and what is on a disc cannot be lost.
        if disk.hasPrefix("sr") || tree.line("\(blocks.directory(disk))/size") == "0" { return [] }
        let partitions = blocks.partitions[disk] ?? []
        let known = partitions.compactMap { name in
            udev.record(of: name).flatMap(Self.words).map { [$0, name, disk] }
        }
        if !known.isEmpty { return known }
        let whole = udev.record(of: disk)
        if let words = whole.flatMap(Self.words) { return [[words, disk]] }
        if let first = partitions.first { return [["partitions", first, disk]] }
        if let table = whole?.partitionTable { return [["empty \(table) partition table", disk]] }
        return whole == nil ? [["contents unknown", disk]] : []
    }

    /// `ext4 "backup"`, `physical volume of LVM`. nil: nothing was recognised.
    private static func words(_ record: UdevDatabase.Record) -> String? {
        guard let type = record.fileSystem else { return record.isFirmwareBoot ? "EFI system partition" : nil }
        let label = record.label.map { " \"\($0)\"" } ?? ""
        return switch type {
        case "LVM2_member": "physical volume of LVM"
        case "linux_raid_member", "isw_raid_member", "ddf_raid_member": "RAID member\(label)"
        case "zfs_member": "ZFS pool\(label)"
        case "ceph_bluestore": "Ceph OSD"
        case "crypto_LUKS": "encrypted volume\(label)"
        case "drbd": "DRBD replica"
        case "swap": "swap space\(label)"
        case "vfat" where record.isFirmwareBoot: "EFI system partition"
        default: "\(type)\(label)"
        }
    }
}
