import PatchbayCore

/// Where a kernel device is plugged in, by its real path below `sys/devices`.
package struct DevicePlace: Hashable, Sendable {
    /// All PCI functions on the way, outermost first, its own last. Empty: on no PCI bus.
    package var functions: [PCIAddress]
    /// The USB device it belongs to, by name below `sys/bus/usb/devices`: `1-3.1`.
    package var usb: String?

    package init(functions: [PCIAddress] = [], usb: String? = nil) {
        self.functions = functions
        self.usb = usb
    }

    init(link: String) {
        functions = TopologyPath.functions(link)
        usb = Self.passesUSB(link) ? link.split(separator: "/").last { Self.isUSBDevice($0) }.map(String.init) : nil
    }

    /// By the root hub, `/usb1`. Every link is asked, so its bytes are.
    private static func passesUSB(_ link: String) -> Bool {
        var last: UInt32 = 0
        for byte in link.utf8 {
            last = last << 8 | UInt32(byte)
            if last == 0x2f75_7362 { return true }  // "/usb"
        }
        return false
    }

    /// `1-3` and `1-3.1`, but neither interfaces (`1-3:1.0`) nor root hubs (`usb1`).
    static func isUSBDevice(_ name: some StringProtocol) -> Bool {
        let parts = name.utf8.split(separator: 0x2d, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[0].allSatisfy(isDigit) else { return false }
        return parts[1].split(separator: 0x2e, omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && $0.allSatisfy(isDigit)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
