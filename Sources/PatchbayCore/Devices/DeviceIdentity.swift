/// By what a device is known again after a boot or a hotplug: everything about it that its key is not.
package enum DeviceIdentity: Hashable, Codable, Sendable {
    case pci(PCIIdentity)
    case usb(USBIdentity)
}

extension DeviceIdentity {
    /// What it is recognised by, the most telling first.
    package var words: [String] {
        switch self {
        case .pci(let identity): identity.words
        case .usb(let identity): identity.words
        }
    }

    /// `recognised by: NVMe serial S1; place pci0000:00/02.0/00.0; model 10de:20b5`
    package var sentence: String { "recognised by: \(words.joined(separator: "; "))" }

    /// Where it was is known, so it can be looked for.
    package var tellsPlace: Bool {
        switch self {
        case .pci(let identity): !identity.topologyPath.isEmpty
        case .usb: true
        }
    }

    /// As far as both tell.
    package func isSameDisk(as other: DeviceIdentity) -> Bool {
        switch (self, other) {
        case (.pci(let identity), .pci(let other)): identity.isSameDisk(as: other)
        case (.usb(let identity), .usb(let other)): identity == other
        case (.pci, .usb), (.usb, .pci): false
        }
    }
}
