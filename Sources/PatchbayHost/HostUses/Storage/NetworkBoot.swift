import PatchbayCore

/// Network cards that the machine was started over: iSCSI and NVMe over Fabrics, by the tables of their firmware, and PXE, by
/// what the loader told the kernel.
struct NetworkBoot {
    let tree: HostTree

    func devices() -> [BootMedia.Device] {
        iscsi() + nvme() + loader()
    }

    /// A card by its hardware address, also while it is in a bond. nil: there is none now.
    func card(_ mac: [UInt8]) -> (name: String, place: DevicePlace)? {
        let wanted = mac.map { $0 < 16 ? "0\(String($0, radix: 16))" : String($0, radix: 16) }.joined(separator: ":")
        for name in tree.names(SysfsPath.netClass) ?? [] {
            let directory = SysfsPath.netInterface(name)
            guard let link = tree.link(directory) else { continue }
            let place = DevicePlace(link: link)
            guard !place.functions.isEmpty else { continue }
            let addresses = [SysfsPath.Interface.permanentAddress, SysfsPath.Interface.address]
            if addresses.contains(where: { tree.line("\(directory)/\($0)")?.lowercased() == wanted }) {
                return (name, place)
            }
        }
        return nil
    }

    /// `sys/firmware/ibft/ethernet<n>`: a link to the card, its address, and in `flags` whether it was booted from (bit 1)
    /// (`Documentation/ABI/testing/sysfs-ibft`).
    private func iscsi() -> [BootMedia.Device] {
        let entries = (tree.names(SysfsPath.iscsiBoot) ?? []).filter { $0.hasPrefix("ethernet") }
        return entries.compactMap { entry in
            let directory = "\(SysfsPath.iscsiBoot)/\(entry)"
            let flags = tree.line("\(directory)/flags").flatMap { Int($0) }
            let severity: HostUse.Severity = flags.map { $0 & 2 == 0 } ?? false ? .inUse : .critical
            let mac =
                tree.line("\(directory)/mac").map { $0.split(separator: ":").compactMap { UInt8($0, radix: 16) } } ?? []
            if mac.count == 6, let card = card(mac) {
                return BootMedia.Device(name: "iSCSI boot", names: [card.name], place: card.place, severity: severity)
            }
            guard let link = tree.link("\(directory)/device") else { return nil }
            let place = DevicePlace(functions: TopologyPath.functions(link))
            return place.functions.isEmpty
                ? nil : BootMedia.Device(name: "iSCSI boot", names: [], place: place, severity: severity)
        }
    }

    /// The table `NBFT`: at byte 80 where the adapters are, how long each is, and at 87 how many; each has at 16 where its
    /// details are, and those have at 7 the PCI address (NVM Express Boot Specification 1.0, figures 7, 8, 11, 13).
    private func nvme() -> [BootMedia.Device] {
        let tables = (tree.names(SysfsPath.firmwareTables) ?? []).filter { $0.hasPrefix("NBFT") }
        return tables.flatMap { table -> [BootMedia.Device] in
            guard let bytes = tree.bytes("\(SysfsPath.firmwareTables)/\(table)", atMost: 65536) else { return [] }
            return Self.adapters(inNBFT: bytes).map { address in
                BootMedia.Device(
                    name: "NVMe boot", names: [], place: DevicePlace(functions: [address]), severity: .critical)
            }
        }
    }

    static func adapters(inNBFT bytes: [UInt8]) -> [PCIAddress] {
        details(inNBFT: bytes).compactMap { details in
            number(bytes, details + 7, 4).flatMap { place in
                PCIAddress(
                    domain: UInt32(truncatingIfNeeded: place >> 16), bus: UInt8(truncatingIfNeeded: place >> 8),
                    slot: UInt8(truncatingIfNeeded: place >> 3 & 0x1f), function: UInt8(truncatingIfNeeded: place & 7))
            }
        }
    }

    private static func number(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int? {
        guard at >= 0, at + count <= bytes.count else { return nil }
        return bytes[at..<(at + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Where the adapters are described that the table calls valid.
    private static func adapterPlaces(_ bytes: [UInt8]) -> [Int] {
        guard bytes.starts(with: Array("NBFT".utf8)), let start = number(bytes, 80, 4),
            let length = number(bytes, 84, 2), length >= 22, let count = number(bytes, 87, 1)
        else { return [] }
        return (0..<count).map { start + $0 * length }.filter { (number(bytes, $0 + 2, 1) ?? 0) & 1 == 1 }
    }

    private static func details(inNBFT bytes: [UInt8]) -> [Int] {
        adapterPlaces(bytes).compactMap { number(bytes, $0 + 16, 4) }.filter { $0 > 0 }
    }

    /// The table with what is read of it, and zeros for names, addresses and keys.
    static func reduced(_ bytes: [UInt8]) -> [UInt8] {
        var kept = [UInt8](repeating: 0, count: min(bytes.count, 65536))
        let parts =
            [0..<8, 64..<88] + adapterPlaces(bytes).map { $0..<($0 + 22) }
            + details(inNBFT: bytes).map { $0..<($0 + 11) }
        for part in parts where part.upperBound <= kept.count { kept.replaceSubrange(part, with: bytes[part]) }
        return kept
    }

    /// `BOOTIF=01-aa-bb-cc-dd-ee-ff`, as PXELINUX and GRUB write it: the kind of network, then the card's address.
    private func loader() -> [BootMedia.Device] {
        let words = (tree.line(SysfsPath.commandLine) ?? "").split(separator: " ")
        return words.filter { $0.hasPrefix("BOOTIF=") }.compactMap { word in
            let bytes = word.dropFirst(7).split(whereSeparator: { $0 == "-" || $0 == ":" }).compactMap {
                UInt8($0, radix: 16)
            }
            guard bytes.count == 6 || bytes.count == 7 else { return nil }
            return card(Array(bytes.suffix(6))).map {
                BootMedia.Device(name: "PXE boot", names: [$0.name], place: $0.place, severity: .critical)
            }
        }
    }
}
