import PatchbayCore

/// What of the network the host cannot miss: default routes, ways to those who talk to it, its own addresses, and the
/// members of its bonds, bridges and switches.
struct NetworkUses {
    let tree: HostTree
    let tables: RouteTables
    let interfaces: NetworkInterfaces
    let waysOut: WaysOut
    /// Who must stay reachable whatever happens: the server this host's agent talks to, other hosts of the cluster.
    let peers: [IPAddress]

    init(tree: HostTree, inventory: Inventory, peers: [IPAddress]) {
        self.tree = tree
        tables = RouteTables(tree)
        interfaces = NetworkInterfaces(tree: tree)
        waysOut = WaysOut(tree: tree, tables: tables, interfaces: interfaces, inventory: inventory)
        self.peers = peers
    }

    /// - Parameter remotes: what is mounted from servers.
    mutating func add(remotes: [MountBacking], to ledger: inout UseLedger) {
        guard tables.isKnown else { return addAllUnknown(&ledger) }
        addDefaults(&ledger)
        for peer in peers { add(routeTo: peer, .critical, ["peer \(peer)"], &ledger) }
        for operatorAddress in operators() {
            add(routeTo: operatorAddress, .critical, ["operator at \(operatorAddress)"], &ledger)
        }
        add(servers: remotes, &ledger)
        addMembers(&ledger)
        addOwnNetworks(&ledger)
        addListeners(&ledger)
        for doubt in doubts { add(doubt, &ledger) }
    }

    /// A way that cannot be followed to its end.
    private struct Doubt: Hashable {
        var reason: HostUse.Reason
        var chain: [String]
    }
    private var doubts: [Doubt] = []

    /// The best way out of each table is critical unless another working member or an equal way takes over; a standby
    /// is in use.
    private mutating func addDefaults(_ ledger: inout UseLedger) {
        var defaults = tables.defaults()
        for table in tables.hiddenDefaults {
            guard let tunnel = tunnel(ofTable: table) else {
                note(.defaultRoute, ["default route of table \(table)"])
                continue
            }
            defaults.append(RouteTables.DefaultRoute(interfaces: [tunnel], isStandby: false))
        }
        for route in defaults {
            let ways = route.interfaces.map { waysOut.ways(from: $0) }
            for (index, own) in ways.enumerated() {
                let isShared = ways.indices.contains { other in
                    other != index && route.interfaces[other] != route.interfaces[index]
                        && ways[other].contains { isIndependent($0, of: own) }
                }
                for way in own {
                    let isCritical = !(way.isRedundant || isShared || route.isStandby)
                    ledger.add(.defaultRoute, isCritical ? .critical : .inUse, way.names, at: way.place)
                }
                guard !route.isStandby, !isShared else { continue }
                let chains = own.isEmpty ? [[route.interfaces[index]]] : own.filter { $0.end == .doubt }.map(\.names)
                for chain in chains { note(.defaultRoute, chain) }
            }
        }
    }

    /// Tailscale and wg-quick(8) put the default route by their tunnel into tables with numbers of their own.
    private func tunnel(ofTable table: UInt32) -> String? {
        let isTailscale = table == 52
        guard isTailscale || (51820..<51920).contains(table) else { return nil }
        return interfaces.names.first { name in
            guard interfaces.isHardware(name) == false else { return false }
            return isTailscale ? name.hasPrefix("tailscale") : waysOut.links.facts(of: name).kind == "wireguard"
        }
    }

    private func isIndependent(_ way: WaysOut.Way, of others: [WaysOut.Way]) -> Bool {
        guard let function = way.place.functions.last, let name = way.names.last else { return false }
        return interfaces.isWorking(name) && !others.contains { $0.place.functions.last == function }
    }

    private mutating func add(
        routeTo address: IPAddress, _ severity: HostUse.Severity, _ chain: [String], _ ledger: inout UseLedger
    ) {
        let routes = tables.ways(to: address)
        for name in Set(routes.map(\.interface)).sorted() {
            // Who is a neighbour on a bridge of guests is one of them.
            let isBehindGateway = routes.contains { $0.interface == name && ($0.hasGateway || $0.isDefault) }
            for way in waysOut.ways(from: name, looksAtPrograms: isBehindGateway) {
                ledger.add(.route, way.isRedundant ? .inUse : severity, chain + way.names, at: way.place)
                if way.end == .doubt, isBehindGateway { note(.route, chain + way.names) }
            }
        }
    }

    /// Whoever is logged in now must not be cut off: SSH sessions, and those who talk to Patchbay's own server here.
    private func operators() -> [IPAddress] {
        let others = Set(peers)
        return TCPConnections.peers(ofLocalPorts: OperatorPorts.all(in: tree), in: tree).filter { !others.contains($0) }
    }

    private mutating func add(servers remotes: [MountBacking], _ ledger: inout UseLedger) {
        var isUnknownTold = false
        for mount in remotes {
            for remote in mount.remotes {
                let severity: HostUse.Severity = mount.isVital ? .critical : .inUse
                if let address = remote.address {
                    add(routeTo: address, severity, [mount.target] + remote.names, &ledger)
                } else if !isUnknownTold {
                    isUnknownTold = true
                    addUnknown([mount.target] + remote.names + ["an unknown server"], &ledger)
                }
            }
        }
    }

