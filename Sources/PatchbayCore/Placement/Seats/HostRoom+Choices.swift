extension HostRoom {
    /// The sets of nodes worth trying for the guest's cells, best first; each has room for its CPUs and memory, so that only
    /// devices are left to be found. Empty: it fits nowhere (`fits` says why). One empty set: it floats.
    ///
    /// Device first, then CPUs and memory near it: fewer cells before more where the guest does not say how many; among
    /// sets of the same size those whose nodes carry most of the devices it may get, then those on the devices' sockets,
    /// then those nearest to the devices by the kernel's distance, then those nearest to each other.
    ///
    /// At most `mostChoices` sets, because the sets of 16 nodes are 65,535 and each costs a search for devices. Up to there
    /// they are complete: always for hosts of five nodes, and for pairs of eleven. Beyond, each node in the order above
    /// grows a set by what is best beside it. If any set of a size has room, one of that size is among them.
    ///
    /// - Parameter devices: how many devices that the guest may get are on each node.
    package func nodeChoices(_ needs: GuestNeeds, near devices: [NUMANode: Int]) -> [[NUMANode]] {
        guard fits(needs) == nil else { return [] }
        guard needs.hasCells else { return [[]] }
        let offers = offers(for: needs)
        let counts = needs.cellCounts(upTo: offers.count)
        var chosen: [[NUMANode]] = []
        for (index, count) in counts.enumerated() {
            // Two sets are kept for every larger size, so that a guest which needs many nodes is tried on them.
            let limit = Self.mostChoices - chosen.count - 2 * (counts.count - index - 1)
            chosen += sets(of: count, for: needs, among: offers, near: devices, limit: max(2, limit))
        }
        return chosen
    }

    package static let mostChoices = 64

    private func sets(
        of count: Int, for needs: GuestNeeds, among offers: [Offer], near devices: [NUMANode: Int], limit: Int
    ) -> [[NUMANode]] {
        let (vcpus, pieces) = (needs.vcpuShares(over: count), needs.pieceShares(over: count))
        let able = offers.filter { $0.vcpus >= vcpus.least && $0.pieces >= pieces.least }
        guard let sure = sureSet(of: count, for: needs, among: offers) else { return [] }
        let judge = SetJudge(self, near: devices)
        var sets: [[Offer]]
        if Self.combinations(able.count, count) <= Self.mostChoices {
            sets = Self.subsets(able[...], count)
        } else {
            sets = able.map { grow($0, to: count, among: able, judge) } + [sure]
        }
        sets = sets.filter {
            vcpus.dealt(over: $0.map(\.vcpus)) != nil && pieces.dealt(over: $0.map(\.pieces)) != nil
        }
        let ranked = Set(sets.map { $0.map(\.node).sorted() }).map { ($0, judge.score($0)) }
        return ranked.sorted { $0.1 == $1.1 ? $0.0.lexicographicallyPrecedes($1.0) : $0.1 < $1.1 }
            .prefix(limit).map(\.0)
    }

    private func grow(_ seed: Offer, to count: Int, among able: [Offer], _ judge: SetJudge) -> [Offer] {
        var set = [seed]
        while set.count < count {
            let nodes = set.map(\.node)
            let rest = able.filter { !nodes.contains($0.node) }
            let best = rest.map { ($0, judge.score(nodes + [$0.node])) }.min { $0.1 < $1.1 }
            guard let best else { return set }
            set.append(best.0)
        }
        return set
    }

    /// A set of that size with room for the guest, whatever devices there are; nil: there is none.
    ///
    /// Nodes that can take one more of both go first, then as many that can take one more of either as are needed.
    func sureSet(of count: Int, for needs: GuestNeeds, among offers: [Offer]) -> [Offer]? {
        guard count > 0, count <= needs.vcpus, count <= needs.memoryMiB / needs.pieceMiB else { return nil }
        let (vcpus, pieces) = (needs.vcpuShares(over: count), needs.pieceShares(over: count))
        let able = offers.filter { $0.vcpus >= vcpus.least && $0.pieces >= pieces.least }
        let takesVCPU = { (offer: Offer) in offer.vcpus > vcpus.least }
        let takesPiece = { (offer: Offer) in offer.pieces > pieces.least }
        var set = Array(able.filter { takesVCPU($0) && takesPiece($0) }.prefix(count))
        let both = set.count
        set += able.filter { takesVCPU($0) && !takesPiece($0) }.prefix(max(0, vcpus.extra - both))
        set += able.filter { !takesVCPU($0) && takesPiece($0) }.prefix(max(0, pieces.extra - both))
        set += able.filter { !set.contains($0) }.prefix(max(0, count - set.count))
        let isRoomy =
            vcpus.dealt(over: set.map(\.vcpus)) != nil && pieces.dealt(over: set.map(\.pieces)) != nil
        return set.count == count && isRoomy ? set : nil
    }

    /// How many sets of `count` there are; more than `mostChoices` is as good as any number.
    private static func combinations(_ total: Int, _ count: Int) -> Int {
        guard count <= total else { return 0 }
        var number = 1
        for step in 0..<min(count, total - count) {
            number = number * (total - step) / (step + 1)
            if number > mostChoices { return number }
        }
        return number
    }

    private static func subsets(_ offers: ArraySlice<Offer>, _ count: Int) -> [[Offer]] {
        guard count > 0 else { return [[]] }
        guard offers.count >= count, let first = offers.first else { return [] }
        return subsets(offers.dropFirst(), count - 1).map { [first] + $0 } + subsets(offers.dropFirst(), count)
    }
}
