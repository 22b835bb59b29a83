extension Inventory {
    /// Tells every link what the port above it can do, and which link on the way to the root port is the narrowest. A port's
    /// own link leads down and has nothing above it.
    package mutating func connectLinks() {
        let topology = PCITopology(self)
        connectEnds(topology)
        for index in functions.indices {
            guard let link = functions[index].details?.link else { continue }
            let above = topology.ancestors(of: functions[index].address).compactMap { port in
                leadsDown(port, topology) ? nil : self[port]?.details?.link.map { (port: port, link: $0) }
            }
            functions[index].details?.link?.bottleneck = link.bottleneck(among: above)
        }
    }

    private mutating func connectEnds(_ topology: PCITopology) {
        for index in functions.indices {
            guard functions[index].details?.link != nil, !leadsDown(functions[index].address, topology),
                let port = topology.parent(of: functions[index].address).flatMap({ self[$0] })
            else { continue }
            let above = port.details?.link
            let announced = port.details?.capabilities?.express
            functions[index].details?.link?.upstreamMaxSpeed = above?.maxSpeed ?? announced?.maxSpeed
            functions[index].details?.link?.upstreamMaxWidth = above?.maxWidth ?? announced?.maxWidth
        }
    }

    /// What the details tell that a person should know, function by function.
    package var detailFindings: [Finding] {
        silentFindings
            + functions.flatMap { function -> [Finding] in
                guard let details = function.details, function.silence == nil else { return [] }
                let subject = "\(host.name)/\(function.address)"
                let lists =
                    details.capabilities.map { $0.isSound ? [] : [Self.unsound(function.address, subject)] } ?? []
                return lists + (details.link?.shortfalls ?? []).map { Self.finding($0, function.address, subject) }
            }
    }

    private static func unsound(_ address: PCIAddress, _ subject: String) -> Finding {
        Finding(
            "capabilities-unsound", .note, subject: subject,
            "The capability list of \(address) is damaged: capabilities after the damage are unknown.")
    }

    private static func finding(_ shortfall: PCILink.Shortfall, _ address: PCIAddress, _ subject: String) -> Finding {
        switch shortfall {
        case .width:
            Finding(
                "link-narrow", shortfall.severity, subject: subject, "\(address): \(shortfall.sentence)",
                next: ["Reseat the card, and check the riser and the slot's lanes in the firmware setup."])
        case .speed: Finding("link-slow", shortfall.severity, subject: subject, "\(address): \(shortfall.sentence)")
        }
    }
}

extension Inventory {
    /// Root ports and the downstream ports of switches.
    private func leadsDown(_ address: PCIAddress, _ topology: PCITopology) -> Bool {
        guard let function = self[address] else { return false }
        switch function.details?.capabilities?.express?.portType {
        case .rootPort, .downstreamPort: return true
        case .upstreamPort, .endpoint, .legacyEndpoint, .toConventionalBridge, .fromConventionalBridge,
            .integratedEndpoint, .eventCollector:
            return false
        // Without capabilities the place tells: below a root port is an upstream port, below that are downstream ports.
        case nil:
            return function.isBridge && topology.ancestors(of: address).count.isMultiple(of: 2)
        }
    }
}
