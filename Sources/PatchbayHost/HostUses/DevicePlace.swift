import PatchbayCore

/// Where a kernel device is plugged in, by its real path below `sys/devices`.
package struct DevicePlace: Hashable, Sendable {
    /// All PCI functions on the way, outermost first, its own last. Empty: on no PCI bus.
    package var functions: [PCIAddress]
    /// The USB device it belongs to.
    package var usb: USBAddress?

    package init(functions: [PCIAddress] = [], usb: USBAddress? = nil) {
        self.functions = functions
        self.usb = usb
    }

    init(link: String) {
        functions = TopologyPath.functions(link)
        usb = Self.passesUSB(link) ? Self.usbDevice(link) : nil
    }

    /// Itself and what it is plugged into, the innermost first.
    var devices: [DeviceKey] { (usb.map { [.usb($0)] } ?? []) + functions.reversed().map(\.key) }

    /// By the root hub, `/usb1`. Every link is asked, so its bytes are.
    private static func passesUSB(_ link: String) -> Bool {
        var last: UInt32 = 0
        for byte in link.utf8 {
            last = last << 8 | UInt32(byte)
            if last == 0x2f75_7362 { return true }  // "/usb"
        }
        return false
    }

    /// The innermost on a path that is no root hub.
    private static func usbDevice(_ link: String) -> USBAddress? {
        link.split(separator: "/").reversed().lazy.compactMap { USBAddress(kernelName: $0) }.first { !$0.isRootHub }
    }
}
