/// What became of a device that was known before a boot or a hotplug.
package enum Recognition: Hashable, Codable, Sendable {
    /// Same place, same device.
    case same(DeviceKey)
    /// The same device in another place or at another address: follow it, and say so.
    case moved(DeviceKey)
    /// Its place holds something else: hold, and ask. `differences` say what is not as it was, one a line.
    case changed(DeviceKey, differences: [String])
    /// Several could be it, or one that nothing proves to be it.
    case ambiguous([DeviceKey])
    case gone

    /// Where it is, when that is sure.
    package var key: DeviceKey? {
        switch self {
        case .same(let key), .moved(let key): key
        case .changed, .ambiguous, .gone: nil
        }
    }
}

/// Finds devices of every kind again. Made once for an inventory.
package struct DeviceRecognizer: Sendable {
    private let pci: PCIRecognizer
    private let usb: USBRecognizer

    /// - Parameter earlier: what the host was like when the devices were known. Without it nobody can tell whether a
    ///   device of the same model has always been where it is now.
    package init(_ inventory: Inventory, before earlier: Inventory? = nil) {
        pci = PCIRecognizer(inventory, before: earlier)
        usb = USBRecognizer(inventory)
    }

    /// - Parameter key: where it was; nil: not known. Only says whether it has another one now.
    package func recognise(_ identity: DeviceIdentity, at key: DeviceKey?) -> Recognition {
        switch identity {
        case .pci(let identity): pci.recognise(identity, at: key?.pci)
        case .usb(let identity): usb.recognise(identity, at: key?.usb)
        }
    }
}
