import PatchbayCore

/// A small host that a seed repeats, with everything that placement looks at: nodes and sockets, cards, switches, physical
/// and virtual functions, groups of several functions, pools that overlap, tags.
struct RandomHostShape {
    let shape: HostShape
    let lendable: UnitSet
    let held: UnitSet
    let nodes: [NUMANode]

    init(_ dice: inout Dice) {
        let nodes = (0..<(1 + dice.below(4))).map { NUMANode($0) }
        let socketCount = 1 + dice.below(nodes.count)
        var sockets: [NUMANode: [Int]] = [:]
        for node in nodes where !dice.isOne(in: 12) { sockets[node] = [node.rawValue * socketCount / nodes.count] }
        var units: [StockUnit] = []
        let slots = 1 + dice.below(5)
        for slot in 0..<slots { units += Self.slot(slot, on: dice.isOne(in: 6) ? nil : dice.pick(nodes), &dice) }
        let stocks = ["a", "b", "c"].map { name in (name, Self.pool(of: units, &dice)) }
        self.nodes = nodes
        shape = HostShape(units: units, pools: Dictionary(uniqueKeysWithValues: stocks), sockets: sockets)
        lendable = UnitSet(units.indices.filter { _ in !dice.isOne(in: 6) })
        held = UnitSet(units.indices.filter { _ in dice.isOne(in: 8) })
    }

    /// A plain card of one or two units, or a physical function with virtual ones, or one of both.
    private static func slot(_ slot: Int, on node: NUMANode?, _ dice: inout Dice) -> [StockUnit] {
        let root = "pci0000:0\(slot % 2)"
        let ports = dice.isOne(in: 2) ? [root, "0\(slot).0"] : [root, "0\(slot / 2).0", "00.0", "0\(slot).0"]
        func unit(_ function: UInt8, _ family: StockUnit.Family?) -> StockUnit {
            StockUnit(
                members: [address(slot, function).key], node: node, family: family, card: "slot \(slot)", ports: ports)
        }
        switch dice.below(3) {
        case 0: return (0..<(1 + dice.below(2))).map { unit(UInt8($0), nil) }
        case 1:
            let parent = address(slot, 0)
            let physical = dice.isOne(in: 2) ? [unit(0, .physical(parent))] : []
            return physical + (0..<(1 + dice.below(3))).map { unit(UInt8($0 + 1), .virtual(parent)) }
        default:
            var pair = unit(0, nil)
            pair.members.append(address(slot, 1).key)
            pair.askable = pair.members
            return [pair]
        }
    }

    private static func address(_ slot: Int, _ function: UInt8) -> PCIAddress {
        PCIAddress(domain: 0, bus: UInt8(slot + 1), slot: 0, function: function)!
    }

    private static func pool(of units: [StockUnit], _ dice: inout Dice) -> PoolStock {
        let tags: [DeviceTags] = [[:], ["zone": "x"], ["zone": "x", "trusted": "true"]]
        var tagged: [DeviceTags: UnitSet] = [:]
        let isTagged = dice.isOne(in: 3)
        for number in units.indices where dice.isOne(in: 2) {
            tagged[isTagged ? dice.pick(tags) : [:], default: []].insert(number)
        }
        return PoolStock(tagged.map { PoolStock.Tagged(tags: $0.key, units: $0.value) })
    }

    var standing: HostStanding { HostStanding(shape: shape, lendable: lendable, held: held) }

    /// One to three requests that hang on each other.
    static func requests(_ dice: inout Dice, exact: [DeviceID]) -> [Request] {
        (0..<(1 + dice.below(3))).map { number in
            let isExact = !exact.isEmpty && dice.isOne(in: 6)
            return Request(
                name: "r\(number)", target: isExact ? .device(dice.pick(exact)) : .pool(dice.pick(["a", "b", "c"])),
                count: isExact ? 1 : 1 + dice.below(3), isOptional: dice.isOne(in: 6),
                numa: dice.pick(NUMAPolicy.allCases + [nil]), group: dice.isOne(in: 4) ? .isolate : .none,
                topology: dice.isOne(in: 4) ? dice.pick(TopologyPolicy.allCases) : nil,
                tags: dice.isOne(in: 6) ? ["zone": "x"] : [:])
        }
    }
}
