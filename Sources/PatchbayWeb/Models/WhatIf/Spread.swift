import PatchbayAPI

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
