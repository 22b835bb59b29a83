import PatchbayCore

extension DomainDefinition {
    /// True when it is Patchbay's and ties the guest to the host's CPUs or memory.
    var isSeated: Bool { isManaged && domain.first("numatune") != nil }

    /// Ties CPUs and memory as the seat says, in place of what it was tied to before.
    ///
    /// Throws `.wrongState` for a definition that is not Patchbay's: how it is tied is its owner's business.
    ///
    /// - Parameter devices: host devices of the definition by cell; they get onto a bus of that cell. Empty: they stay.
    mutating func seat(_ seat: GuestSeat, devices: [[PCIAddress]]) throws(Problem) {
        guard isManaged else {
            throw Problem(
                .wrongState,
                "This VM was not created by Patchbay, so its CPU and memory placement is not changed.")
        }
        try unseat()
        let xml = SeatXML(seat)
        try put([
            ("memoryBacking", xml.hugepages), ("cputune", xml.pins), ("numatune", xml.memory),
            ("cpu", xml.topology + xml.cells),
        ])
        if seat.cells.count > 1, hasExpressBus { try apply(busEdits(devices)) }
    }

    /// Removes what `seat` puts in; what else is in the same elements stays.
    mutating func unseat() throws(Problem) {
        guard isManaged else { return }
        var edits = domain.elements("numatune").map { Edit.remove($0) }
        for (name, parts) in Self.seatParts {
            for element in domain.elements(name) {
                let found = element.children.filter { parts.contains($0.name) }
                let isEmpty = found.count == element.children.count && element.attributes.isEmpty
                edits += isEmpty ? [.remove(element)] : found.map { .remove($0) }
            }
        }
        try apply(edits + busRemovals)
    }

    private static let seatParts = [
        ("cputune", ["vcpupin", "emulatorpin"]), ("memoryBacking", ["hugepages"]), ("cpu", ["numa", "topology"]),
    ]

    /// Puts each text at the end of the element of that name below the domain, which is made where it is not there.
    private mutating func put(_ parts: [(name: String, text: String)]) throws(Problem) {
        for (name, text) in parts where !text.isEmpty {
            if let element = domain.first(name) {
                try apply([.insert(text, into: element)])
            } else {
                try apply([.insert("<\(name)>\(text)</\(name)>", into: domain)])
            }
        }
    }
}
