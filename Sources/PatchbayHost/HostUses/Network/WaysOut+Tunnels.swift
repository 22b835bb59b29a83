import PatchbayCore

/// Interfaces whose packets are carried by something else than an interface below.
extension WaysOut {
    /// To each end by the route that leads there; without a known end by whatever leads further than to neighbours.
    func tunnelled(_ names: [String], _ facts: LinkFacts) -> [Way] {
        if facts.isLinkElsewhere { return [Way(names: names, end: .doubt)] }
        if let link = facts.link, !names.contains(link) { return ways(from: link, passed: names) }
        let ends = facts.remotes.filter {
            !$0.isLoopback && !IPPrefix(address: $0, length: $0.bytes.count * 8).isLocalOnly
        }
        let ways = ends.flatMap { end in
            tables.interfaces(to: end).filter { !names.contains($0) }
                .flatMap { self.ways(from: $0, passed: names + ["endpoint \(end)"]) }
        }
        return ways.contains { $0.end == .hardware } ? ways.filter { $0.end != .nowhere } : outward(names)
    }

    /// The outer packets go where the host's other routes lead. In doubt where these are not all known, and none of those
    /// that are is a way out by itself.
    /// - Parameter mayHavePort: packets may also leave by a port that no route names, beside all others.
    func outward(_ names: [String], mayHavePort: Bool = false) -> [Way] {
        let own = tables.interfacesWithNetworks()
        let further = Set(tables.interfacesFurther() + own.filter { isDialled($0) }).sorted()
        for candidates in [further, own] {
            let others = candidates.filter { !names.contains($0) }
            let plain = others.filter { !isTunnel($0) }
            let ways = (plain.isEmpty ? others : plain).flatMap {
                self.ways(from: $0, passed: names + ["an unknown endpoint"])
            }
            let carried = ways.filter { $0.end == .hardware }
            guard !carried.isEmpty else { continue }
            let isSure = !mayHavePort && (tables.isComplete || hasOtherDefault(names) || hasServer(names))
            return isSure ? carried : carried + [Way(names: names, end: .doubt)]
        }
        return [Way(names: names, end: .doubt)]
    }

    /// Of PPPoE, whose port is told.
    private func isDialled(_ name: String) -> Bool {
        !pppoe.isEmpty && interfaces.isHardware(name) == false && links.facts(of: name).role == .dialled
    }

    private func isTunnel(_ name: String) -> Bool {
        guard interfaces.isHardware(name) == false else { return false }
        switch links.facts(of: name).role {
        case .tunnel, .program: return true
        case .dialled: return pppoe.isEmpty
        case .nowhere, .pair, .routes, .datapath, .stack, .untold: return false
        }
    }

    /// A default route by an interface that is not on this way, and is no tunnel itself.
    private func hasOtherDefault(_ names: [String]) -> Bool {
        tables.routes.contains { $0.isDefault && !names.contains($0.interface) && !isTunnel($0.interface) }
    }

    /// A route to one host of the Internet by a gateway, beside this way: so tools keep the other end of a tunnel reachable.
    /// Routes to private hosts say nothing of a tunnel: DHCP in clouds gives one to 169.254.169.254, Calico has one for each pod.
    private func hasServer(_ names: [String]) -> Bool {
        tables.routes.contains { route in
            route.isToHost && route.hasGateway && route.destination.address.isPublic
                && !names.contains(route.interface) && !isTunnel(route.interface)
        }
    }

    /// By the ports of PPPoE, or by a modem. Other connections (PPTP, L2TP, SSTP) go over the host's routes, where their
    /// server mostly has a route of its own.
    func dialled(_ names: [String]) -> [Way] {
        if !pppoe.isEmpty { return pppoe.flatMap { ways(from: $0, passed: names) } }
        let modems = looksAtPrograms ? programs.modems : []
        let others = outward(names, mayHavePort: !isEveryPortTold && !hasServer(names))
        guard !modems.isEmpty else { return others }
        return others.filter { $0.end == .hardware }
            + modems.map { Way(names: names + [$0.program, $0.port], place: $0.place, end: .hardware) }
    }

