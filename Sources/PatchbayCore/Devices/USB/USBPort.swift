/// The port that a USB device is plugged into.
package struct USBPort: Hashable, Codable, Sendable {
    /// The PCI function that drives the bus; nil: a controller that is on no PCI bus.
    package var controller: PCIAddress?
    /// The same socket on the bus of the other speed, as the kernel's `peer` link names it: `usb2-port3`.
    package var companion: String?
    /// `hotplug`, `hardwired`, `not used`; nil: not told.
    package var connectType: String?

    package init(controller: PCIAddress?, companion: String? = nil, connectType: String? = nil) {
        self.controller = controller
        self.companion = companion
        self.connectType = connectType
    }
}
