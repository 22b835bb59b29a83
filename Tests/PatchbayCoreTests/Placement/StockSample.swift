@testable import PatchbayCore

/// A small host for tests of placement, told in a few words: `[.card(node: 0), .functions(2, node: 1)]`.
struct StockSample {
    var shape: HostShape

    enum Part {
        /// A card with a function of its own; `below` names the switch.
        case card(node: Int?, below: String = "")
        /// Virtual functions of one physical function, which is a unit itself where it is wanted.
        case functions(Int, node: Int?, withPhysical: Bool = false)
    }

    /// - Parameter sockets: nodes of each socket.
    init(_ parts: [Part], sockets: [[Int]] = []) {
        var units: [StockUnit] = []
        for (slot, part) in parts.enumerated() {
            switch part {
            case .card(let node, let below):
                let ports = below.isEmpty ? ["pci0", "0\(slot).0"] : ["pci0", below, "up", "0\(slot).0"]
                units.append(Self.unit(slot, 0, node, nil, ports))
            case .functions(let count, let node, let withPhysical):
                let parent = Self.address(slot, 0)
                if withPhysical { units.append(Self.unit(slot, 0, node, .physical(parent), ["pci0"])) }
                units += (1...count).map { Self.unit(slot, $0, node, .virtual(parent), ["pci0"]) }
            }
        }
        var socketOf: [NUMANode: [Int]] = [:]
        for (socket, nodes) in sockets.enumerated() { for node in nodes { socketOf[NUMANode(node)] = [socket] } }
        let all = PoolStock([PoolStock.Tagged(tags: [:], units: UnitSet(below: units.count))])
        shape = HostShape(units: units, pools: ["all": all], sockets: socketOf)
    }

    private static func unit(
        _ slot: Int, _ function: Int, _ node: Int?, _ family: StockUnit.Family?, _ ports: [String]
    ) -> StockUnit {
        StockUnit(
            members: [address(slot, function).key], node: node.map { NUMANode($0) }, family: family,
            card: "slot \(slot)",
            ports: ports)
    }

    static func address(_ slot: Int, _ function: Int) -> PCIAddress {
        PCIAddress(domain: 0, bus: UInt8(slot + 1), slot: 0, function: UInt8(function))!
    }

    /// Units given to one request for `count` of everything; nil: none.
    func give(
        _ count: Int, _ policy: NUMAPolicy = .legacy, near nodes: [Int]? = nil, group: GroupPolicy = .none,
        topology: TopologyPolicy? = nil, among: UnitSet? = nil
    ) -> [Int]? {
        let ask = Ask(
            count: count, ranks: [among ?? UnitSet(below: shape.units.count)], numa: policy, group: group,
            topology: topology)
        return give([ask], near: nodes)?[0]
    }

    func give(_ asks: [Ask], near nodes: [Int]? = nil, free: UnitSet? = nil) -> [[Int]]? {
        let hood = nodes.map { Neighbourhood(of: $0.map { NUMANode($0) }, on: shape) }
        let allotter = Allotter(asks, on: shape, free: free ?? UnitSet(below: shape.units.count), near: hood)
        return (try? allotter.allot())?.units.map { Array($0) }
    }

    func standing(_ labels: [String: String] = [:]) -> HostStanding {
        HostStanding(shape: shape, lendable: UnitSet(below: shape.units.count), labels: labels)
    }
}
