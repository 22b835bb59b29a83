import PatchbayCore

/// Where the firmware and the boot loader start the host from, mounted or not: partitions, and devices of which only the
/// place is told.
struct BootMedia {
    /// A device that is booted from, of which no partition is told.
    struct Device: Equatable {
        /// `boot entry 0004`
        var name: String
        /// What lies between it and its function: `eth0`, `sda`.
        var names: [String]
        var place: DevicePlace
        var severity: HostUse.Severity
    }

    let tree: HostTree
    let blocks: BlockDevices
    let udev: UdevDatabase
    private let entries: FirmwareBootEntries
    /// The entry that started the machine.
    private let current: FirmwareBootEntry?

    init(tree: HostTree, blocks: BlockDevices, udev: UdevDatabase) {
        self.tree = tree
        self.blocks = blocks
        self.udev = udev
        entries = FirmwareBootEntries(tree: tree)
        current = entries.current()
    }

    /// Partitions that are booted from.
    ///
    /// - Parameter covered: block devices that are in use already. An EFI system partition among them is the one that is
    ///   booted from, where the firmware does not say otherwise.
    func partitions(covered: Set<String>) -> [StorageReferences.Reference] {
        let told = loaders() + proxmox() + currentPartition()
        let named = Set(told.compactMap(\.device))
        let isEFI = tree.exists(SysfsPath.efi)
        let marked = blocks.partitions.values.joined().sorted().filter { hasMark($0, isEFI: isEFI) }
        let isAnother = !isEFI && isOutOfReach(covered)
        let others = marked.filter { name in
            !named.contains(name) && !isCovered(name, covered)
                && (isEFI || isPortable(name) || isAnother && isForBIOS(name))
        }
        guard !others.isEmpty else { return told }
        let isTold = !named.isEmpty || !firstDisk().isEmpty || current.map(hasPlace) ?? false
        let inUse = marked.filter { isEFI ? covered.contains($0) : isCovered($0, covered) }
        let order = entries.inOrder()
        return told
            + others.compactMap { name in
                let uuid = udev.record(of: name)?.partitionUUID?.lowercased()
                let entry = order.first { $0.partition != nil && $0.partition == uuid }
                if let entry, entry.isActive, !entry.isOfAnotherSystem, !entry.isFallback {
                    return reference("boot entry \(entry.number)", name, .inUse)
                }
                // An installer marks disks of NVMe, too, and no BIOS starts from those.
                let isTaken = inUse.contains { !(isAnother && isForBIOS(name) && isOnNVMe($0)) }
                return isTold || isTaken ? nil : reference("the firmware may start from it", name, .unknown)
            }
    }

    private func reference(
        _ name: String, _ device: String, _ severity: HostUse.Severity
    ) -> StorageReferences.Reference {
        StorageReferences.Reference(purpose: .boot, severity: severity, name: name, target: .device(device))
    }

    /// On a machine with EFI an EFI system partition. On others what a BIOS starts from (an active partition, GRUB's own, and
    /// the partition of a stick that is made for both), and what a board calls its boot partition.
    private func hasMark(_ name: String, isEFI: Bool) -> Bool {
        guard let record = udev.record(of: name) else { return false }
        return record.isFirmwareBoot || !isEFI && (record.isBIOSBoot || record.isCalledBoot)
    }

    /// It or its disk is in use.
    private func isCovered(_ name: String, _ covered: Set<String>) -> Bool {
        blocks.ways(from: name).contains { $0.names.contains(where: covered.contains) }
    }

    /// All disks in use are of NVMe, which no BIOS starts from: it starts from another one.
    private func isOutOfReach(_ covered: Set<String>) -> Bool {
        let disks = covered.filter { blocks.isVisible($0) && !blocks.places(of: $0).isEmpty }
        return !disks.isEmpty && disks.allSatisfy(isOnNVMe)
    }

    private func isForBIOS(_ name: String) -> Bool {
        !isOnNVMe(name) && udev.record(of: name)?.isBIOSBoot ?? false
    }

    private func isOnNVMe(_ name: String) -> Bool { name.hasPrefix("nvme") }

    /// On a USB stick or a memory card.
    private func isPortable(_ name: String) -> Bool {
        blocks.ways(from: name).contains { way in
            guard case .disk(let place) = way.end else { return false }
            return place.usb != nil || way.names.last?.hasPrefix("mmcblk") ?? false
        }
    }

    /// The partitions that boot loader and boot image say they came from: EFI variables with four bytes of attributes and
    /// a UUID in UTF-16 (systemd Boot Loader Interface).
    private func loaders() -> [StorageReferences.Reference] {
        SysfsPath.loaderPartitions.compactMap { path in
            guard let bytes = tree.variable(path, atMost: 1024) else { return nil }
            let uuid = String(decoding: bytes, as: UTF8.self).unicodeScalars.filter {
                $0 == "-" || $0.properties.isASCIIHexDigit
            }.suffix(36)
            return udev.name(ofSpecification: "PARTUUID=\(String(String.UnicodeScalarView(uuid)).lowercased())").map {
                reference("EFI system partition", $0, .critical)
            }
        }
    }

