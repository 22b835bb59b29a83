import PatchbayCore

/// A few small hosts with room for guests.
struct RandomFleet {
    struct Host {
        var name: String
        var standing: HostStanding
    }

    var hosts: [Host] = []

    init(_ dice: inout Dice) {
        // Some hosts are alike, as in every fleet.
        let models = (0..<2).map { _ in RandomHostShape(&dice) }
        for number in 0..<(1 + dice.below(5)) {
            let model = dice.isOne(in: 3) ? RandomHostShape(&dice) : dice.pick(models)
            var standing = model.standing
            if dice.isOne(in: 5) { standing.labels = ["zone": dice.pick(["x", "y"])] }
            if dice.isOne(in: 8) { standing.closed = Reason(.cordoned, "It is cordoned.") }
            if !dice.isOne(in: 5) { standing.room = Self.room("host-\(number)", model.nodes, &dice) }
            hosts.append(Host(name: "host-\(number)", standing: standing))
        }
    }

    private static func room(_ host: String, _ nodes: [NUMANode], _ dice: inout Dice) -> HostRoom {
        let cells = nodes.map { (node: NUMANode) -> NUMACell in
            let first: Int = node.rawValue * 4
            let cores: [[Int]] = [[first, first + 1], [first + 2, first + 3]]
            let distances: [Int] = nodes.map { $0 == node ? 10 : 21 }
            return NUMACell(
                node: node, cpus: Array(first..<first + 4), cores: cores, sockets: [node.rawValue / 2],
                memoryMiB: dice.pick([2048, 4096, 16_384]),
                hugepages: [HugepagePool(sizeKiB: 2048, total: 256, free: 256)], distances: distances)
        }
        return HostRoom(
            host: host, platform: HostPlatform(numaCells: cells), settings: HostSettings(isPinned: !dice.isOne(in: 4)))
    }

    func wish(_ dice: inout Dice) -> PlacementWish {
        var exact: [DeviceID] = []
        if dice.isOne(in: 8), let host = hosts.first {
            exact = host.standing.shape.units.flatMap(\.members).map { DeviceID(host: host.name, key: $0) }
        }
        var wish = PlacementWish(requests: RandomHostShape.requests(&dice, exact: exact))
        wish.strategy = dice.pick(PlacementStrategy.allCases)
        if dice.isOne(in: 8) { wish.hosts.labels = ["zone": "x"] }
        if dice.isOne(in: 8) { wish.hosts.names = [dice.pick(hosts).name] }
        if dice.isOne(in: 2) {
            wish.guest = GuestNeeds(
                vcpus: 1 + dice.below(4), memoryMiB: dice.pick([256, 512, 2048]), pin: dice.pick(PinPolicy.allCases),
                hugepageKiB: dice.isOne(in: 6) ? 2048 : nil, cells: dice.isOne(in: 5) ? 1 + dice.below(2) : nil)
        }
        return wish
    }

    var index: FleetIndex { Self.index(of: hosts) }

    private static func index(of hosts: [Host]) -> FleetIndex {
        var index = FleetIndex()
        for host in hosts { index.set(host.name, host.standing) }
        return index
    }

    /// The same fleet with another past: hosts came in another order, were closed and opened, lent and got back.
    func index(shuffledBy dice: inout Dice) -> FleetIndex {
        var index = Self.index(of: hosts.shuffled(using: &dice))
        for host in hosts where dice.isOne(in: 2) {
            index.set(host.name, nil)
            index.set(host.name, host.standing)
        }
        for host in hosts where host.standing.closed == nil {
            let free = host.standing.free.map { host.standing.shape.units[$0].members[0] }
            index.setHeld(free, on: host.name, true)
            index.setHeld(free, on: host.name, false)
        }
        return index
    }

