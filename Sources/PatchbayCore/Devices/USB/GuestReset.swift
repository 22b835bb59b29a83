/// What becomes of a guest's wish to reset a USB device that it has.
///
/// QEMU's `guest-reset` and `guest-resets-all` (`hw/usb/host-libusb.c`), libvirt's `guestReset`. Strictest first.
package enum GuestReset: String, Codable, Sendable, CaseIterable {
    /// Nothing: for a device that loses its settings or its firmware, or comes back as another one.
    case off
    /// It is reset, but not at the first plug, when the guest has not given it a number yet. What QEMU does unless told otherwise.
    case uninitialized
    /// It is reset each time, as a port of a hub would do it.
    case on
}

extension [Pool] {
    /// What the USB pools say that the device is in; the strictest where they differ, nil: none says anything.
    func guestReset(of device: some Device, on host: String) -> GuestReset? {
        let said = filter { $0.guestReset != nil && $0.matches(device, on: host) }.compactMap(\.guestReset)
        return GuestReset.allCases.first(where: said.contains)
    }
}
