extension HostRoom {
    /// The sets of nodes worth trying for the guest's cells, best first; each has room for its CPUs and memory, so that only
    /// devices are left to be found. None: it fits nowhere (`fits` says why). One empty set: it floats.
    ///
    /// Device first, then CPUs and memory near it: fewer cells before more where the guest does not say how many; among
    /// sets of the same size those whose nodes carry most of the devices it may get, then those on the devices' sockets,
    /// then those nearest to the devices by the kernel's distance, then those nearest to each other.
    ///
    /// There are at most `NodeChoices.most`, 64. Where a size has no more sets than that, all are tried; otherwise each of
    /// the best nodes with what goes best with it. If any set of a size has room, one of that size is among them.
    ///
    /// - Parameter devices: how many devices that the guest may get are on each node.
    package func nodeChoices(_ needs: GuestNeeds, near devices: [NUMANode: Int]) -> NodeChoices {
        NodeChoices(needs, in: self, near: devices)
    }

    /// A set of that size with room for the guest, whatever devices there are; nil: there is none.
    ///
    /// Nodes that can take one more of both go first, then as many that can take one more of either as are needed.
    static func sureSet(of count: Int, for needs: GuestNeeds, among offers: [Offer]) -> [Offer]? {
        let (vcpus, pieces) = (needs.vcpuShares(over: count), needs.pieceShares(over: count))
        let able = offers.filter { needs.takesPart($0, of: count) }
        let takesVCPU = { (offer: Offer) in offer.vcpus > vcpus.least }
        let takesPiece = { (offer: Offer) in offer.pieces > pieces.least }
        var set = Array(able.filter { takesVCPU($0) && takesPiece($0) }.prefix(count))
        let both = set.count
        set += able.filter { takesVCPU($0) && !takesPiece($0) }.prefix(max(0, vcpus.extra - both))
        set += able.filter { !takesVCPU($0) && takesPiece($0) }.prefix(max(0, pieces.extra - both))
        set += able.filter { !set.contains($0) }.prefix(max(0, count - set.count))
        return set.count == count && needs.isRoomy(set) ? set : nil
    }
}

extension GuestNeeds {
    /// The node has room for the smallest share of so many cells.
    func takesPart(_ offer: HostRoom.Offer, of cells: Int) -> Bool {
        offer.vcpus >= vcpuShares(over: cells).least && offer.pieces >= pieceShares(over: cells).least
    }

    /// The nodes have room for it, one cell on each.
    func isRoomy(_ offers: [HostRoom.Offer]) -> Bool {
        vcpuShares(over: offers.count).fit(offers.lazy.map(\.vcpus))
            && pieceShares(over: offers.count).fit(offers.lazy.map(\.pieces))
    }
}
