import PatchbayCore

/// Follows network interfaces to the hardware that carries their packets: down through bonds, bridges, VLANs and switches,
/// and further by the host's own routes where an interface is a tunnel.
///
/// What cannot be followed ends in doubt, never in "no hardware": the caller decides what to keep for it.
final class WaysOut {
    /// One way from an interface to where its packets leave the host.
    struct Way: Equatable {
        enum End: Equatable {
            /// At a device, on PCI where its place says so.
            case hardware
            /// What is sent there stays on the host.
            case nowhere
            /// It cannot be told.
            case doubt
        }
        /// Interfaces, and what else was passed, outermost first.
        var names: [String]
        var place = DevicePlace()
        var end: End
        /// Another working member would take over if this one went away.
        var isRedundant = false
    }

    let interfaces: NetworkInterfaces
    let links: NetworkLinks
    let tables: RouteTables
    let programs: TunPrograms
    private var known: [Question: [Way]] = [:]
    /// How many interfaces were passed for the answer that is being made.
    private var steps = 0
    private(set) var looksAtPrograms = true

    private struct Question: Hashable {
        var name: String
        var looksAtPrograms: Bool
    }

    /// Tunnels that lead to each other are not followed for ever.
    private static let mostSteps = 16_384

    init(tree: HostTree, tables: RouteTables, interfaces: NetworkInterfaces, inventory: Inventory) {
        self.tables = tables
        self.interfaces = interfaces
        links = NetworkLinks(tree: tree)
        programs = TunPrograms(tree: tree, inventory: inventory)
        let pppoe = PPPoE(tree, interfaces)
        self.pppoe = pppoe.ports
        isEveryPortTold = pppoe.isEveryPortTold
    }

    /// The ports of PPPoE connections.
    let pppoe: [String]
    /// Of those that programs make, too.
    let isEveryPortTold: Bool

    /// Empty where the interface leads to itself only.
    /// - Parameter looksAtPrograms: asks the open files of all processes who is behind an interface of tun(4).
    func ways(from name: String, looksAtPrograms: Bool = true) -> [Way] {
        let question = Question(name: name, looksAtPrograms: looksAtPrograms)
        if let known = known[question] { return known }
        steps = 0
        self.looksAtPrograms = looksAtPrograms
        let ways = ways(from: name, passed: [])
        known[question] = ways
        return ways
    }

    /// The hardware below an interface, by what sysfs has and nothing else. For what a tunnel or a program carries the
    /// host has routes besides.
    func hardware(below name: String, passed: [String] = []) -> [Way] {
        let names = passed + [name]
        guard !passed.contains(name), names.count < 32, let isHardware = interfaces.isHardware(name) else { return [] }
        if isHardware, let way = way(names) { return [way] }
        return interfaces.lowerInterfaces(name).flatMap { hardware(below: $0, passed: names) }
    }

    func ways(from name: String, passed: [String]) -> [Way] {
        let names = passed + [name]
        guard !passed.contains(name), !name.contains("/") else { return [] }
        steps += 1
        guard names.count < 32, steps < Self.mostSteps, let isHardware = interfaces.isHardware(name) else {
            return [Way(names: names, end: .doubt)]
        }
        if isHardware, let way = way(names) { return [way] }
        let facts = links.facts(of: name)
        switch facts.role {
        case .nowhere: return [Way(names: names, end: .nowhere)]
        case .routes: return routed(names, facts)
        case .pair: return paired(names, facts)
        case .dialled: return dialled(names)
        case .program: return byProgram(names)
        case .datapath: return switched(names)
        case .tunnel, .stack, .untold: break
        }
        let lower = interfaces.lowerInterfaces(name).filter { $0 != name }
        if !lower.isEmpty { return stacked(names, on: lower, facts) }
        return facts.role == .tunnel ? tunnelled(names, facts) : unnamed(names, facts)
    }

    /// By the last of them, which is a device. nil: it is one of a switch chip, whose packets pass another interface.
    private func way(_ names: [String]) -> Way? {
        guard let name = names.last else { return nil }
        let place = interfaces.place(of: name)
        guard place.functions.isEmpty, !interfaces.lowerInterfaces(name).isEmpty else {
            return Way(names: names, place: place, end: .hardware)
        }
        return nil
    }

    private func stacked(_ names: [String], on lower: [String], _ facts: LinkFacts) -> [Way] {
        let name = names.last ?? ""
        if interfaces.isBridge(name) || facts.kind == "bridge" { return bridged(names, lower) }
        let ways = lower.flatMap { self.ways(from: $0, passed: names) }
        let isTeam = interfaces.isBond(name) || (facts.coversForMembers ?? (lower.count > 1))
        return isTeam ? markingRedundancy(ways, depth: names.count) : ways
    }

    /// Guests and containers are ports of a bridge, too; what leaves the host leaves by hardware where a port that works is
    /// on any.
    private func bridged(_ names: [String], _ ports: [String]) -> [Way] {
        let guests = Set(ports.filter { isOfGuest($0) })
        let ways = ports.filter { !guests.contains($0) }.flatMap { self.ways(from: $0, passed: names) }
        let isCarried = ways.contains { $0.end == .hardware && interfaces.isWorking($0.names[names.count]) }
        if isCarried { return ways.filter { $0.end != .doubt } }
        return ways + guests.sorted().flatMap { self.ways(from: $0, passed: names) }
    }

    private func isOfGuest(_ port: String) -> Bool {
        guard interfaces.isHardware(port) == false else { return false }
        let role = links.facts(of: port).role
        return role == .pair || role == .program
    }

    /// A member may go when another working one stays that does not go with it.
    func markingRedundancy(_ ways: [Way], depth: Int) -> [Way] {
        var working: [String: Int] = [:]
        var total = 0
        for way in ways where way.names.count > depth && !way.place.functions.isEmpty {
            guard let last = way.names.last, interfaces.isWorking(way.names[depth]), interfaces.isWorking(last) else {
                continue
            }
            working[interfaces.leavingTogether(way.place), default: 0] += 1
            total += 1
        }
        return ways.map { way in
            var marked = way
            marked.isRedundant = total > working[interfaces.leavingTogether(way.place), default: 0]
            return marked
        }
    }

    /// An interface that nothing explains: of what sysfs may still say of it, and else in doubt.
    private func unnamed(_ names: [String], _ facts: LinkFacts) -> [Way] {
        let name = names.last ?? ""
        if interfaces.isBridge(name) || interfaces.isBond(name) || facts.kind == "bridge" {
            return [Way(names: names, end: .nowhere)]
        }
        if facts.isLinkElsewhere { return [Way(names: names, end: .doubt)] }
        if let link = facts.link { return ways(from: link, passed: names) }
        switch interfaces.linked(to: name) {
        case .interface(let other) where interfaces.linked(to: other) == .interface(name):
            return paired(names, LinkFacts(link: other))
        case .interface(let lower): return ways(from: lower, passed: names)
        case .elsewhere: return [Way(names: names, end: .doubt)]
        case .none: break
        }
        if !interfaces.switchPorts.isEmpty { return switched(names) }
        return pppoe.flatMap { ways(from: $0, passed: names) } + [Way(names: names, end: .doubt)]
    }
}
