import PatchbayCore
import PatchbayHost

/// An element of a definition that gives a device of the host to the guest.
///
/// Format: libvirt.org, "Domain XML format", host device assignment.
struct HostDevice {
    var element: XMLTree
    var key: DeviceKey
    /// What a running guest has of it is gone from the host. Nothing is to be learnt from that of one that is off.
    let isPulled: Bool

    /// nil: it gives none, or names one that is not there.
    init?(_ element: XMLTree, usb: USBNumbers) {
        guard
            let key = PCIHostDevice.address(in: element)?.key
                ?? USBHostDevice.address(in: element, usb).map(DeviceKey.usb)
        else { return nil }
        self.element = element
        self.key = key
        isPulled = USBHostDevice.isPulled(element, usb)
    }

    /// What gives a device to a guest. Throws `.unknownDevice` when it is not there.
    static func text(
        for key: DeviceKey, usb: USBNumbers, guestReset: GuestReset? = nil
    ) throws(Problem) -> String {
        switch key {
        case .pci(let address): return PCIHostDevice.text(for: address)
        case .usb(let address):
            guard let device = usb.device(at: address) else {
                throw Problem(
                    .unknownDevice, "Device \(key.short) is not plugged in.",
                    next: [NextStep("Plug it in, then plan it again", .listUSB())])
            }
            return USBHostDevice.text(for: device, guestReset: guestReset)
        }
    }

    /// The alias says who put it there, and which device it was.
    static func alias(of key: DeviceKey) -> String {
        switch key {
        case .pci(let address): PCIHostDevice.alias(of: address)
        case .usb(let address): USBHostDevice.alias(of: address)
        }
    }
}
