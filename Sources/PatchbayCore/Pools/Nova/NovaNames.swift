/// Names of resource classes and traits as OpenStack's placement writes them.
package enum NovaNames {
    /// The classes that OpenStack knows by name (library os-resource-classes, release 1.1.0).
    private static let standardClasses: Set = [
        "DISK_GB", "FPGA", "IPV4_ADDRESS", "MEMORY_MB", "MEM_ENCRYPTION_CONTEXT", "NET_BW_EGR_KILOBIT_PER_SEC",
        "NET_BW_IGR_KILOBIT_PER_SEC", "NET_PACKET_RATE_EGR_KILOPACKET_PER_SEC",
        "NET_PACKET_RATE_IGR_KILOPACKET_PER_SEC", "NET_PACKET_RATE_KILOPACKET_PER_SEC", "NUMA_CORE", "NUMA_MEMORY_MB",
        "NUMA_SOCKET", "NUMA_THREAD", "PCI_DEVICE", "PCPU", "PGPU", "SRIOV_NET_VF", "VCPU", "VGPU",
        "VGPU_DISPLAY_HEAD",
    ]

    /// The class of a device: the name that was chosen, or one made from its ids.
    package static func resourceClass(_ name: String?, vendor: String, product: String) -> String {
        guard let name else { return "CUSTOM_PCI_\(vendor)_\(product)".uppercased() }
        let upper = name.uppercased()
        return standardClasses.contains(upper) || upper.hasPrefix(custom) ? upper : own(upper)
    }

    /// Traits as they are listed, separated by commas. Blanks count, and so does an empty item. Each once, sorted.
    package static func traits(_ text: String) -> [String] {
        guard !text.isEmpty else { return [] }
        let items = text.split(separator: ",", omittingEmptySubsequences: false).map { item in
            let upper = item.uppercased()
            return NovaTraits.standard.contains(String(item))
                ? String(item) : upper.hasPrefix(custom) ? upper : own(upper)
        }
        return sorted(Set(items))
    }

    /// Byte by byte, as placement lists names.
    package static func sorted(_ names: Set<String>) -> [String] {
        names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    }

    /// The traits that a rule's tags of the same meaning give a device.
    package static let liveMigratable = "HW_PCI_LIVE_MIGRATABLE"
    package static let oneTimeUse = "HW_PCI_ONE_TIME_USE"

    private static let custom = "CUSTOM_"

    /// Every run of what is no capital letter and no digit becomes one underscore.
    private static func own(_ upper: String) -> String {
        var name: [UInt8] = Array(custom.utf8)
        var isInRun = false
        for scalar in upper.unicodeScalars {
            let isKept = ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
            if isKept { name.append(UInt8(scalar.value)) } else if !isInRun { name.append(UInt8(ascii: "_")) }
            isInRun = !isKept
        }
        return String(decoding: name, as: UTF8.self)
    }
}
