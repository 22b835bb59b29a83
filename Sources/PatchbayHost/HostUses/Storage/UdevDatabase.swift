/// What udev found out about block devices: `run/udev/data/b<major>:<minor>`, lines `E:KEY=value`.
///
/// The kernel itself does not know what is on a disk; udev has looked (`blkid`) when the disk appeared, so that we need
/// not open it.
final class UdevDatabase {
    struct Record: Equatable {
        /// `ext4`, `LVM2_member`, `zfs_member`; nil: nothing known was found.
        var fileSystem: String?
        var label: String?
        var uuid: String?
        /// `gpt`, `dos`
        var partitionTable: String?
        /// The GUID of a GPT partition's type, or the number of an MBR one.
        var partitionType: String?
        var partitionUUID: String?
        /// `0x80`: the active partition of an MBR.
        var partitionFlags: String?
        var partitionLabel: String?
        /// Other names of its node, relative to `/dev`: `disk/by-id/…`, `zvol/tank/vm-100`.
        var links: [String] = []
        /// What those of volumes of ZFS begin with.
        static let zfsVolumes = "zvol/"
    }

    private let blocks: BlockDevices
    private let isThere: Bool
    private var records: [String: Record?] = [:]
    private var namesByTag: [String: [String: String]]?

    init(_ blocks: BlockDevices) {
        self.blocks = blocks
        isThere = blocks.tree.exists(SysfsPath.udevData)
    }

    /// nil: udev says nothing of this device.
    func record(of name: String) -> Record? {
        guard isThere else { return nil }
        if let known = records[name] { return known }
        let tree = blocks.tree
        let text = tree.line("\(blocks.directory(name))/dev").flatMap { tree.text("\(SysfsPath.udevData)/b\($0)") }
        let record = text.map { Record($0) }
        records[name] = .some(record)
        return record
    }

    /// A device by `UUID=…`, `LABEL=…`, `PARTUUID=…`, `PARTLABEL=…`, as in fstab(5), or by its node.
    func name(ofSpecification text: String) -> String? {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let folder = SysfsPath.nodesByTag[String(parts[0])] else {
            return blocks.name(ofSource: text) ?? name(ofLink: text)
        }
        let value = parts[1].filter { $0 != "\"" }
        if let link = blocks.tree.link("\(folder)/\(value)") { return link.lastComponent }
        return tags()[String(parts[0])]?[value.lowercased()]
    }

    /// A node by one of its other names, where no link in `/dev` tells: `/dev/disk/by-id/…`.
    private func name(ofLink path: String) -> String? {
        guard path.hasPrefix("\(SysfsPath.deviceNodes)disk/") else { return nil }
        return tags()["S"]?[path.dropFirst(SysfsPath.deviceNodes.count).lowercased()]
    }

    private func tags() -> [String: [String: String]] {
        if let known = namesByTag { return known }
        var tags: [String: [String: String]] = [:]
        for name in isThere ? blocks.names : [] {
            guard let record = record(of: name) else { continue }
            for link in record.links { tags["S", default: [:]][link.lowercased()] = name }
            let values = [
                "UUID": record.uuid, "LABEL": record.label, "PARTUUID": record.partitionUUID,
                "PARTLABEL": record.partitionLabel,
            ]
            for case (let tag, let value?) in values where tags[tag]?[value.lowercased()] == nil {
                tags[tag, default: [:]][value.lowercased()] = name
            }
        }
        namesByTag = tags
        return tags
    }
}

extension UdevDatabase.Record {
    init(_ text: String) {
        let isRead = { (line: Substring) in ["E:ID_", "S:disk/", "S:zvol/"].contains { line.hasPrefix($0) } }
        for line in text.split(separator: "\n") where isRead(line) {
            guard line.hasPrefix("E:") else {
                links.append(String(line.dropFirst(2)))
                continue
            }
            let parts = line.dropFirst(2).split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let value = String(parts[1])
            switch parts[0] {
            case "ID_FS_TYPE": fileSystem = value
            case "ID_FS_LABEL": label = value
            case "ID_FS_UUID": uuid = value
            case "ID_PART_TABLE_TYPE": partitionTable = value
            case "ID_PART_ENTRY_TYPE": partitionType = value
            case "ID_PART_ENTRY_UUID": partitionUUID = value
            case "ID_PART_ENTRY_NAME": partitionLabel = value
            case "ID_PART_ENTRY_FLAGS": partitionFlags = value
            default: continue
            }
        }
    }

    /// The partition that firmware starts from (UEFI Specification, table "Defined GPT Partition Entry").
    var isFirmwareBoot: Bool {
        partitionType == "c12a7328-f81f-11d2-ba4b-00a0c93ec93b" || partitionType == "0xef"
    }
    /// What a BIOS starts from: the active partition of an MBR, or that of GRUB on a GPT.
    var isBIOSBoot: Bool {
        partitionType == "21686148-6449-6e6f-744e-656564454649" || partitionFlags == "0x80"
    }

    /// Called what boot partitions are called where no firmware of a PC looks for them: on boards with U-Boot.
    var isCalledBoot: Bool {
        [label, partitionLabel].contains { name in
            ["boot", "bootfs", "system-boot", "boot-efi", "raspifirm"].contains(name?.lowercased())
        }
    }

    /// A partition that ZFS made for itself on a disk that it was given as a whole.
    var isOfZFS: Bool { partitionType == "6a898cc3-1dd2-11b2-99a6-080020736631" }
}
