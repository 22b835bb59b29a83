/// How a device that does not answer shows it. Whoever gets such a device cannot start with it.
///
/// A sleeping device is not silent: it is not asked. Nor is a network card without a cable.
package struct Silence: Hashable, Codable, Sendable {
    package enum Sign: String, Codable, Sendable, CaseIterable {
        /// What is read from its config space is all ones: nobody answers on the bus.
        case allOnes = "all-ones"
        /// Its header is of a type that does not exist: what answers is not sound.
        case unknownHeader = "unknown-header"
        /// The port above it says that the link below is not active.
        case linkDown = "link-down"
    }
    package var sign: Sign
    /// The port that says so.
    package var port: PCIAddress?
    /// The physical function that it was made by; nil: it is no virtual function.
    package var parent: PCIAddress?
    /// The name of its slot below `/sys/bus/pci/slots`, where the slot's power can be switched; nil: it cannot.
    package var poweredSlot: String?

    package init(
        _ sign: Sign, port: PCIAddress? = nil, parent: PCIAddress? = nil, poweredSlot: String? = nil
    ) {
        self.sign = sign
        self.port = port
        self.parent = parent
        self.poweredSlot = poweredSlot
    }

    /// `its config space reads all ones`
    package var words: String {
        switch sign {
        case .allOnes: "its config space reads all ones"
        case .unknownHeader: "its header is of a type that does not exist"
        case .linkDown: "the link below \(port?.short ?? "its port") is not active"
        }
    }

    /// What may bring it back, the gentlest first, as far as it is possible for this device.
    package func waysOut(of address: PCIAddress) -> [String] {
        let devices = "/sys/bus/pci/devices"
        let restart =
            "Power the host off (not just a reboot) and on again. If it stays silent, seat or replace the card."
        if let parent {
            return ["Set the number of virtual functions of \(parent.short) to 0 and make them again.", restart]
        }
        let rescan =
            "Remove it and look for it again:  echo 1 | sudo tee \(devices)/\(address)/remove"
            + " && echo 1 | sudo tee /sys/bus/pci/rescan"
        let power = poweredSlot.map { name in
            "Switch its slot off and on:  echo 0 | sudo tee /sys/bus/pci/slots/\(name)/power"
                + " && echo 1 | sudo tee /sys/bus/pci/slots/\(name)/power"
        }
        return [rescan] + (power.map { [$0] } ?? []) + [restart]
    }
}
