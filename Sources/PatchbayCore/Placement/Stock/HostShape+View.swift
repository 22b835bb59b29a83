extension HostView {
    /// The host as placement sees it: units that some pool has, and which of them can be had.
    ///
    /// - Parameter vm: whom it is for. What its own definition still names is not in its way.
    package func standing(for vm: String? = nil) -> HostStanding {
        let inventory = inventory.withoutData(of: vm, usage)
        let index = HostIndex(
            inventory, usage, ignoringDefinitionOf: vm, countsClaims: false, knowing: self.index.strangers)
        var maker = ShapeMaker(self)
        inventory.show(to: &maker)
        let shape = maker.shape
        let lendable = UnitSet(
            maker.chosen.indices.filter { number in
                guard index.holders[maker.chosen[number]] == nil, let device = inventory[maker.chosen[number]] else {
                    return false
                }
                return index.obstacle(to: device, in: inventory) == nil
            })
        let held = UnitSet(
            maker.units.indices.filter { maker.units[$0].members.contains { usage.allocations[$0] != nil } })
        var standing = HostStanding(shape: shape, lendable: lendable, held: held)
        standing.past = vm.flatMap { GuestPast(of: $0, on: self, shape) }
        return standing
    }
}

/// Makes units of devices that pools have.
private struct ShapeMaker: DeviceVisitor {
    private(set) var units: [StockUnit] = []
    /// Of each unit the lowest device that a pool has: it stands for the unit.
    private(set) var chosen: [DeviceKey] = []
    private var numbers: [UnitResource: Int] = [:]
    private var stocks: [String: [DeviceTags: UnitSet]] = [:]
    private var primaries: [String: [Int: DeviceKey]] = [:]
    private let view: HostView

    init(_ view: HostView) { self.view = view }

    mutating func visit<D: Device>(_ devices: [D]) {
        for device in devices {
            let pools = view.pools(of: device.key)
            guard !pools.isEmpty, !device.staysWithHost(in: view.inventory) else { continue }
            let number = numbers[device.resource] ?? add(device)
            numbers[device.resource] = number
            units[number].askable.append(device.key)
            for pool in pools { join(device.key, number, pool, view.tags(of: device.key, in: pool)) }
        }
    }

    /// - Returns: its number.
    private mutating func add(_ device: some Device) -> Int {
        let unit = device.unit(in: view.inventory)
        let members = unit.members.compactMap { view.inventory[$0]?.topology(in: view.inventory) }
        let own = device.topology(in: view.inventory)
        let source = members.first { $0.family != nil } ?? own
        units.append(
            StockUnit(
                members: unit.members, askable: [], bridges: unit.bridges,
                node: own.node ?? members.lazy.compactMap(\.node).first, family: source.family, card: source.card,
                ports: own.ports, carrier: own.carrier))
        chosen.append(device.key)
        return units.count - 1
    }

    /// The first device of a unit that a pool has is the primary there.
    private mutating func join(_ device: DeviceKey, _ number: Int, _ pool: String, _ tags: DeviceTags) {
        guard !(stocks[pool] ?? [:]).values.contains(where: { $0.contains(number) }) else { return }
        stocks[pool, default: [:]][tags, default: []].insert(number)
        if device != units[number].members[0] { primaries[pool, default: [:]][number] = device }
    }

    var shape: HostShape {
        var pools: [String: PoolStock] = [:]
        for (pool, tagged) in stocks {
            pools[pool] = PoolStock(
                tagged.map { PoolStock.Tagged(tags: $0.key, units: $0.value) }, primaries: primaries[pool] ?? [:])
        }
        let cells = view.inventory.survey?.platform.numaCells ?? []
        let sockets = Dictionary(cells.map { ($0.node, $0.sockets) }, uniquingKeysWith: { first, _ in first })
        return HostShape(units: units, pools: pools, sockets: sockets)
    }
}
