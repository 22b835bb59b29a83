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
