import PatchbayCore

/// The USB devices of a host by bus and device number, as libvirt and QEMU name them. Read when it is asked.
package struct USBNumbers: Sendable {
    private let root: String?

    /// - Parameter root: nil: nothing is plugged in.
    package init(root: String?) { self.root = root }

    /// What is plugged into a port now; nil: nothing.
    package func device(at address: USBAddress) -> USBDevice? { devices.first { $0.address == address } }

    /// Where the device with these numbers is plugged in; nil: there is none.
    package func address(bus: Int, device: Int) -> USBAddress? {
        devices.first { $0.address.bus == bus && $0.deviceNumber == device }?.address
    }

    /// The only device of a model; nil: there is none, or several.
    package func address(ofOnly id: USBID) -> USBAddress? {
        let found = devices.filter { $0.id == id }
        return found.count == 1 ? found[0].address : nil
    }

    private var devices: [USBDevice] {
        guard let root, let tree = try? HostTree(root: root) else { return [] }
        return USBReader(tree: tree, host: "").read().devices
    }
}
