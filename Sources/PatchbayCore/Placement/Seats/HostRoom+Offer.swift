extension HostRoom {
    /// What one node has for one kind of guest.
    struct Offer: Hashable {
        var node: NUMANode
        /// Its place in `nodes`.
        var place: Int
        /// How many virtual CPUs.
        var vcpus: Int
        /// How much memory, in pieces of `GuestNeeds.pieceMiB`.
        var pieces: Int
    }

    /// Of nodes with CPUs, sorted. Guests never sit on memory alone.
    func offers(for needs: GuestNeeds) -> [Offer] {
        nodes.indices.filter { nodes[$0].hasCPUs }.map { offer(at: $0, for: needs) }
    }

    func offer(at place: Int, for needs: GuestNeeds) -> Offer {
        let node = nodes[place]
        return Offer(
            node: node.node, place: place, vcpus: vcpus(of: node, needs.pin), pieces: pieces(of: node, for: needs))
    }

    private func vcpus(of node: Node, _ pin: PinPolicy) -> Int {
        switch pin {
        case .none: Int.max
        case .shared: sharedCPUs(of: node).count
        case .thread: node.cores.reduce(0) { $0 + $1.count(where: canBeDedicated) }
        case .core: node.knowsSiblings ? node.cores.count { $0.allSatisfy(canBeDedicated) } : 0
        }
    }

    private func pieces(of node: Node, for needs: GuestNeeds) -> Int {
        guard let size = needs.hugepageKiB else { return max(0, node.freeMiB ?? 0) / needs.pieceMiB }
        return max(0, node.freePages[size] ?? 0).times(size) / 1024 / needs.pieceMiB
    }

    /// Ordinary memory of nodes with CPUs, less what floats; nil: not known. Memory alone may be a GPU's, and goes with it.
    package var freeMiB: Int? {
        var sum = 0
        for node in nodes where node.hasCPUs {
            guard let free = node.freeMiB else { return nil }
            sum = sum.plus(free)
        }
        return isKnown ? sum.minus(floatingMiB) : nil
    }

    func canBeDedicated(_ cpu: Int) -> Bool {
        !dedicated.contains(cpu) && sharing[cpu] == nil && (isolated.isEmpty || isolated.contains(cpu))
    }

    /// CPUs of a node for guests that share, sorted.
    func sharedCPUs(of node: Node) -> [Int] {
        node.cpus.filter { !dedicated.contains($0) && !isolated.contains($0) }
    }
}

extension GuestNeeds {
    /// The smallest amount of memory that its cells can differ by: a page, but at least a MiB.
    var pieceMiB: Int { max(1, (hugepageKiB ?? 0) / 1024) }

    /// Its memory is a whole number of pages.
    var hasWholePages: Bool {
        guard let size = hugepageKiB else { return true }
        return size > 0 && (size % 1024 == 0 || 1024 % size == 0) && memoryMiB % pieceMiB == 0
    }

    /// nil: it says how many.
    func cellCounts(upTo nodes: Int) -> [Int] {
        if let cells { return [cells] }
        let most = min(nodes, vcpus, memoryMiB / pieceMiB)
        return most < 1 ? [] : Array(1...most)
    }

    func vcpuShares(over cells: Int) -> Shares { Shares(vcpus, over: cells) }
    func pieceShares(over cells: Int) -> Shares { Shares(memoryMiB / pieceMiB, over: cells) }
}