    /// Where Proxmox's tool copies kernels to: UUIDs of file systems, one a line.
    private func proxmox() -> [StorageReferences.Reference] {
        let lines = (tree.text(SysfsPath.proxmoxPartitions) ?? "").split(separator: "\n").map(\.trimmingBlanks)
        return lines.filter { !$0.isEmpty && !$0.hasPrefix("#") }.compactMap { uuid in
            udev.name(ofSpecification: "UUID=\(uuid)").map { reference("proxmox-boot-tool", $0, .critical) }
        }
    }

    private func currentPartition() -> [StorageReferences.Reference] {
        guard let entry = current, let uuid = entry.partition,
            let name = udev.name(ofSpecification: "PARTUUID=\(uuid)")
        else { return [] }
        return [reference("boot entry \(entry.number) (BootCurrent)", name, .critical)]
    }

    private func hasPlace(_ entry: FirmwareBootEntry) -> Bool { !entry.path.isEmpty || entry.mac != nil }
}

extension BootMedia {
    /// Devices that the machine was started from, where no partition of theirs is told: what the firmware names by its place
    /// or by a network address. The tables of network boot are `NetworkBoot`'s.
    func devices(in inventory: Inventory) -> [Device] {
        currentDevice(in: inventory) + firstDisk()
    }

    /// The disk that a BIOS starts from is its number 80, and `sys/firmware/edd` says where that is
    /// (`Documentation/ABI/testing/sysfs-firmware-edd`).
    private func firstDisk() -> [Device] {
        guard !tree.exists(SysfsPath.efi), let link = tree.link(SysfsPath.firstBIOSDisk) else { return [] }
        let place = DevicePlace(functions: TopologyPath.functions(link))
        return place.functions.isEmpty
            ? [] : [Device(name: "first disk of the BIOS", names: [], place: place, severity: .critical)]
    }

    /// A network card on PCI by its hardware address. nil: there is none now.
    private func card(_ mac: [UInt8]) -> (name: String, place: DevicePlace)? {
        let address = mac.map { $0 < 16 ? "0\(String($0, radix: 16))" : String($0, radix: 16) }.joined(separator: ":")
        let interfaces = NetworkInterfaces(tree: tree)
        let cards = interfaces.devices(withAddress: address).map { (name: $0, place: interfaces.place(of: $0)) }
        return cards.first { !$0.place.functions.isEmpty }
    }

    private func currentDevice(in inventory: Inventory) -> [Device] {
        guard let entry = current else { return [] }
        if let uuid = entry.partition, udev.name(ofSpecification: "PARTUUID=\(uuid)") != nil { return [] }
        let name = "boot entry \(entry.number) (BootCurrent)"
        if let mac = entry.mac, let card = card(mac) {
            return [Device(name: name, names: [card.name], place: card.place, severity: .critical)]
        }
        let functions = self.functions(of: entry, in: inventory)
        let severity: HostUse.Severity = functions.count > 1 ? .unknown : .critical
        return functions.flatMap { address in
            let disks = entry.usbPort.map { self.disks(below: address, port: $0) } ?? []
            guard disks.isEmpty else {
                return disks.map { Device(name: name, names: [$0.disk], place: $0.place, severity: severity) }
            }
            return [Device(name: name, names: [], place: DevicePlace(functions: [address]), severity: severity)]
        }
    }

    /// The functions with that way of device and function numbers below a root. The root's number is that of the firmware:
    /// only 0 is known to be the first bus.
    private func functions(of entry: FirmwareBootEntry, in inventory: Inventory) -> [PCIAddress] {
        guard !entry.path.isEmpty, entry.root != nil else { return [] }
        let way = entry.path.map { hop in
            "\(hop.device < 16 ? "0" : "")\(String(hop.device, radix: 16)).\(hop.function)"
        }.joined(separator: "/")
        let found = inventory.functions.filter { function in
            let path = function.topologyPath
            return path.firstIndex(of: "/").map { path[path.index(after: $0)...] == way } ?? false
        }
        let first = found.filter { $0.topologyPath.hasPrefix("pci0000:00/") }
        return (entry.root == 0 && !first.isEmpty ? first : found).map(\.address)
    }

    private func disks(below controller: PCIAddress, port: Int) -> [(disk: String, place: DevicePlace)] {
        blocks.visibleDisks.flatMap { disk in
            blocks.places(of: disk).filter { place in
                place.functions.last == controller && place.usb?.chain == [port]
            }.map { (disk, $0) }
        }
    }
}

extension StorageReferences.Reference {
    /// nil: it names no device of this host.
    fileprivate var device: String? {
        guard case .device(let name) = target else { return nil }
        return name
    }
}
