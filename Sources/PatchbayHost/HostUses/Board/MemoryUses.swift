import PatchbayCore

/// Memory on cards (CXL) that the host works with: taken away, whatever lies in it is gone and the host stops.
///
/// A region of memory names the decoders of its cards; its DAX device says whether the kernel has added it to the system's
/// memory. Source: `Documentation/ABI/testing/sysfs-bus-cxl`, `drivers/cxl/core/region.c`.
struct MemoryUses {
    let tree: HostTree

    func add(to ledger: inout UseLedger) {
        let names = tree.names(SysfsPath.memoryDevices)
        for region in (names ?? []).filter({ $0.hasPrefix("region") }) { add(region, to: &ledger) }
        let cards = ledger.functions.filter { $0.deviceClass.baseAndSub == 0x0502 }
        if !cards.isEmpty { addUntold(cards, isTold: names != nil, &ledger) }
    }

    /// The most interleave ways that a region can have.
    private static let ways = 16

    private func add(_ region: String, to ledger: inout UseLedger) {
        let directory = "\(SysfsPath.memoryDevices)/\(region)"
        guard tree.line("\(directory)/commit") == "1" else { return }
        let (severity, word) = use(of: region, mode: tree.line("\(directory)/mode"))
        for way in 0..<Self.ways {
            guard let decoder = tree.line("\(directory)/target\(way)") else { return }
            guard let place = place(of: decoder) else { continue }
            ledger.add(.memory, severity, [word, region], at: place)
        }
    }

    /// The firmware adds memory of its own regions to the system before any driver does; those have no DAX device.
    private func use(of region: String, mode: String?) -> (HostUse.Severity, String) {
        let parts = (tree.names(SysfsPath.directMemory) ?? []).filter { name in
            tree.link("\(SysfsPath.directMemory)/\(name)")?.contains("/\(region)/") ?? false
        }
        let isSystem = parts.contains { name in
            tree.link("\(SysfsPath.directMemory)/\(name)/driver")?.lastComponent == "kmem"
        }
        if isSystem || parts.isEmpty && mode != "pmem" { return (.critical, "system memory") }
        return (.inUse, mode == "pmem" ? "persistent memory" : "memory reserved for programs")
    }

    /// `decoder5.0` is below `endpoint5`, whose `uport` is the memory device of a card.
    private func place(of decoder: String) -> DevicePlace? {
        guard let link = tree.link("\(SysfsPath.memoryDevices)/\(decoder)"),
            let endpoint = link.split(separator: "/").last(where: { $0.hasPrefix("endpoint") })
        else { return nil }
        let port = tree.link("\(SysfsPath.memoryDevices)/\(endpoint)/uport")
        guard let port, let name = port.split(separator: "/").last else { return nil }
        let place = DevicePlace(link: port)
        if !place.functions.isEmpty { return place }
        return tree.link("\(SysfsPath.memoryDevices)/\(name)").map { DevicePlace(link: $0) }
    }

    /// Memory of which no region is told may be the system's all the same: where the kernel has no CXL bus, the firmware
    /// may have added it, and memory that was set aside by the firmware does not say which card it is on.
    private func addUntold(_ cards: [PCIFunction], isTold: Bool, _ ledger: inout UseLedger) {
        let isElsewhere = (tree.names(SysfsPath.directMemory) ?? []).contains { name in
            tree.link("\(SysfsPath.directMemory)/\(name)/driver")?.lastComponent == "kmem"
                && tree.link("\(SysfsPath.directMemory)/\(name)")?.contains("/region") == false
        }
        guard !isTold || isElsewhere else { return }
        for card in cards where !card.isOnVFIO && ledger.severity(of: card.address) == nil {
            ledger.add(
                .memory, .unknown, ["whether its memory is system memory could not be determined"],
                at: DevicePlace(functions: [card.address]))
        }
    }
}
