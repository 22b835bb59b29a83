extension HostView {
    /// The host as placement sees it: units that some pool has, and which of them can be had.
    ///
    /// - Parameter vm: whom it is for. What its own definition still names is not in its way.
    package func standing(for vm: String? = nil) -> HostStanding {
        let index = HostIndex(
            inventory, usage, ignoringDefinitionOf: vm, countsClaims: false, knowing: self.index.strangers)
        let maker = ShapeMaker(self)
        let lendable = UnitSet(
            maker.chosen.indices.filter { number in
                index.holders[maker.chosen[number].key] == nil
                    && index.obstacle(to: maker.chosen[number], in: inventory) == nil
            })
        let held = UnitSet(
            maker.units.indices.filter { maker.units[$0].members.contains { usage.allocations[$0] != nil } })
        return HostStanding(shape: maker.shape, lendable: lendable, held: held)
    }
}

/// Makes units of functions that pools have.
private struct ShapeMaker {
    private(set) var units: [StockUnit] = []
    /// Of each unit the lowest function that a pool has: it stands for the unit.
    private(set) var chosen: [PCIFunction] = []
    private var stocks: [String: [DeviceTags: UnitSet]] = [:]
    private var primaries: [String: [Int: DeviceKey]] = [:]
    private let inventory: Inventory

    init(_ view: HostView) {
        inventory = view.inventory
        var numbers: [UnitResource: Int] = [:]
        for function in view.inventory.functions {
            let pools = view.pools(of: function.key)
            guard !pools.isEmpty, !function.isBridge else { continue }
            let resource = UnitResource(function)
            guard let number = numbers[resource] ?? add(function) else { continue }
            numbers[resource] = number
            units[number].askable.append(function.key)
            for pool in pools { join(function, number, pool, view.tags(of: function.key, in: pool)) }
        }
    }

    /// - Returns: its number; nil: the inventory does not find it.
    private mutating func add(_ function: PCIFunction) -> Int? {
        guard let unit = inventory.unit(of: function.address) else { return nil }
        let members = unit.members.compactMap { inventory[$0] }
        let source = members.first { $0.family != nil } ?? function
        let parent = source.family?.parent ?? function.address
        units.append(
            StockUnit(
                members: unit.members, askable: [], bridges: unit.bridges,
                node: function.numaNode ?? members.lazy.compactMap(\.numaNode).first,
                family: source.family, card: String(parent.description.dropLast(2)),
                ports: function.topologyPath.split(separator: "/").dropLast().map(String.init)))
        chosen.append(function)
        return units.count - 1
    }

    /// The first function of a unit that a pool has is the primary there.
    private mutating func join(_ function: PCIFunction, _ number: Int, _ pool: String, _ tags: DeviceTags) {
        guard !(stocks[pool] ?? [:]).values.contains(where: { $0.contains(number) }) else { return }
        stocks[pool, default: [:]][tags, default: []].insert(number)
        if function.key != units[number].members[0] { primaries[pool, default: [:]][number] = function.key }
    }

    var shape: HostShape {
        var pools: [String: PoolStock] = [:]
        for (pool, tagged) in stocks {
            pools[pool] = PoolStock(
                tagged.map { PoolStock.Tagged(tags: $0.key, units: $0.value) }, primaries: primaries[pool] ?? [:])
        }
        let cells = inventory.survey?.platform.numaCells ?? []
        let sockets = Dictionary(cells.map { ($0.node, $0.sockets) }, uniquingKeysWith: { first, _ in first })
        return HostShape(units: units, pools: pools, sockets: sockets)
    }
}

extension PCIFunction {
    /// What SR-IOV makes of it; nil: nothing.
    fileprivate var family: StockUnit.Family? {
        switch role {
        case .plain: nil
        case .physical: .physical(address)
        case .virtual(let parent, _): .virtual(parent)
        }
    }
}
