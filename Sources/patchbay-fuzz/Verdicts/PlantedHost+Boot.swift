/// What the next boot needs, though nothing is mounted.
enum BootUse: String, CaseIterable {
    case loaderPartition = "partition of the boot loader", bootEntry = "boot entry of the firmware"
    case proxmox = "boot partition of Proxmox", interface = "interface that the host was booted from"
}

extension PlantedHost {
    mutating func plant(_ use: BootUse) {
        switch use {
        case .loaderPartition: plantLoaderPartition()
        case .bootEntry:
            let (esp, uuid) = bootPartition()
            addEntry("Linux", Self.partitionNode(uuid) + Self.fileNode("\\EFI\\BOOT\\BOOTX64.EFI"))
            need(esp)
        case .proxmox:
            let name = "CCCC-\(Self.hex(next("proxmox"), 4))"
            let (esp, _) = bootPartition(named: name)
            line("etc/kernel/proxmox-boot-uuids", name)
            need(esp)
        case .interface: plantBootInterface()
        }
    }

    /// There is one such variable: further partitions are only not free.
    private mutating func plantLoaderPartition() {
        let (esp, uuid) = bootPartition()
        guard next("loader partition") == 0 else { return esp.cards.forEach { risk($0) } }
        file(
            "sys/firmware/efi/efivars/LoaderDevicePartUUID-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",
            [6, 0, 0, 0] + Self.wide(uuid.uppercased()))
        need(esp)
    }

    /// - Parameter name: the serial number of its file system.
    private mutating func bootPartition(named name: String? = nil) -> (Block, uuid: String) {
        let esp = partition(of: disk(), type: Self.espType)
        let uuid = uuid()
        describe(
            esp, "ID_FS_TYPE=vfat", "ID_FS_USAGE=filesystem", "ID_PART_ENTRY_UUID=\(uuid)",
            "ID_FS_UUID=\(name ?? "AAAA-\(Self.hex(next("esp"), 4))")")
        return (esp, uuid)
    }

    /// The first entry is that of this boot, the others stand in the order.
    private mutating func addEntry(_ title: String, _ path: [UInt8]) {
        let number = next("boot entry")
        let (folder, guid) = ("sys/firmware/efi/efivars", "8be4df61-93ca-11d2-aa0d-00e098032b8c")
        let end: [UInt8] = [0x7f, 0xff, 4, 0]
        let option: [UInt8] =
            [1, 0, 0, 0] + Self.bytes(UInt64(path.count + end.count), 2) + Self.wide(title) + path + end
        file("\(folder)/Boot\(Self.hex(number, 4).uppercased())-\(guid)", [7, 0, 0, 0] + option)
        file("\(folder)/BootCurrent-\(guid)", [6, 0, 0, 0, 0, 0])
        file("\(folder)/BootOrder-\(guid)", [7, 0, 0, 0] + (0...number).flatMap { Self.bytes(UInt64($0), 2) })
    }

    // MARK: Device paths (UEFI specification, 10.3)

    static func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }

    /// UTF-16, little end first, with its end.
    static func wide(_ text: String) -> [UInt8] { (Array(text.utf16) + [0]).flatMap { bytes(UInt64($0), 2) } }

    /// A partition of a GPT by its id, whose first three parts are little-endian.
    private static func partitionNode(_ uuid: String) -> [UInt8] {
        let parts = uuid.split(separator: "-").map { part in
            stride(from: 0, to: part.count, by: 2).map { UInt8(part.dropFirst($0).prefix(2), radix: 16) ?? 0 }
        }
        let signature = parts.prefix(3).flatMap { $0.reversed() } + parts.dropFirst(3).flatMap(\.self)
        return [4, 1, 42, 0] + bytes(1, 4) + bytes(2048, 8) + bytes(1_048_576, 8) + signature + [2, 2]
    }

    private static func fileNode(_ path: String) -> [UInt8] {
        let text = wide(path)
        return [4, 4] + bytes(UInt64(text.count + 4), 2) + text
    }

    /// A network interface by its address, then IPv4.
    private static func interfaceNode(_ address: [UInt8]) -> [UInt8] {
        [3, 11, 37, 0] + address + [UInt8](repeating: 0, count: 26) + [1]
    }

    /// By the boot loader's word, by the firmware's table of iSCSI, or by the entry of this boot. The first and the last name one.
    private mutating func plantBootInterface() {
        let interface = interface(isUp: true)
        switch dice.below(3) {
        case 0:
            guard next("BOOTIF") == 0 else { return leaveOpen(interface.card.address) }
            bootWord("BOOTIF=01-\(interface.address.split(separator: ":").joined(separator: "-"))")
        case 1:
            let folder = "sys/firmware/ibft/ethernet\(next("ibft"))"
            attributes(folder, "index=0\nflags=3\nmac=\(interface.address)\nip-addr=192.0.2.20\ngateway=192.0.2.1")
            link("\(folder)/device", to: interface.card.path)
        default:
            guard count("boot entry") == 0 else { return leaveOpen(interface.card.address) }
            let address = interface.address.split(separator: ":").map { UInt8($0, radix: 16) ?? 0 }
            addEntry("UEFI PXE", Self.interfaceNode(address))
        }
        need(interface.card)
    }
}
