/// Which classes of hosts still have how many units of one pool.
struct PoolLedger: Sendable {
    /// By the number of free units.
    private var buckets: [Int: OrderedNumbers] = [:]
    /// The numbers for which there is a bucket.
    private var counts = UnitSet()
    /// Hosts with something to give.
    private(set) var hosts = 0

    mutating func add(_ group: Int, free: Int, _ isBefore: (Int, Int) -> Bool) {
        buckets[free, default: OrderedNumbers()].insert(group, isBefore)
        counts.insert(free)
    }

    mutating func remove(_ group: Int, free: Int, _ isBefore: (Int, Int) -> Bool) {
        buckets[free]?.remove(group, isBefore)
        guard buckets[free]?.isEmpty == true else { return }
        buckets[free] = nil
        counts.remove(free)
    }

    mutating func note(hosts difference: Int) { hosts += difference }

    /// Classes with at least so many free units, in the order of the strategy: a bucket at a time.
    func buckets(atLeast least: Int, _ strategy: PlacementStrategy) -> some Sequence<
        (free: Int, groups: OrderedNumbers)
    > {
        let fitting = counts.filter { $0 >= least }
        let ordered = strategy == .pack ? fitting : fitting.reversed()
        return ordered.lazy.compactMap { free in buckets[free].map { (free, $0) } }
    }
}
