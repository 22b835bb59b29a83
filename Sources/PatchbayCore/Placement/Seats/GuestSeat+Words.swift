extension GuestSeat {
    /// `2 NUMA nodes (0, 1), CPUs 0-3,8-11, policy core`
    package var words: String {
        let nodes = cells.map(\.node.description).joined(separator: ", ")
        let place = cells.count == 1 ? "NUMA node \(nodes)" : "\(cells.count) NUMA nodes (\(nodes))"
        let cpus = Set(cells.flatMap(\.cpus)).sorted()
        return cpus.isEmpty ? place : "\(place), CPUs \(Self.list(cpus)), policy \(pin.rawValue)"
    }

    /// Sorted numbers as the kernel writes them: `0-3,8`.
    package static func list(_ cpus: [Int]) -> String {
        var runs: [ClosedRange<Int>] = []
        for cpu in cpus {
            if let last = runs.last, last.upperBound + 1 == cpu {
                runs[runs.count - 1] = last.lowerBound...cpu
            } else {
                runs.append(cpu...cpu)
            }
        }
        return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}
