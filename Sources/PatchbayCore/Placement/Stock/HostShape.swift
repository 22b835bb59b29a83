/// What a host has, as far as placement cares: its units, its pools, how they are plugged in. The same for all hosts that
/// are built and configured alike, so a fleet of one model shares one.
///
/// Immutable, and compared by what it holds; the hash is made once.
package final class HostShape: Sendable {
    package let units: [StockUnit]
    package let pools: [String: PoolStock]
    /// `physical_package_id`s of each NUMA node that has processors; a node that is no key is on no socket anybody knows.
    package let sockets: [NUMANode: [Int]]
    /// Units by NUMA node.
    let nodes: [NUMANode: UnitSet]
    /// The same, without the names, lowest node first.
    let nodeList: [UnitSet]
    /// Units whose node is not known.
    let homeless: UnitSet
    /// Virtual functions of each physical one, and the unit that it is itself.
    let families: [PCIAddress: (children: UnitSet, itself: Int?)]
    /// Units with what is plugged into them and can be had by itself.
    private let carriers: [Int: UnitSet]
    let cards: [UnitSet]
    /// Units below each switch, nested ones too, fewest first.
    let switches: [UnitSet]
    let roots: [UnitSet]
    /// The index in `cards` of each unit's card.
    let cardOf: [Int]
    private let places: [(device: DeviceKey, unit: Int)]
    private let hash: Int

    package init(units: [StockUnit], pools: [String: PoolStock] = [:], sockets: [NUMANode: [Int]] = [:]) {
        self.units = units
        self.pools = pools
        self.sockets = sockets
        var nodes: [NUMANode: UnitSet] = [:]
        var homeless = UnitSet()
        var families: [PCIAddress: (children: UnitSet, itself: Int?)] = [:]
        var places: [(device: DeviceKey, unit: Int)] = []
        for (number, unit) in units.enumerated() {
            if let node = unit.node { nodes[node, default: []].insert(number) } else { homeless.insert(number) }
            switch unit.family {
            case .physical(let address)?: families[address, default: ([], nil)].itself = number
            case .virtual(let parent)?: families[parent, default: ([], nil)].children.insert(number)
            case nil: break
            }
            places += unit.members.map { ($0, number) }
        }
        self.nodes = nodes
        nodeList = nodes.sorted { $0.key < $1.key }.map(\.value)
        self.homeless = homeless
        self.families = families
        let sorted = places.sorted { $0.device < $1.device }
        self.places = sorted
        var carriers: [Int: UnitSet] = [:]
        for (number, unit) in units.enumerated() {
            guard let carrier = unit.carrier, let itself = Self.unit(of: carrier, in: sorted) else { continue }
            carriers[itself, default: []].insert(number)
        }
        self.carriers = carriers
        let domains = TopologyDomains(units)
        (cards, cardOf, switches, roots) = (domains.cards, domains.cardOf, domains.switches, domains.roots)
        var hasher = Hasher()
        hasher.combine(units)
        hasher.combine(pools)
        hasher.combine(sockets)
        hash = hasher.finalize()
    }

    /// The unit that a device is part of.
    package func unit(of device: DeviceKey) -> Int? { Self.unit(of: device, in: places) }

    /// Binary search.
    private static func unit(of device: DeviceKey, in places: [(device: DeviceKey, unit: Int)]) -> Int? {
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if places[middle].device < device { low = middle + 1 } else { high = middle }
        }
        return low < places.count && places[low].device == device ? places[low].unit : nil
    }

    /// What ends with a unit's being lent whole: a physical function's virtual ones, what is plugged into a controller.
    func dependents(of unit: Int) -> UnitSet {
        var dependents = carriers[unit] ?? []
        if case .physical(let address)? = units[unit].family {
            dependents.formUnion(families[address]?.children ?? [])
        }
        return dependents
    }

    /// What nobody else may have while a unit is taken: its dependents, and what it depends on itself.
    func excluded(by unit: Int) -> UnitSet {
        var excluded = dependents(of: unit)
        if let carrier = units[unit].carrier.flatMap({ self.unit(of: $0) }) { excluded.insert(carrier) }
        if case .virtual(let parent)? = units[unit].family, let itself = families[parent]?.itself {
            excluded.insert(itself)
        }
        return excluded
    }

    /// The same for units that somebody has. What SR-IOV excludes has no place in it: a physical function that has virtual
    /// ones is not lendable at all.
    func excluded(byHeld held: UnitSet) -> UnitSet {
        var excluded = UnitSet()
        for (carrier, carried) in carriers {
            if held.contains(carrier) { excluded.formUnion(carried) }
            if !carried.isDisjoint(with: held) { excluded.insert(carrier) }
        }
        return excluded
    }

    /// The sockets of nodes; nil: one of them is on no known socket.
    package func sockets(of nodes: [NUMANode]) -> Set<Int>? {
        var all: Set<Int> = []
        for node in nodes {
            guard let own = sockets[node], !own.isEmpty else { return nil }
            all.formUnion(own)
        }
        return all
    }

    /// The unit with a primary of its own choice.
    package func deviceUnit(_ number: Int, primary: DeviceKey? = nil) -> DeviceUnit {
        let unit = units[number]
        let primary = primary ?? unit.members[0]
        return DeviceUnit(
            primary: primary, companions: unit.members.filter { $0 != primary }, bridges: unit.bridges)
    }
}

extension HostShape: Hashable {
    package static func == (a: HostShape, b: HostShape) -> Bool {
        a === b || (a.hash == b.hash && a.units == b.units && a.pools == b.pools && a.sockets == b.sockets)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
