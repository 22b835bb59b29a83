import PatchbayAPI
import PatchbayCore

/// All pools and what is left in them.
struct PoolListPage: Sendable, Hashable {
    let rows: [PoolRow]
    let isEmpty: Bool

    init(_ pools: [API.Pool]) {
        self.rows = pools.map(PoolRow.init)
        self.isEmpty = pools.isEmpty
    }
}
