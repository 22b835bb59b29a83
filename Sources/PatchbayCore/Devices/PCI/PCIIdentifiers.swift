/// Vendor and device id of a PCI function, or of its subsystem. Text form `10de:20b5`.
package struct PCIID: Hashable, Codable, Sendable, CustomStringConvertible {
    package let vendor: UInt16
    package let device: UInt16

    package init(vendor: UInt16, device: UInt16) {
        self.vendor = vendor
        self.device = device
    }

    package var description: String { "\(vendor.hex(4)):\(device.hex(4))" }
}

/// The 24-bit class code: base class, sub-class, programming interface. Text form `030200`.
///
/// Source: PCI Code and ID Assignment Specification; `include/linux/pci_ids.h`.
package struct PCIClass: Hashable, Codable, Sendable, CustomStringConvertible {
    package let code: UInt32

    package init(_ code: UInt32) { self.code = code & 0xff_ffff }

    package var base: UInt8 { UInt8(truncatingIfNeeded: code >> 16) }
    package var sub: UInt8 { UInt8(code >> 8 & 0xff) }
    /// Base and sub-class, as `lspci -n` prints it: 0x0302.
    package var baseAndSub: UInt16 { UInt16(truncatingIfNeeded: code >> 8) }
    package var description: String { code.hex(6) }

    /// VGA, XGA, 3D and other display controllers.
    package var isDisplay: Bool { base == 0x03 }
    package var isNetwork: Bool { base == 0x02 }
    package var isStorage: Bool { base == 0x01 }
}
