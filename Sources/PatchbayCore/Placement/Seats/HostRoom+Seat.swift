extension HostRoom {
    /// Where the guest sits when its cells are on these nodes, one each, in this order. nil: it does not fit there
    /// (`reason` says why), or it floats.
    ///
    /// Virtual CPUs and memory are dealt evenly; where that leaves a rest, the first nodes with room for it get one more.
    /// CPUs with low numbers go first, so the same room and needs give the same seat.
    package func seat(_ needs: GuestNeeds, on nodes: [NUMANode]) -> GuestSeat? {
        guard needs.hasCells, reason(for: needs, on: nodes) == nil else { return nil }
        let places = nodes.compactMap { place(of: $0) }
        let offers = places.map { offer(at: $0, for: needs) }
        guard let vcpus = needs.vcpuShares(over: nodes.count).dealt(over: offers.map(\.vcpus)),
            let pieces = needs.pieceShares(over: nodes.count).dealt(over: offers.map(\.pieces))
        else { return nil }
        var seat = GuestSeat(pin: needs.pin, hugepageKiB: needs.hugepageKiB, cells: [])
        var next = 0
        for (index, node) in places.map({ self.nodes[$0] }).enumerated() {
            let (cpus, taken) = cpus(vcpus[index], of: node, needs.pin)
            seat.cells.append(
                GuestSeat.Cell(
                    node: node.node, vcpus: Array(next..<next + vcpus[index]),
                    memoryMiB: pieces[index] * needs.pieceMiB, cpus: cpus))
            seat.dedicatedCPUs += taken
            next += vcpus[index]
        }
        seat.dedicatedCPUs.sort()
        seat.threads = siblings(in: seat)
        return seat
    }

    /// How many virtual CPUs in a row are siblings, all through the seat.
    private func siblings(in seat: GuestSeat) -> Int {
        guard seat.pin == .thread else { return 1 }
        let cores = Set(seat.cells.flatMap { self[$0.node]?.cores ?? [] })
        guard let size = cores.first(where: { $0.first == seat.cells.first?.cpus.first })?.count, size > 1 else {
            return 1
        }
        let isFilled = seat.cells.allSatisfy { cell in
            cell.cpus.count % size == 0
                && stride(from: 0, to: cell.cpus.count, by: size).allSatisfy {
                    cores.contains(Array(cell.cpus[$0..<$0 + size]))
                }
        }
        return isFilled ? size : 1
    }

    /// The CPUs that run a cell's virtual CPUs, and those that are nobody else's from then on.
    private func cpus(_ count: Int, of node: Node, _ pin: PinPolicy) -> (cpus: [Int], dedicated: [Int]) {
        switch pin {
        case .none: return ([], [])
        case .shared: return (sharedCPUs(of: node), [])
        case .thread:
            let cpus = threads(count, of: node)
            return (cpus, cpus)
        case .core:
            let cores = node.cores.filter { $0.allSatisfy(canBeDedicated) }.prefix(count)
            return (cores.map { $0[0] }, cores.flatMap(\.self))
        }
    }

    /// Whole cores as long as they are filled, so that virtual CPUs that are neighbours are siblings; then threads of cores
    /// that others have a part of, so that whole ones stay; then a part of a whole one.
    private func threads(_ count: Int, of node: Node) -> [Int] {
        let free = node.cores.map { $0.filter(canBeDedicated) }
        let isWhole = zip(node.cores, free).map { $0.count == $1.count }
        var chosen: [Int] = []
        var leftWhole: [Int] = []
        for (cpus, whole) in zip(free, isWhole) where whole {
            if chosen.count + cpus.count <= count { chosen += cpus } else { leftWhole += cpus }
        }
        let parts = zip(free, isWhole).filter { !$1 }.flatMap(\.0)
        return Array((chosen + parts + leftWhole).prefix(count))
    }
}
