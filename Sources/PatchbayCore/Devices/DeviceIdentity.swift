/// By what a PCI function is recognised: everything about it that survives a boot, its address not among it.
package struct DeviceIdentity: Hashable, Codable, Sendable {
    /// Where it is plugged in: `pci0000:00/02.0/00.0`.
    package var topologyPath: String
    package var id: PCIID
    package var subsystem: PCIID?
    /// Sorted by kind. Empty: only its place and its model tell it from others.
    package var serials: [DeviceSerial]

    package init(topologyPath: String, id: PCIID, subsystem: PCIID?, serials: [DeviceSerial]) {
        self.topologyPath = topologyPath
        self.id = id
        self.subsystem = subsystem
        self.serials = serials
    }
}

/// What became of a device that was known before a boot or a hotplug.
package enum Recognition: Hashable, Codable, Sendable {
    /// Same place, same device.
    case same(PCIAddress)
    /// The same device in another place or at another address: follow it, and say so.
    case moved(PCIAddress)
    /// Its place holds something else: hold, and ask. `differences` say what is not as it was, one a line.
    case changed(PCIAddress, differences: [String])
    /// Several could be it.
    case ambiguous([PCIAddress])
    case gone
}
