/// The programs that run guests, with versions where they could be told without running anything on a recorded tree.
package struct SoftwareFacts: Hashable, Codable, Sendable {
    package var qemu: SoftwareVersion?
    package var libvirt: SoftwareVersion?
    /// UEFI images for guests: paths of firmware descriptors or images, sorted.
    package var guestFirmware: [String]
    /// Bytes that the daemon that starts guests may lock; -1: no limit; nil: not told.
    package var lockableBytes: Int?
    /// The proprietary or vendor GPU driver that is loaded: `nvidia` → `550.90.07`.
    package var vendorDrivers: [String: String]

    package init(
        qemu: SoftwareVersion? = nil, libvirt: SoftwareVersion? = nil, guestFirmware: [String] = [],
        lockableBytes: Int? = nil, vendorDrivers: [String: String] = [:]
    ) {
        self.qemu = qemu
        self.libvirt = libvirt
        self.guestFirmware = guestFirmware
        self.lockableBytes = lockableBytes
        self.vendorDrivers = vendorDrivers
    }
}