    private func addMembers(_ ledger: inout UseLedger) {
        for way in waysOut.pppoe.flatMap({ waysOut.hardware(below: $0) }) {
            guard let name = way.names.last, !isTold(of: name, way.place, ledger) else { continue }
            ledger.add(.networkMember, .inUse, ["PPPoE connection"] + way.names, at: way.place)
        }
        for name in interfaces.names {
            let place = interfaces.place(of: name)
            guard !isTold(of: name, place, ledger), let membership = interfaces.membership(of: name) else { continue }
            ledger.add(
                .networkMember, membership.isLastWorking ? .critical : .inUse, membership.names, at: place)
        }
    }

    /// An interface with an address is used by the host, also when no default route leaves by it: a storage network,
    /// the ring of a cluster.
    private func addOwnNetworks(_ ledger: inout UseLedger) {
        var seen: Set<String> = []
        for route in tables.routes where !route.isDefault && !route.destination.isLocalOnly {
            guard seen.insert(route.interface).inserted else { continue }
            for way in waysOut.hardware(below: route.interface) {
                guard let name = way.names.last, !isTold(of: name, way.place, ledger) else { continue }
                ledger.add(.route, .inUse, ["\(route.destination)"] + way.names, at: way.place)
            }
        }
    }

    /// A tap of a switch's traffic has no address and no route: what a network monitor listens on.
    private func addListeners(_ ledger: inout UseLedger) {
        for name in interfaces.names {
            let place = interfaces.place(of: name)
            guard !isTold(of: name, place, ledger), interfaces.isUp(name) else { continue }
            guard interfaces.takesAllPackets(name) || hasProgram(name, place, ledger) else { continue }
            ledger.add(.listener, .inUse, [name], at: place)
        }
    }

    /// The kernel is asked for each by itself: not for virtual functions, of which there may be thousands.
    private func hasProgram(_ name: String, _ place: DevicePlace, _ ledger: UseLedger) -> Bool {
        if case .virtual? = place.functions.last.flatMap({ ledger.inventory[$0]?.role }) { return false }
        return interfaces.isWorking(name) && waysOut.links.facts(of: name).hasProgram
    }

    /// A route or membership through this very interface says enough.
    private func isTold(of name: String, _ place: DevicePlace, _ ledger: UseLedger) -> Bool {
        guard let function = place.functions.last else { return true }
        return (ledger.uses[function] ?? []).contains {
            [.defaultRoute, .route, .networkMember].contains($0.reason) && $0.severity > .unknown
                && $0.chain.contains(name)
        }
    }
}

extension NetworkUses {
    private mutating func note(_ reason: HostUse.Reason, _ chain: [String]) {
        let doubt = Doubt(reason: reason, chain: chain)
        if !doubts.contains(doubt) { doubts.append(doubt) }
    }

    /// Whatever may carry it is not called free: every port with a link, and every network function that is out of sight,
    /// with a driver but without an interface, or driven by a program. What is known to be used needs no doubt.
    private func add(_ doubt: Doubt, _ ledger: inout UseLedger) {
        var visible: Set<PCIAddress> = []
        for name in interfaces.names where interfaces.isHardware(name) == true {
            let place = interfaces.place(of: name)
            guard let function = place.functions.last else { continue }
            visible.insert(function)
            guard interfaces.isWorking(name), !isUsed(function, ledger) else { continue }
            ledger.add(doubt.reason, .unknown, doubt.chain + [name], at: place)
        }
        for function in ledger.functions where !visible.contains(function.address) {
            guard isOutOfSight(function, ledger), !isUsed(function.address, ledger) else { continue }
            ledger.add(doubt.reason, .unknown, doubt.chain, at: waysOut.programs.place(of: function.address))
        }
        ledger.findings.append(
            Finding(
                "route-unknown", .note, subject: ledger.inventory.host.name,
                "The device that carries \"\(doubt.chain.joined(separator: " → "))\" could not be determined, so no "
                    + "network card that may carry it counts as free."))
    }

    private func isUsed(_ function: PCIAddress, _ ledger: UseLedger) -> Bool {
        ledger.severity(of: function).map { $0 > .unknown } ?? false
    }

    private func isOutOfSight(_ function: PCIFunction, _ ledger: UseLedger) -> Bool {
        guard function.deviceClass.isNetwork, !function.isBridge else { return false }
        guard let driver = function.driver else { return ledger.mayBeUsed(function) }
        return !(TunPrograms.isForPrograms(driver) && waysOut.programs.isLeftAlone(function))
    }

    /// Nothing is known of any way out: then no network function is called free.
    private func addAllUnknown(_ ledger: inout UseLedger) {
        guard addUnknown(["no routing table in what was read"], &ledger) else { return }
        ledger.findings.append(
            Finding(
                "routes-unknown", .warning, subject: ledger.inventory.host.name,
                "No routing table was found, so all network cards are treated as in use.",
                next: ["Read the host itself, or a tree with proc/net/route and proc/net/ipv6_route."]))
    }

    @discardableResult
    private func addUnknown(_ chain: [String], _ ledger: inout UseLedger) -> Bool {
        var isAny = false
        let networks = Set(interfaces.names)
        for function in ledger.functions where ledger.mayBeUsed(function) {
            let names = function.nodes.filter { networks.contains($0) }
            guard function.deviceClass.isNetwork || !names.isEmpty else { continue }
            isAny = true
            ledger.add(.route, .unknown, chain + names.prefix(1), at: DevicePlace(functions: [function.address]))
        }
        return isAny
    }
}
