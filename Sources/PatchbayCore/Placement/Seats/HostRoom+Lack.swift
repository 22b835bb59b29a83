/// What there is too little of. The parts of `reason` and `fits` that speak of nodes.
extension HostRoom {
    /// Every node is too small by itself, or not enough of them are large enough.
    func lack(_ needs: GuestNeeds, _ offers: [Offer]) -> Reason {
        let cells = needs.cells ?? 1
        if cells > offers.count {
            return Reason(
                .cells, "\(host) has \(Self.count(offers.count, "NUMA node")) with CPUs; \(cells) cells are requested.")
        }
        if needs.pin == .core, nodes.allSatisfy({ !$0.knowsSiblings }) { return noSiblings(on: host) }
        let (vcpus, pieces) = (Self.sum(offers.map(\.vcpus)), Self.sum(offers.map(\.pieces)))
        if vcpus < needs.vcpus { return processors(vcpus, of: needs.vcpus, needs.pin, on: host) }
        if pieces < needs.memoryMiB / needs.pieceMiB { return memory(pieces, of: needs.memoryMiB, needs, on: host) }
        let nodes = needs.cells.map { $0 == 1 ? "one NUMA node" : "\($0) NUMA nodes" } ?? "the same NUMA nodes"
        return Reason(.cells, "\(host) has enough CPUs and memory, but not evenly on \(nodes).")
    }

    func lack(_ needs: GuestNeeds, vcpuShares shares: Shares, _ offers: [Offer]) -> Reason? {
        guard !shares.fit(offers.lazy.map(\.vcpus)) else { return nil }
        let (offer, share) = Self.tightest(shares, offers, \.vcpus)
        let name = "NUMA node \(offer.node)"
        if needs.pin == .core, !nodes[offer.place].knowsSiblings { return noSiblings(on: name) }
        return processors(offer.vcpus, of: share, needs.pin, on: name)
    }

    func lack(_ needs: GuestNeeds, pieceShares shares: Shares, _ offers: [Offer]) -> Reason? {
        guard !shares.fit(offers.lazy.map(\.pieces)) else { return nil }
        let (offer, share) = Self.tightest(shares, offers, \.pieces)
        return memory(offer.pieces, of: share.times(needs.pieceMiB), needs, on: "NUMA node \(offer.node)")
    }

    /// The first node that cannot take its share: the even one, or one of those that would have to take one more.
    private static func tightest(
        _ shares: Shares, _ offers: [Offer], _ room: KeyPath<Offer, Int>
    ) -> (offer: Offer, share: Int) {
        if let tight = offers.first(where: { $0[keyPath: room] < shares.least }) { return (tight, shares.least) }
        let tight = offers.first { $0[keyPath: room] == shares.least }
        return (tight ?? offers[0], shares.least + 1)
    }

    private func processors(_ free: Int, of wanted: Int, _ pin: PinPolicy, on place: String) -> Reason {
        let left =
            switch pin {
            case .core: Self.count(free, "whole core")
            case .thread: Self.count(free, "hardware thread")
            case .shared, .none: Self.count(free, "shared CPU")
            }
        return Reason(.processors, "\(place) has \(left) left; \(Self.asked(wanted)).")
    }

    private func memory(_ pieces: Int, of wantedMiB: Int, _ needs: GuestNeeds, on place: String) -> Reason {
        guard let size = needs.hugepageKiB else {
            let free = pieces.times(needs.pieceMiB)
            return Reason(.memory, "\(place) has \(free) MiB left for guests; \(wantedMiB) MiB are requested.")
        }
        let free = pieces.times(needs.pieceMiB).times(1024) / size
        return Reason(
            .hugepages,
            "\(place) has \(Self.count(free, "page")) of \(Self.page(size)) left; \(Self.asked(wantedMiB.times(1024) / size))."
        )
    }

    private func noSiblings(on place: String) -> Reason {
        Reason(.processors, "The kernel does not report which CPUs of \(place) share a core.")
    }

    private static func count(_ number: Int, _ thing: String) -> String {
        number == 1 ? "1 \(thing)" : "\(number) \(thing)s"
    }

    private static func asked(_ number: Int) -> String { number == 1 ? "1 is requested" : "\(number) are requested" }

    /// Without overflow: `Int.max` is "any number".
    private static func sum(_ numbers: [Int]) -> Int {
        numbers.reduce(0) { $0.plus($1) }
    }
}
