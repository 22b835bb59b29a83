extension FleetIndex {
    /// What pools have to give, by name. Each class of hosts is looked at once, however many hosts it has.
    ///
    /// - Parameter names: pools; one that no open host has anything of is there with nothing.
    package func capacities(of names: some Sequence<String>) -> [PoolCapacity] {
        var blocks = Dictionary(names.map { ($0, [StockBlock]()) }, uniquingKeysWith: { first, _ in first })
        for group in classes {
            guard let first = group.members.first else { continue }
            let lendable = rows[first].standing.lendable
            for (pool, stock) in group.shape.pools {
                blocks[pool]?.append(
                    StockBlock(
                        shape: group.shape, hosts: group.members.count,
                        free: stock.units.intersection(group.key.free),
                        lendable: stock.units.intersection(lendable)))
            }
        }
        return blocks.sorted { $0.key < $1.key }.map { PoolCapacity(pool: $0.key, $0.value) }
    }
}

/// What a class of hosts has of one pool.
private struct StockBlock {
    var shape: HostShape
    var hosts: Int
    var free: UnitSet
    var lendable: UnitSet
}

extension PoolCapacity {
    fileprivate init(pool: String, _ blocks: [StockBlock]) {
        let hosts = blocks.reduce(into: [Int: Int]()) { $0[$1.free.count, default: 0] += $1.hosts }
        let most = blocks.map { $0.lendable.union($0.free).count }.max() ?? 0
        self.init(
            pool: pool, lendable: blocks.reduce(0) { $0 + $1.hosts * $1.lendable.count },
            free: blocks.reduce(0) { $0 + $1.hosts * $1.free.count },
            hosts: hosts.sorted { $0.key < $1.key }.map { HostCount(free: $0.key, hosts: $0.value) },
            sizes: Self.sizes(upTo: most).map { SizeFit($0, blocks) })
    }

    /// Powers of two, and the most itself.
    private static func sizes(upTo most: Int) -> [Int] {
        guard most > 0 else { return [] }
        var sizes = sequence(first: 1) { $0 * 2 <= most ? $0 * 2 : nil }.map(\.self)
        if sizes.last != most { sizes.append(most) }
        return sizes
    }
}

extension PoolCapacity.SizeFit {
    fileprivate init(_ size: Int, _ blocks: [StockBlock]) {
        func sum(_ fits: (StockBlock) -> Int) -> Int { blocks.reduce(0) { $0 + $1.hosts * fits($1) } }
        self.init(
            size: size, fit: sum { $0.free.count / size },
            onOneNode: sum { Self.blocks(of: size, in: $0.free, within: $0.shape.nodeList) },
            onOneSwitch: sum { Self.blocks(of: size, in: $0.free, within: $0.shape.switches) },
            whenEmpty: sum { $0.lendable.count / size })
    }

    /// - Parameter domains: the smallest first; one that lies in another comes before it.
    private static func blocks(of size: Int, in units: UnitSet, within domains: [UnitSet]) -> Int {
        var left = units
        var blocks = 0
        for domain in domains {
            let there = left.intersection(domain)
            let more = there.count / size
            guard more > 0 else { continue }
            blocks += more
            left.subtract(there.lowest(more * size))
        }
        return blocks
    }
}