    /// Packets of a program go like any other's (VPNs, address translators), where the host has another way. Frames, and
    /// what has no other way, go by what the program drives by itself: a switch in user space, or a guest.
    func byProgram(_ names: [String]) -> [Way] {
        let name = names.last ?? ""
        guard interfaces.isWorking(name) else { return [Way(names: names, end: .nowhere)] }
        let isEthernet = programs.isEthernet(name)
        let ways = isEthernet ? [] : outward(names)
        if ways.contains(where: { $0.end == .hardware }) { return ways }
        guard looksAtPrograms, let program = programs.program(behind: name) else {
            return [Way(names: names, end: .doubt)]
        }
        let passed = names + [program.description]
        let cards = program.functions.filter { programs.isNetwork($0) }
        if program.isGuest, cards.isEmpty { return byGuest(program, passed, isEthernet: isEthernet) }
        if !program.functions.isEmpty {
            return (cards.isEmpty ? program.functions : cards).map {
                Way(names: passed, place: programs.place(of: $0), end: .hardware)
            }
        }
        return isEthernet && hasOtherDefault(passed) ? outward(passed) : [Way(names: passed, end: .doubt)]
    }

    /// A virtual machine without a network card of its own. What else it has, a GPU or a disk controller, carries no packets;
    /// what hangs on a USB controller may, which nobody here can tell.
    private func byGuest(_ guest: TunPrograms.Program, _ passed: [String], isEthernet: Bool) -> [Way] {
        let ways = throughGuest(guest, passed)
        if ways.contains(where: { $0.end == .hardware }) { return ways }
        let others = isEthernet && hasOtherDefault(passed) ? outward(passed) : []
        let isSure = !others.isEmpty && ways.isEmpty && guest.functions.isEmpty
        return isSure ? others : others + [Way(names: passed, end: .doubt)]
    }

    /// A router in a virtual machine: by its other interfaces, on bridges of the host or right on its cards. One that is not
    /// here is in another network namespace.
    private func throughGuest(_ guest: TunPrograms.Program, _ passed: [String]) -> [Way] {
        let bridged = guest.interfaces.filter { !passed.contains($0) }.flatMap { name -> [Way] in
            let names = passed + [name]
            guard interfaces.isHardware(name) != nil else { return [Way(names: names, end: .doubt)] }
            guard let master = interfaces.master(of: name) else { return [] }
            return master == NetworkInterfaces.openVSwitch ? switched(names) : ways(from: master, passed: names)
        }
        let direct = guest.taps.flatMap { number -> [Way] in
            guard let name = interfaces.name(ofNumber: number) else { return [Way(names: passed, end: .doubt)] }
            return ways(from: name, passed: passed)
        }
        return (bridged + direct).filter { $0.end != .nowhere }
    }

    /// What goes in at one end comes out at the other, which may be a port of a bridge.
    func paired(_ names: [String], _ facts: LinkFacts) -> [Way] {
        guard !facts.isLinkElsewhere, let peer = facts.link, !names.contains(peer),
            interfaces.isHardware(peer) != nil, let master = interfaces.master(of: peer)
        else { return [Way(names: names, end: .doubt)] }
        if master == NetworkInterfaces.openVSwitch { return switched(names + [peer]) }
        return ways(from: master, passed: names + [peer])
    }

    /// By the default routes of its own table; without any by its members, which do not stand in for each other.
    func routed(_ names: [String], _ facts: LinkFacts) -> [Way] {
        let own = facts.table.map { tables.defaults(ofTable: $0) }?.filter { !names.contains($0) } ?? []
        let below = own.isEmpty ? interfaces.lowerInterfaces(names.last ?? "") : own
        return below.isEmpty ? [Way(names: names, end: .nowhere)] : below.flatMap { ways(from: $0, passed: names) }
    }

    /// A port of Open vSwitch itself: its packets leave by any of the others, and only the switch's own database knows
    /// which. Tunnels between switches and guests are no way out where a port on hardware is one.
    func switched(_ names: [String]) -> [Way] {
        let passed = names + [NetworkInterfaces.openVSwitch]
        let ports = interfaces.switchPorts.filter { !names.contains($0) }
        let plain = ports.filter { port in
            interfaces.isHardware(port) == true || ![.tunnel, .program, .pair].contains(links.facts(of: port).role)
        }
        for candidates in [plain, ports] {
            let ways = candidates.flatMap { self.ways(from: $0, passed: passed) }.filter { $0.end == .hardware }
            if !ways.isEmpty { return markingRedundancy(ways, depth: passed.count) }
        }
        return [Way(names: passed, end: .doubt)]
    }
}
