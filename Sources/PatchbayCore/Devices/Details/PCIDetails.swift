/// What a PCI function can do and how it is plugged in, beyond what decisions are made of.
///
/// Read from config space and from attributes that cost time or wake the device up, so once after each boot or hotplug,
/// not at each refresh. A part that the tree does not show is nil or empty: never a guess.
package struct PCIDetails: Hashable, Codable, Sendable {
    /// nil: no more than the standard header could be read.
    package var capabilities: PCICapabilities?
    package var link: PCILink?
    /// `power_state`: D0, D1, D2, D3hot, D3cold, unknown.
    package var powerState: String?
    package var slot: PhysicalSlot?
    package var serials: [DeviceSerial]
    package var rom: OptionROM?
    /// `aer_dev_*` totals; nil: the system does not own error reporting for it.
    package var errors: ErrorCounts?
    /// Set when the config space reads all ones: the device is gone, or too deep asleep to answer.
    package var isSilent: Bool

    package init(
        capabilities: PCICapabilities? = nil, link: PCILink? = nil, powerState: String? = nil,
        slot: PhysicalSlot? = nil, serials: [DeviceSerial] = [], rom: OptionROM? = nil, errors: ErrorCounts? = nil,
        isSilent: Bool = false
    ) {
        self.capabilities = capabilities
        self.link = link
        self.powerState = powerState
        self.slot = slot
        self.serials = serials
        self.rom = rom
        self.errors = errors
        self.isSilent = isSilent
    }
}

/// The physical slot, as the firmware and the board name it.
package struct PhysicalSlot: Hashable, Codable, Sendable {
    /// Name below `/sys/bus/pci/slots`: what is printed on the board or on the case.
    package var name: String?
    /// `label`: the firmware's name for an onboard device.
    package var label: String?
    /// `acpi_index` or `index`: the firmware's instance number.
    package var index: Int?

    package init(name: String? = nil, label: String? = nil, index: Int? = nil) {
        self.name = name
        self.label = label
        self.index = index
    }
}

/// Something that tells one device from another of the same model.
package struct DeviceSerial: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// Device Serial Number capability (PCI Express 6.0, section 7.9.3): eight bytes, `00-15-17-ff-ff-ab-cd-ef`.
        case dsn
        /// The SN keyword of the vital product data.
        case vpd
        /// `serial` of the NVMe controller.
        case nvme
        /// Permanent address of the network interface on it.
        case mac
        /// `serial` of a USB device.
        case usb
    }
    package var kind: Kind
    package var value: String

    package init(_ kind: Kind, _ value: String) {
        self.kind = kind
        self.value = value
    }
}

/// Totals of the Advanced Error Reporting counters since boot.
package struct ErrorCounts: Hashable, Codable, Sendable {
    package var correctable: Int
    package var nonfatal: Int
    package var fatal: Int

    package init(correctable: Int, nonfatal: Int, fatal: Int) {
        self.correctable = correctable
        self.nonfatal = nonfatal
        self.fatal = fatal
    }
}

/// What the expansion ROM holds. Source: PCI Firmware Specification 3.3, section 5.1.
package struct OptionROM: Hashable, Codable, Sendable {
    /// Code types of its images in order: 0 legacy x86, 1 Open Firmware, 3 UEFI.
    package var codeTypes: [UInt8]
    /// The signature and the chain of images are sound.
    package var isSound: Bool
    /// The kernel shows a copy that the firmware may have changed (boot display).
    package var isShadow: Bool

    package init(codeTypes: [UInt8], isSound: Bool, isShadow: Bool) {
        self.codeTypes = codeTypes
        self.isSound = isSound
        self.isShadow = isShadow
    }

    package var hasUEFI: Bool { codeTypes.contains(3) }
}
