/// How good a set of nodes is for a guest that may get these devices. Nodes are numbers of places in `HostRoom.nodes`.
struct SetJudge {
    /// Read in this order; less is better.
    struct Score: Hashable, Comparable {
        /// Devices that are on none of its nodes.
        var devicesElsewhere = 0
        /// Devices on sockets that none of its nodes is on.
        var devicesOnOtherSockets = 0
        /// Kernel distance from each device to the nearest of its nodes, in all.
        var deviceDistance = 0
        var sockets = 0
        /// Kernel distance between its nodes, in all.
        var spread = 0

        static func < (a: Score, b: Score) -> Bool {
            (a.devicesElsewhere, a.devicesOnOtherSockets, a.deviceDistance, a.sockets, a.spread)
                < (b.devicesElsewhere, b.devicesOnOtherSockets, b.deviceDistance, b.sockets, b.spread)
        }
    }

    private let sockets: [[Int]]
    private let distances: [[Int]]
    /// Devices at each place, and those that are at none.
    private var devices: [Int]
    private var strays = 0
    /// What the kernel calls unreachable; a distance that it does not tell is taken for it.
    private static let farthest = 255

    init(_ room: HostRoom, near counts: [NUMANode: Int]) {
        let nodes = room.nodes
        sockets = nodes.map(\.sockets)
        distances = nodes.map { from in
            nodes.map { from.distances[$0.node] ?? $0.distances[from.node] ?? Self.farthest }
        }
        devices = nodes.map { counts[$0.node] ?? 0 }
        strays = counts.values.reduce(0, +) - devices.reduce(0, +)
    }

    func score(_ set: [Int]) -> Score {
        var spanned: [Int] = []
        for place in set { spanned += sockets[place].filter { !spanned.contains($0) } }
        var score = Score(devicesElsewhere: strays, devicesOnOtherSockets: strays, sockets: spanned.count)
        for (place, count) in devices.enumerated() where count > 0 && !set.contains(place) {
            score.devicesElsewhere += count
            if !sockets[place].contains(where: spanned.contains) { score.devicesOnOtherSockets += count }
            score.deviceDistance = score.deviceDistance.plus(
                count.times(set.map { distances[$0][place] }.min() ?? 0))
        }
        for (index, place) in set.enumerated() {
            for other in set[..<index] { score.spread = score.spread.plus(distances[place][other]) }
        }
        return score
    }

    /// The places by how well they go with one of them, itself first: those with devices, then its socket, then distance.
    func neighbours(of seed: Int, among places: [Int]) -> [Int] {
        let words = { (place: Int) in
            [
                place == seed ? 0 : 1, -devices[place], sockets[place].contains(where: sockets[seed].contains) ? 0 : 1,
                distances[seed][place], place,
            ]
        }
        return places.map { ($0, words($0)) }.sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0)
    }
}
