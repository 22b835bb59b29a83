import PatchbayCore

/// One device event of the kernel (`lib/kobject_uevent.c`): `add@/devices/...`, then `KEY=VALUE` texts, a NUL behind each.
struct DeviceEvent: Equatable {
    var action: String
    /// Below `/sys`.
    var path: String
    var subsystem: String

    /// nil: not a message of this form.
    init?(_ message: some Collection<UInt8>) {
        let texts = message.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard let head = texts.first, let at = head.firstIndex(of: "@") else { return nil }
        action = String(head[..<at])
        path = String(head[head.index(after: at)...])
        let key = "SUBSYSTEM="
        guard let subsystem = texts.dropFirst().first(where: { $0.hasPrefix(key) }) else { return nil }
        self.subsystem = String(subsystem.dropFirst(key.count))
    }

    /// What is to be read again. nil: nothing that an inventory shows.
    var change: HostChange? {
        switch subsystem {
        case "pci":
            let name = path.lastComponent
            guard !name.isEmpty else { return .everything }
            return action == "add" || action == "remove"
                ? HostChange(arrivals: [name]) : HostChange(functions: [name], parts: [.drivers])
        case "block", "nvme", "nvme-subsystem": return HostChange(functions: function, parts: [.storage])
        case "net": return HostChange(functions: function, parts: [.network])
        case "vfio", "vfio-dev": return HostChange(functions: function, parts: [.drivers])
        case "iommu": return .everything
        case "usb", "usb-serial", "hid", "hidraw", "tty", "sound", "video4linux", "input":
            return isOnUSB ? HostChange(parts: [.usb]) : nil
        case "mdev", "mdev_bus": return HostChange(functions: function, parts: [.mediated])
        case "module": return path.hasPrefix("/module/vfio") ? HostChange(parts: [.drivers]) : nil
        case "drivers": return path.hasPrefix("/bus/pci/drivers/") ? HostChange(parts: [.drivers]) : nil
        default: return nil
        }
    }

    /// The function that the thing hangs on.
    private var function: Set<String> {
        TopologyPath.functions(path).last.map { [$0.description] } ?? []
    }

    private var isOnUSB: Bool { path.contains("/usb") }
}
