import PatchbayCore

/// The ids of a function, as `modalias` tells them all at once:
/// `pci:v000010DEd000020B5sv000010DEsd00001533bc03sc02i00`.
///
/// Printed from the same fields of the kernel's `struct pci_dev` as the single id files (`drivers/pci/pci-sysfs.c`,
/// `modalias_show`), so one read stands for six; and unlike `uevent` it takes no lock that a hanging driver may hold.
struct ModaliasLine: Equatable {
    var id: PCIID
    /// nil: both numbers are 0, which is how the kernel says that there is none.
    var subsystem: PCIID?
    var deviceClass: PCIClass

    init(id: PCIID, subsystem: PCIID?, deviceClass: PCIClass) {
        self.id = id
        self.subsystem = subsystem
        self.deviceClass = deviceClass
    }

    /// nil: not a line of this form, or ids wider than the 16 bits that PCI has.
    init?(_ bytes: Span<UInt8>) {
        let line = KernelText.firstLine(bytes)
        guard line.count == 53, bytes[0] == 0x70, bytes[1] == 0x63, bytes[2] == 0x69, bytes[3] == 0x3a,
            bytes[4] == 0x76, bytes[13] == 0x64, bytes[22] == 0x73, bytes[23] == 0x76, bytes[32] == 0x73,
            bytes[33] == 0x64, bytes[42] == 0x62, bytes[46] == 0x73, bytes[50] == 0x69,
            let vendor = Self.id(bytes, 5), let device = Self.id(bytes, 14),
            let subsystemVendor = Self.id(bytes, 24), let subsystemDevice = Self.id(bytes, 34),
            let base = KernelText.hex(bytes, 44..<46), let sub = KernelText.hex(bytes, 48..<50),
            let interface = KernelText.hex(bytes, 51..<53)
        else { return nil }
        self.id = PCIID(vendor: vendor, device: device)
        self.subsystem = PCIID.subsystem(subsystemVendor, subsystemDevice)
        self.deviceClass = PCIClass(UInt32(base) << 16 | UInt32(sub) << 8 | UInt32(interface))
    }

    private static func id(_ bytes: Span<UInt8>, _ start: Int) -> UInt16? {
        KernelText.hex(bytes, start..<(start + 8)).flatMap { UInt16(exactly: $0) }
    }
}

extension PCIID {
    static func subsystem(_ vendor: UInt16, _ device: UInt16) -> PCIID? {
        vendor == 0 && device == 0 ? nil : PCIID(vendor: vendor, device: device)
    }
}
