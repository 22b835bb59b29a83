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

/// How scattered a pool is: a bar for the hosts that have the same number of free devices, most free first.
struct Spread: Sendable, Hashable {
    /// Bars that are drawn; more numbers are put together.
    static let mostRows = 12

    let caption: String
    let rows: [Row]
    let hasRows: Bool
    /// Some bar is another then.
    let isTurned: Bool

    struct Row: Sendable, Hashable {
        /// `4`, `9–16`
        let free: String
        let hosts: Turn
        /// Of 100.
        let now: Int
        let then: Int
        let isNone: Bool
    }

    /// nil: there is no such pool.
    init(_ pool: String, now: API.PoolCapacity?, then: API.PoolCapacity?) {
        let (before, after) = (now ?? then, then ?? now)
        let ranges = Self.ranges(of: (before?.hosts ?? []) + (after?.hosts ?? []))
        func hosts(_ capacity: API.PoolCapacity?, _ range: ClosedRange<Int>) -> Int {
            (capacity?.hosts ?? []).filter { range.contains($0.free) }.reduce(0) { $0 + $1.hosts }
        }
        let counts = ranges.map { (range: $0, now: hosts(before, $0), then: hosts(after, $0)) }
        let most = max(1, counts.map { max($0.now, $0.then) }.max() ?? 0)
        func length(_ hosts: Int) -> Int { hosts == 0 ? 0 : max(2, hosts * 100 / most) }
        self.caption = "Hosts of \(pool) by free devices"
        self.rows = counts.map { range, now, then in
            Row(
                free: range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)",
                hosts: Turn(now, then), now: length(now), then: length(then), isNone: range.upperBound == 0)
        }
        self.hasRows = !rows.isEmpty
        self.isTurned = rows.contains { $0.hosts.isTurn }
    }

    /// Numbers of free devices that have a bar: each its own, or alike wide ranges where they are many; 0 is always alone.
    private static func ranges(of hosts: [API.PoolCapacity.HostCount]) -> [ClosedRange<Int>] {
        let numbers = Set(hosts.map(\.free)).sorted(by: >)
        guard numbers.count > mostRows, let most = numbers.first else { return numbers.map { $0...$0 } }
        let width = (most + mostRows - 2) / (mostRows - 1)
        let starts = stride(from: 1, through: most, by: width)
        let ranges = starts.map { $0...($0 + width - 1) }.filter { range in numbers.contains { range.contains($0) } }
        return ranges.reversed() + (numbers.contains(0) ? [0...0] : [])
    }
}
