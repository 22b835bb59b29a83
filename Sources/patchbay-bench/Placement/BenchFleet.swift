import PatchbayCore

/// Hosts of a few models in every state of use, made the same way every time.
struct BenchFleet {
    let devices: Int
    private let models: [HostStanding]
    private(set) var index = FleetIndex()
    private var random = SplitMix(state: 1)

    /// - Parameter isIdle: nothing is lent, as for the memory of an idle host.
    init(hosts: Int, devices: Int, isIdle: Bool = false) {
        self.devices = devices
        models = (0..<4).map { Self.model($0, devices: devices) }
        for number in 0..<hosts {
            var standing = models[number % models.count]
            if !isIdle { lend(&standing) }
            index.set("host-\(number)", standing)
        }
    }

    /// A third of the hosts is idle, a third lends a few, a third nearly all; each device lent has a guest beside it with
    /// CPUs of its own and memory of its own size, so that hardly two busy hosts are alike.
    private mutating func lend(_ standing: inout HostStanding) {
        let share = [0, 40, 85][Int(random.next() % 3)]
        for unit in 0..<devices where Int(random.next() % 100) < share {
            standing.held.insert(unit)
            guard devices <= 16 else { continue }
            let node = unit * 4 / max(4, devices)
            let first = node * 32 + 8 * (unit % max(1, devices / 4))
            let cell = GuestSeat.Cell(
                node: NUMANode(node), vcpus: Array(0..<8), memoryMiB: 4096 << Int(random.next() % 4),
                cpus: Array(first..<first + 8))
            standing.room?.take(GuestSeat(pin: .thread, cells: [cell], dedicatedCPUs: cell.cpus))
        }
    }

    /// Two sockets of two nodes each, a switch a node, GPUs over all of them; models differ in their slots.
    private static func model(_ model: Int, devices: Int) -> HostStanding {
        let units = (0..<devices).map { number in
            let node = number * 4 / max(4, devices)
            return StockUnit(
                members: [
                    PCIAddress(
                        domain: UInt32(number / 255), bus: UInt8(1 + number % 255), slot: UInt8(model), function: 0)!
                        .key
                ],
                node: NUMANode(node), card: "\(number)",
                ports: ["pci0000:\(node)0", "01.0", "00.0", "0\(number % 10).0"])
        }
        let pool = PoolStock([PoolStock.Tagged(tags: [:], units: UnitSet(below: devices))])
        let sockets = Dictionary(uniqueKeysWithValues: (0..<4).map { (NUMANode($0), [$0 / 2]) })
        let cells = (0..<4).map { node in
            let first = node * 32
            return NUMACell(
                node: NUMANode(node), cpus: Array(first..<first + 32),
                cores: (0..<16).map { [first + 2 * $0, first + 2 * $0 + 1] }, sockets: [node / 2], memoryMiB: 262_144,
                distances: (0..<4).map { $0 == node ? 10 : $0 / 2 == node / 2 ? 12 : 32 })
        }
        let room = HostRoom(
            host: "", platform: HostPlatform(numaCells: cells), settings: HostSettings(isPinned: true))
        return HostStanding(
            shape: HostShape(units: units, pools: ["gpus": pool], sockets: sockets), lendable: UnitSet(below: devices),
            room: room)
    }

    mutating func hold(_ placement: HostPlacement, on host: String, _ isHeld: Bool) {
        index.setHeld(placement.units.flatMap(\.unit.members), on: host, isHeld)
    }

    /// What a scheduler without an index does: asks every host, and takes the best.
    func scan(_ wish: PlacementWish, hosts: Int) -> String? {
        var best: (free: Int, host: String)?
        for number in 0..<hosts {
            let name = "host-\(number)"
            guard let standing = index[name], let placed = try? standing.place(wish, on: name) else { continue }
            let free = standing.free.count + placed.distance * 1000
            if best == nil || (free, name) < (best!.free, best!.host) { best = (free, name) }
        }
        return best?.host
    }
}

/// SplitMix64: the same numbers on every machine.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
