/// How a device that does not answer shows it. Whoever gets such a device cannot start with it.
///
/// A sleeping device is not silent: it is not asked. Nor is a network card without a cable.
package struct Silence: Hashable, Codable, Sendable {
    package enum Sign: String, Codable, Sendable, CaseIterable {
        /// What is read from its config space is all ones: nobody answers on the bus.
        case allOnes = "all-ones"
        /// Its header is of a type that does not exist: what answers is not sound.
        case unknownHeader = "unknown-header"
        /// The port above it says that the link below is down.
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

    /// `its config space reads as all ones`
    package var words: String {
        switch sign {
        case .allOnes: "its config space reads as all ones"
        case .unknownHeader: "its header type is invalid"
        case .linkDown: "the link below \(port?.short ?? "its port") is down"
        }
    }

    /// What may bring it back, the gentlest first, as far as it is possible for this device.
    ///
    /// - Parameter card: the functions of its card that do not answer, itself among them: a card comes back as a whole.
    package func waysOut(of card: [PCIAddress]) -> [NextStep] {
        let restart: NextStep =
            "Power the host off (not just a reboot) and on again. If it still does not answer, replace the card."
        if let parent {
            return ["Set the number of virtual functions of \(parent.short) to 0 and create them again.", restart]
        }
        let files = card.map { "/sys/bus/pci/devices/\($0)/remove" }.joined(separator: " ")
        let rescan =
            "Remove \(card.map(\.short).listed) and rescan the bus; a driver of the host may bind what is found:"
            + "  echo 1 | sudo tee \(files) && echo 1 | sudo tee /sys/bus/pci/rescan"
        let power = poweredSlot.map { name in
            "Power its slot off and on:  echo 0 | sudo tee /sys/bus/pci/slots/\(name)/power"
                + " && echo 1 | sudo tee /sys/bus/pci/slots/\(name)/power"
        }
        return [NextStep(rescan)] + (power.map { [NextStep($0)] } ?? []) + [restart]
    }
}

extension Inventory {
    /// What may bring a device back that does not answer, one step a line; nil: it answers.
    package func waysOut(of address: PCIAddress) -> [NextStep]? {
        guard let silence = self[address]?.silence else { return nil }
        let card = (0...7).compactMap { function in
            PCIAddress(domain: address.domain, bus: address.bus, slot: address.slot, function: function)
        }
        return silence.waysOut(of: card.filter { self[$0]?.silence.map { $0.parent == nil } == true })
            + [NextStep("Then read the host again", .refreshHost(host.name))]
    }

    /// Devices that do not answer. Virtual functions of one card are told together, and not beside a card that is silent
    /// itself.
    package var silentFindings: [Finding] {
        var others: [PCIAddress: Int] = [:]
        let silent = functions.filter { function in
            guard let silence = function.silence else { return false }
            guard let parent = silence.parent else { return true }
            guard self[parent]?.silence == nil else { return false }
            others[parent, default: -1] += 1
            return others[parent] == 0
        }
        return silent.compactMap { function in
            function.silence.map { silentFinding(function.address, $0, others: $0.parent.flatMap { others[$0] } ?? 0) }
        }
    }

    private func silentFinding(_ address: PCIAddress, _ silence: Silence, others: Int) -> Finding {
        let also =
            others == 0 ? "" : ", like \(others) other \(others == 1 ? "function" : "functions") of the same card"
        return Finding(
            "device-silent", .warning, subject: "\(host.name)/\(address)",
            "\(address) does not answer: \(silence.words)\(also).", next: waysOut(of: address) ?? [])
    }
}
