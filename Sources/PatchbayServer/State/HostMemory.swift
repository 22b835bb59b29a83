import PatchbayCore
import Synchronization

/// What follows from an inventory and the pools alone, kept as long as both are the same: rules are not matched again
/// because a device was taken, a guest started or somebody asked.
///
/// Shared by all copies of a host's state; with another inventory it begins anew.
final class HostMemory: Sendable {
    private let known = Mutex<(pools: [Pool], membership: PoolMembership)?>(nil)

    func membership(of inventory: Inventory, in pools: [Pool]) -> PoolMembership {
        if let known = known.withLock({ $0 }), known.pools == pools { return known.membership }
        let membership = PoolMembership(of: inventory, in: pools)
        known.withLock { $0 = (pools, membership) }
        return membership
    }
}
