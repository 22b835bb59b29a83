extension PlantedHost {
    /// A block device: a disk, a partition, or what stands on others.
    struct Block {
        var name: String
        var path: String
        /// `259:1`.
        var number: String
        /// What needs it needs these.
        var cards: [Card]

        var node: String { "/dev/\(name)" }
        /// The key of its entry in udev's database.
        var udev: String { "run/udev/data/b\(number)" }
    }

    /// - Parameter size: in sectors of 512 bytes.
    mutating func block(_ name: String, at path: String, _ number: String, _ cards: [Card], size: Int = 7_814_037_168)
        -> Block
    {
        attributes(path, "dev=\(number)\nsize=\(size)")
        link("sys/dev/block/\(number)", to: path)
        link("sys/class/block/\(name)", to: path)
        return Block(name: name, path: path, number: number, cards: cards)
    }

    private mutating func whole(_ name: String, at path: String, _ number: String, _ cards: [Card]) -> Block {
        link("sys/block/\(name)", to: path)
        let disk = block(name, at: path, number, cards)
        attributes(path, "hidden=0\nremovable=0\nro=0")
        line(disk.udev, "E:DEVTYPE=disk")
        return disk
    }

    /// A disk in a slot of its own: NVMe, or SATA behind a controller.
    mutating func disk() -> Block { chance(2, in: 3) ? nvme() : sata() }

    mutating func nvme() -> Block {
        let card = card(pickID(["144d:a80a", "15b7:5011", "8086:0b60"]), "010802", driver: "nvme")
        let number = next("nvme")
        let controller = "\(card.path)/nvme/nvme\(number)"
        attributes(controller, "model=NVMe\nserial=S\(number)\nstate=live\ntransport=pcie\ndev=240:\(number)")
        link("\(controller)/device", to: card.path)
        link("sys/class/nvme/nvme\(number)", to: controller)
        let name = "nvme\(number)n1"
        guard chance(1, in: 4) else { return whole(name, at: "\(controller)/\(name)", "259:\(next("259"))", [card]) }
        return head(name, over: controller, card)
    }

    /// Multipath of the kernel's own: the disk stands on a subsystem, and the path below the controller is hidden.
    private mutating func head(_ name: String, over controller: String, _ card: Card) -> Block {
        let number = name.dropFirst(4).dropLast(2)
        let path = "\(controller)/nvme\(number)c\(number)n1"
        attributes(path, "hidden=1\nsize=7814037168")
        link("sys/block/nvme\(number)c\(number)n1", to: path)
        link("sys/class/block/nvme\(number)c\(number)n1", to: path)
        let subsystem = "sys/devices/virtual/nvme-subsystem/nvme-subsys\(number)"
        attributes(subsystem, "subsysnqn=nqn.2014-08.org.nvmexpress:\(number)\nmodel=NVMe\niopolicy=numa")
        link("\(subsystem)/nvme\(number)", to: controller)
        link("sys/class/nvme-subsystem/nvme-subsys\(number)", to: subsystem)
        return whole(name, at: "\(subsystem)/\(name)", "259:\(next("259"))", [card])
    }

    mutating func sata() -> Block {
        let card = card(pickID(["8086:a182", "1b21:1166", "1000:0072"]), "010601", driver: "ahci")
        return scsi(card, below: "\(card.path)/ata1")
    }

    /// A disk that a SCSI host shows, which is below a port of a controller or an interface of USB.
    mutating func scsi(_ card: Card, below parent: String) -> Block {
        let number = next("sd")
        let device = "\(parent)/host\(number)/target\(number):0:0/\(number):0:0:0"
        let name = "sd\(Self.letters(number))"
        attributes(device, "type=0\nvendor=ATA\nmodel=Disk\nstate=running")
        link("\(device)/block/\(name)/device", to: device)
        return whole(name, at: "\(device)/block/\(name)", "8:\(16 * number)", [card])
    }

    /// a … z, aa … az.
    private static func letters(_ number: Int) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz")
        return number < 26 ? "\(alphabet[number])" : letters(number / 26 - 1) + "\(alphabet[number % 26])"
    }

    mutating func pickID(_ ids: [String]) -> String { dice.pick(ids) }

    /// The disk itself, or a partition of it; one in three is the disk.
    mutating func part(of disk: Block) -> Block { chance(1, in: 3) ? disk : partition(of: disk) }

    mutating func partition(of disk: Block, type: String? = nil) -> Block {
        let number = next("partition of \(disk.name)") + 1
        let isNVMe = disk.name.hasPrefix("nvme")
        let name = isNVMe ? "\(disk.name)p\(number)" : "\(disk.name)\(number)"
        let minor = Int(disk.number.dropFirst(2)) ?? 0
        let path = "\(disk.path)/\(name)"
        let partition = block(name, at: path, isNVMe ? "259:\(next("259"))" : "8:\(minor + number)", disk.cards)
        attributes(path, "partition=\(number)\nstart=2048")
        line(partition.udev, "E:DEVTYPE=partition")
        line(partition.udev, "E:ID_PART_ENTRY_TYPE=\(type ?? "0fc63daf-8483-4772-8e79-3d69d8477de4")")
        if number == 1 { line(disk.udev, "E:ID_PART_TABLE_TYPE=gpt") }
        return partition
    }

    /// What udev's probe found on it.
    mutating func describe(_ block: Block, _ properties: String...) {
        for property in properties { line(block.udev, "E:\(property)") }
    }

    /// A device of the kernel's own that stands on others, as its `slaves` and their `holders` say.
    mutating func virtual(_ name: String, _ number: String, on lower: [Block]) -> Block {
        let device = whole(name, at: "sys/devices/virtual/block/\(name)", number, lower.flatMap(\.cards))
        folder("\(device.path)/slaves")
        for block in lower {
            link("\(device.path)/slaves/\(block.name)", to: block.path)
            link("\(block.path)/holders/\(name)", to: device.path)
        }
        return device
    }

    /// - Parameter uuid: as its maker writes it: `CRYPT-LUKS2-…`, `LVM-…`, `mpath-…`.
    mutating func mapped(on lower: [Block], uuid: String) -> Block {
        let number = next("dm")
        let device = virtual("dm-\(number)", "253:\(number)", on: lower)
        attributes("\(device.path)/dm", "name=vol\(number)\nuuid=\(uuid)\(number)\nsuspended=0")
        line(device.udev, "E:DM_NAME=vol\(number)")
        line(device.udev, "E:DM_UUID=\(uuid)\(number)")
        return device
    }

    /// - Parameter extra: a member that is no active part of it, with its state: `spare`, `journal`.
    mutating func array(of members: [Block], extra: (block: Block, state: String)? = nil) -> Block {
        let number = next("md")
        let device = virtual("md\(number)", "9:\(number)", on: members + (extra.map { [$0.block] } ?? []))
        attributes("\(device.path)/md", "level=raid1\nraid_disks=\(members.count)\narray_state=clean")
        for (slot, member) in members.enumerated() {
            attributes("\(device.path)/md/dev-\(member.name)", "state=in_sync\nslot=\(slot)")
            describe(member, "ID_FS_TYPE=linux_raid_member", "ID_FS_USAGE=raid")
        }
        if let extra {
            attributes("\(device.path)/md/dev-\(extra.block.name)", "state=\(extra.state)\nslot=none")
            describe(extra.block, "ID_FS_TYPE=linux_raid_member", "ID_FS_USAGE=raid")
        }
        return device
    }

    /// One to three layers on one to three disks: encryption, volumes, arrays, caches.
    mutating func stack() -> Block {
        var top = part(of: disk())
        for _ in 0...dice.below(3) {
            switch dice.below(5) {
            case 0:
                describe(top, "ID_FS_TYPE=crypto_LUKS", "ID_FS_USAGE=crypto")
                top = mapped(on: [top], uuid: "CRYPT-LUKS2-0123456789abcdef-")
            case 1: top = volume(on: top)
            case 2: top = array(of: [top, part(of: disk())])
            case 3:
                // A cached volume stands on its origin, its cache's data and its cache's metadata.
                let cache = part(of: disk())
                top = mapped(on: [volume(on: top), volume(on: cache), volume(on: cache)], uuid: "LVM-")
            default: top = mapped(on: [top], uuid: "VDO-")
            }
        }
        return top
    }

    mutating func volume(on block: Block) -> Block {
        describe(block, "ID_FS_TYPE=LVM2_member", "ID_FS_USAGE=raid")
        return mapped(on: [block], uuid: "LVM-")
    }
}
