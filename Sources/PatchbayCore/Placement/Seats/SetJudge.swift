/// How good a set of nodes is for a guest that may get these devices.
struct SetJudge {
    /// Read in this order; less is better.
    struct Score: Hashable, Comparable {
        /// Devices that are on none of its nodes.
        var devicesElsewhere: Int
        /// Devices on sockets that none of its nodes is on.
        var devicesOnOtherSockets: Int
        /// Kernel distance from each device to the nearest of its nodes, in all.
        var deviceDistance: Int
        var sockets: Int
        /// Kernel distance between its nodes, in all.
        var spread: Int

        private var words: [Int] { [devicesElsewhere, devicesOnOtherSockets, deviceDistance, sockets, spread] }

        static func < (a: Score, b: Score) -> Bool { a.words.lexicographicallyPrecedes(b.words) }
    }

    private let nodes: [NUMANode: HostRoom.Node]
    private let devices: [NUMANode: Int]

    init(_ room: HostRoom, near devices: [NUMANode: Int]) {
        nodes = Dictionary(room.nodes.map { ($0.node, $0) }, uniquingKeysWith: { first, _ in first })
        self.devices = devices
    }

    func score(_ set: [NUMANode]) -> Score {
        let sockets = Set(set.flatMap { nodes[$0]?.sockets ?? [] })
        var score = Score(
            devicesElsewhere: 0, devicesOnOtherSockets: 0, deviceDistance: 0, sockets: sockets.count, spread: 0)
        for (node, count) in devices where !set.contains(node) {
            score.devicesElsewhere += count
            if sockets.isDisjoint(with: nodes[node]?.sockets ?? []) { score.devicesOnOtherSockets += count }
            score.deviceDistance += count * (set.map { distance($0, node) }.min() ?? 0)
        }
        for (index, node) in set.enumerated() {
            for other in set[..<index] { score.spread += distance(node, other) }
        }
        return score
    }

    /// The kernel's, or what it calls unreachable.
    private func distance(_ one: NUMANode, _ other: NUMANode) -> Int {
        nodes[one]?.distances[other] ?? nodes[other]?.distances[one] ?? 255
    }
}