    /// The best of all hosts by asking each: as near as any first, then as the strategy says, then by name.
    func best(for wish: PlacementWish) -> Host? {
        let able = hosts.compactMap { host -> (Host, HostPlacement)? in
            guard host.standing.closed == nil, wish.hosts.names.isEmpty || wish.hosts.names.contains(host.name),
                wish.hosts.labels.allSatisfy({ host.standing.labels[$0.key] == $0.value }),
                let placement = try? host.standing.place(wish, on: host.name)
            else { return nil }
            return (host, placement)
        }
        let near = able.filter { $0.1.distance == 0 }
        return (near.isEmpty ? able : near).map(\.0).min { rank($0, wish) < rank($1, wish) }
    }

    /// Would be chosen as well, but for its name.
    func isAsGood(_ name: String, as best: Host?, for wish: PlacementWish) -> Bool {
        guard let best, let host = hosts.first(where: { $0.name == name }) else { return false }
        let distances = [host, best].map { (try? $0.standing.place(wish, on: $0.name))?.distance == 0 }
        return distances[0] == distances[1] && rank(host, wish).0 == rank(best, wish).0
    }

    private func rank(_ host: Host, _ wish: PlacementWish) -> (Int, String) {
        let free = measure(host, wish)
        return (wish.strategy == .pack ? free : -free, host.name)
    }

    /// Free units of the pool that the fewest hosts have something of; of all where none or one host is named.
    private func measure(_ host: Host, _ wish: PlacementWish) -> Int {
        let isExact = wish.requests.contains { request in
            if case .device = request.target { !request.isOptional } else { false }
        }
        let pools = Set(
            wish.requests.compactMap { request -> String? in
                if case .pool(let name) = request.target, !request.isOptional { name } else { nil }
            })
        guard wish.hosts.names.isEmpty, !isExact, !pools.isEmpty else { return host.standing.free.count }
        func having(_ pool: String) -> Int {
            hosts.count {
                $0.standing.closed == nil && ($0.standing.shape.pools[pool]?.units.count(in: $0.standing.free) ?? 0) > 0
            }
        }
        let scarcest = pools.min { (having($0), $0) < (having($1), $1) } ?? ""
        return host.standing.shape.pools[scarcest]?.units.count(in: host.standing.free) ?? 0
    }

    var world: PlacementWorld {
        PlacementWorld(view: { _ in nil }, standingPinned: { name in pinned(name)?.standing })
    }

    private func pinned(_ name: String) -> Host? {
        guard var host = hosts.first(where: { $0.name == name }), let room = host.standing.room else { return nil }
        host.standing.room = room.marked(asPinned: true)
        return host
    }

    /// Wish and fleet after a change, made here a second time; nil: a change that this fleet does not know.
    func after(_ changes: [PlacementFix.Change], _ wish: PlacementWish) -> (PlacementWish, RandomFleet)? {
        var (wish, fleet) = (wish, self)
        for change in changes {
            func edit(_ name: String, _ body: (inout Request) -> Void) {
                for number in wish.requests.indices where wish.requests[number].name == name {
                    body(&wish.requests[number])
                }
            }
            switch change {
            case .count(let name, let count): edit(name) { $0.count = count }
            case .numa(let name, let policy): edit(name) { $0.numa = policy }
            case .group(let name): edit(name) { $0.group = .none }
            case .topology(let name): edit(name) { $0.topology = nil }
            case .tags(let name): edit(name) { $0.tags = [:] }
            case .optional(let name): edit(name) { $0.isOptional = true }
            case .anyHost: wish.hosts = .any
            case .pin(let policy): wish.guest?.pin = policy
            case .hugepages: wish.guest?.hugepageKiB = nil
            case .processors(let count): wish.guest?.vcpus = count
            case .memory(let size): wish.guest?.memoryMiB = size
            case .uncordon(let name):
                for number in fleet.hosts.indices where fleet.hosts[number].name == name {
                    fleet.hosts[number].standing.closed = nil
                }
            case .markPinned(let name):
                guard let host = pinned(name) else { return nil }
                for number in fleet.hosts.indices where fleet.hosts[number].name == name { fleet.hosts[number] = host }
            case .release, .allow: return nil
            }
        }
        return (wish, fleet)
    }
}
