extension Inventory {
    /// Tells every link what the port above it can do. A port's own link leads down and has nothing above it.
    package mutating func connectLinks() {
        let topology = PCITopology(self)
        for index in functions.indices {
            guard functions[index].details?.link != nil, !functions[index].leadsDown,
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
        functions.flatMap { function -> [Finding] in
            guard let details = function.details else { return [] }
            let subject = "\(host.name)/\(function.address)"
            if let silence = function.silence {
                return [
                    Finding(
                        "device-silent", .problem, subject: subject,
                        "\(function.address) does not answer: \(silence.words).",
                        next: silence.waysOut(of: function.address))
                ]
            }
            let lists = details.capabilities.map { $0.isSound ? [] : [Self.unsound(function.address, subject)] } ?? []
            return lists + (details.link?.shortfalls ?? []).map { Self.finding($0, function.address, subject) }
        }
    }

    private static func unsound(_ address: PCIAddress, _ subject: String) -> Finding {
        Finding(
            "capabilities-unsound", .note, subject: subject,
            "The capability list of \(address) does not end as it should: what is behind the mistake is not known.")
    }

    private static func finding(_ shortfall: PCILink.Shortfall, _ address: PCIAddress, _ subject: String) -> Finding {
        switch shortfall {
        case .width:
            Finding(
                "link-narrow", shortfall.severity, subject: subject, "\(address): \(shortfall.sentence)",
                next: ["Reseat the card, and look at the riser and at the slot's lanes in the firmware setup."])
        case .speed: Finding("link-slow", shortfall.severity, subject: subject, "\(address): \(shortfall.sentence)")
        }
    }
}

extension PCIFunction {
    /// Root ports and the downstream ports of switches.
    fileprivate var leadsDown: Bool {
        switch details?.capabilities?.express?.portType {
        case .rootPort, .downstreamPort: true
        case .upstreamPort, .endpoint, .legacyEndpoint, .toConventionalBridge, .fromConventionalBridge,
            .integratedEndpoint, .eventCollector:
            false
        // Without capabilities a bridge is as often the one as the other: nothing is said.
        case nil: isBridge
        }
    }
}
