extension GuestSeat {
    /// `2 NUMA nodes (0, 1), CPUs 0-3,8-11, policy core`
    package var words: String {
        let nodes = cells.map(\.node.description).joined(separator: ", ")
        let place = cells.count == 1 ? "NUMA node \(nodes)" : "\(cells.count) NUMA nodes (\(nodes))"
        let cpus = Set(cells.flatMap(\.cpus)).sorted()
        return cpus.isEmpty ? place : "\(place), CPUs \(cpus.numberList), policy \(pin.rawValue)"
    }
}
