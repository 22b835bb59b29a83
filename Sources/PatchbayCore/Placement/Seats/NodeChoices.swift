/// The sets of nodes worth trying for a guest's cells, best first. Worked out size by size, as far as they are asked for.
package struct NodeChoices: Sequence, IteratorProtocol {
    /// More are never given: 16 nodes have 65,535 sets, and each costs a search for devices.
    package static let most = 64

    private let nodes: [NUMANode]
    private let needs: GuestNeeds
    private let offers: [HostRoom.Offer]
    private let judge: SetJudge
    /// Sizes that are still to come.
    private var counts: ArraySlice<Int>
    /// So many sets are kept for each larger size, so that a guest which needs many nodes is tried on them, too.
    private let kept: Int
    private var left = most
    private var ready: ArraySlice<[NUMANode]> = []

    init(_ needs: GuestNeeds, in room: HostRoom, near devices: [NUMANode: Int]) {
        self.needs = needs
        nodes = room.nodes.map(\.node)
        judge = SetJudge(room, near: devices)
        offers = needs.hasCells ? room.offers(for: needs) : []
        counts = []
        if room.fits(needs) == nil {
            if needs.hasCells { counts = needs.cellCounts(upTo: offers.count)[...] } else { ready = [[]] }
        }
        kept = counts.isEmpty ? 0 : Swift.min(2, Self.most / counts.count)
    }

    package mutating func next() -> [NUMANode]? {
        while ready.isEmpty {
            guard let count = counts.popFirst() else { return nil }
            ready = sets(of: count, limit: left - kept * counts.count)[...]
            left -= ready.count
        }
        return ready.popFirst()
    }

    private func sets(of count: Int, limit: Int) -> [[NUMANode]] {
        guard limit > 0, let sure = HostRoom.sureSet(of: count, for: needs, among: offers) else { return [] }
        let able = offers.filter { needs.takesPart($0, of: count) }
        let sets =
            Self.combinations(able.count, count) <= Self.most
            ? Self.subsets(able[...], count) : Self.distinct(grown(to: count, among: able, limit: limit) + [sure])
        var ranked: [(places: [Int], score: SetJudge.Score)] = []
        for set in sets where needs.isRoomy(set) {
            let places = set.map(\.place)
            ranked.append((places, judge.score(places)))
        }
        ranked.sort { a, b in
            a.score == b.score ? a.places.lexicographicallyPrecedes(b.places) : a.score < b.score
        }
        return ranked.prefix(limit).map { $0.places.map { nodes[$0] } }
    }

    /// Each set once, sorted by place.
    private static func distinct(_ sets: [[HostRoom.Offer]]) -> [[HostRoom.Offer]] {
        Array(Set(sets.map { $0.sorted { $0.place < $1.place } }))
    }

    /// Each of the best nodes with what goes best with it.
    private func grown(to count: Int, among able: [HostRoom.Offer], limit: Int) -> [[HostRoom.Offer]] {
        let places = able.map(\.place)
        let offers = Dictionary(able.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
        let seeds = places.map { ($0, judge.score([$0])) }.sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 < $1.1 }
        return seeds.prefix(limit).map { seed in
            judge.neighbours(of: seed.0, among: places).prefix(count).compactMap { offers[$0] }
        }
    }

    /// How many sets of `count` there are; more than `most` is as good as any number.
    private static func combinations(_ total: Int, _ count: Int) -> Int {
        guard count <= total else { return 0 }
        var number = 1
        for step in 0..<Swift.min(count, total - count) {
            number = number * (total - step) / (step + 1)
            if number > most { return number }
        }
        return number
    }

    private static func subsets(_ offers: ArraySlice<HostRoom.Offer>, _ count: Int) -> [[HostRoom.Offer]] {
        guard count > 0 else { return [[]] }
        guard offers.count >= count, let first = offers.first else { return [] }
        return subsets(offers.dropFirst(), count - 1).map { [first] + $0 } + subsets(offers.dropFirst(), count)
    }
}
