import PatchbayCore

/// Which kernel names stand on which USB device, by where their links below `sys/class` lead.
struct USBNodes {
    /// Sorted names: `sda`, `eth1`, `ttyUSB0`, `event3`.
    private(set) var byDevice: [USBAddress: [String]] = [:]

    init(_ tree: HostTree) {
        for (path, prefixes) in SysfsPath.usbNodeClasses {
            for name in tree.names(path) ?? [] {
                guard prefixes.isEmpty || prefixes.contains(where: { name.hasPrefix($0) }),
                    let link = tree.link("\(path)/\(name)"), let device = Self.device(link)
                else { continue }
                byDevice[device, default: []].append(name)
            }
        }
        for device in byDevice.keys { byDevice[device]?.sort() }
    }

    /// The innermost USB device on a path: `…/usb1/1-3/1-3.1/1-3.1:1.0/host2/…/block/sda` → `1-3.1`.
    static func device(_ link: String) -> USBAddress? {
        // The node's own name is none: an interface may be called usb0.
        link.split(separator: "/").dropLast().reversed().lazy.compactMap { USBAddress(kernelName: $0) }.first
    }
}
