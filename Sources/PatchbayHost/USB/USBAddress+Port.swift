import PatchbayCore

extension USBAddress {
    /// The interface of the hub that this is plugged into, and the name of the port there. nil for a root hub.
    var portDirectory: (hubInterface: String, name: String)? {
        guard let last = chain.last else { return nil }
        guard let hub = USBAddress(bus: bus, chain: chain.dropLast()), !hub.isRootHub else {
            return ("\(bus)-0:1.0", "usb\(bus)-port\(last)")
        }
        return ("\(hub):1.0", "\(hub)-port\(last)")
    }
}
