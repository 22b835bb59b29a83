import PatchbayAPI

/// What a pool has to give, and how scattered that is: now, and then where it is another.
struct PoolOutlookCard: Sendable, Hashable {
    let name: String
    let href: String
    let free: Turn
    let lendable: Turn
    /// It would be new, or gone; empty: it stays.
    let impact: String
    let spread: Spread
    let sizes: [Size]
    let hasSizes: Bool

    /// How many requests of a size would be served.
    struct Size: Sendable, Hashable {
        let size: String
        let columns: [Turn]
    }

    init(_ pool: API.PoolOutlook) {
        let (now, then) = (pool.now, pool.then)
        self.name = pool.name
        self.href = Link.pool(pool.name)
        self.free = Turn(now?.free, then?.free)
        self.lendable = Turn(now?.lendable, then?.lendable)
        self.impact = then == nil ? "It would no longer exist." : now == nil ? "It would be new." : ""
        self.spread = Spread(pool.name, now: now, then: then)
        let sizes = Set((now?.sizes ?? []).map(\.size) + (then?.sizes ?? []).map(\.size)).sorted()
        self.sizes = sizes.map { size in
            func turn(_ count: (API.PoolCapacity.SizeFit) -> Int) -> Turn {
                func number(in capacity: API.PoolCapacity?) -> Int? {
                    capacity.map { $0.sizes.first { $0.size == size }.map(count) ?? 0 }
                }
                return Turn(number(in: now), number(in: then))
            }
            return Size(
                size: Turn.grouped(size),
                columns: [
                    turn { $0.fit }, turn { $0.onOneNode }, turn { $0.onOneSwitch }, turn { $0.whenEmpty },
                    turn { $0.stranded },
                ])
        }
        self.hasSizes = !self.sizes.isEmpty
    }
}
