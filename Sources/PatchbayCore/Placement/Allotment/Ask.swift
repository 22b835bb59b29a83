/// A request made ready for one host: which of its units would do.
package struct Ask: Sendable {
    package var count: Int
    /// Units that would do, free or not; those to be given away first come first.
    package var ranks: [UnitSet]
    /// Units that have to be among those that it gets; no more than `count`.
    package var must: UnitSet = []
    package var numa: NUMAPolicy
    package var group: GroupPolicy
    package var topology: TopologyPolicy?
    package var isOptional: Bool

    package init(
        count: Int, ranks: [UnitSet], numa: NUMAPolicy = .legacy, group: GroupPolicy = .none,
        topology: TopologyPolicy? = nil, isOptional: Bool = false
    ) {
        self.count = count
        self.ranks = ranks
        self.numa = numa
        self.group = group
        self.topology = topology
        self.isOptional = isOptional
    }

    var eligible: UnitSet { ranks.count == 1 ? ranks[0] : ranks.reduce(into: UnitSet()) { $0.formUnion($1) } }
}

extension Ask {
    /// What a request asks of a host of that shape and name.
    package init(_ request: Request, of shape: HostShape, named host: String) {
        self.init(
            count: request.count, ranks: Self.ranks(request, shape, host), numa: request.numa ?? .legacy,
            group: request.group, topology: request.topology, isOptional: request.isOptional)
    }

    private static func ranks(_ request: Request, _ shape: HostShape, _ host: String) -> [UnitSet] {
        switch request.target {
        case .device(let id):
            guard id.host == host, let unit = shape.unit(of: id.key),
                shape.units[unit].askable.contains(id.key)
            else { return [[]] }
            return [[unit]]
        case .pool(let name):
            guard let pool = shape.pools[name] else { return [[]] }
            if pool.tagged.count == 1, pool.tagged[0].tags.isEmpty, request.tags.isEmpty { return [pool.units] }
            let test = TagTest(request.tags)
            return pool.tagged.filter { test.serves($0.tags) }.map(\.units)
        }
    }
}

/// What was chosen on one host: for each ask its units, none where an optional one could not be served.
package struct Allotment: Sendable {
    package var units: [UnitSet]
    package var stages: [NUMAStage]

    /// How far what was chosen is from what was wanted, beside a guest that sits somewhere.
    func distance(_ hood: Neighbourhood?, for asks: [Ask]) -> PlacementDistance {
        var distance = PlacementDistance(needed: 0, optional: 0)
        guard let hood else { return distance }
        for (units, ask) in zip(units, asks) {
            let near = units.count(in: hood.affine)
            if ask.isOptional { distance.optional += ask.count - near } else { distance.needed += units.count - near }
        }
        return distance
    }
}

/// How many units are not where the guest is. The needed ones decide: a place is not better because it leaves out what another
/// one has to offer far away.
struct PlacementDistance: Hashable, Comparable, Sendable {
    var needed: Int
    /// Far, or not served at all.
    var optional: Int

    static func < (a: Self, b: Self) -> Bool { (a.needed, a.optional) < (b.needed, b.optional) }
}
