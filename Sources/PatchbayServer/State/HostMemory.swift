import PatchbayCore
import Synchronization

/// What follows from an inventory and the pools alone, kept as long as both are the same: rules are not matched again
/// because a device was taken, a guest started or somebody asked.
///
/// Shared by all copies of a host's state. With another inventory there is another one, which knows what this one knew:
/// only functions that have changed are matched again, and of other pools those that have.
final class HostMemory: Sendable {
    private struct State {
        /// Of this inventory. What was asked for last is first, two at most: a look at how other pools would be does not push out how they are.
        var known: [(pools: [Pool], membership: PoolMembership)] = []
        /// Of the inventory before, until there is one of this.
        var earlier: [PoolMembership] = []

        var newest: [PoolMembership] { known.isEmpty ? earlier : known.map(\.membership) }
    }

    private let state: Mutex<State>

    /// - Parameter before: of the inventory before.
    init(after before: HostMemory? = nil) {
        state = Mutex(State(earlier: before?.state.withLock { $0.newest } ?? []))
    }

    func membership(of inventory: Inventory, in pools: [Pool]) -> PoolMembership {
        let state = state.withLock { $0 }
        let found = state.known.first { $0.pools == pools }?.membership
        let membership = found ?? PoolMembership(of: inventory, in: pools, knowing: state.newest)
        self.state.withLock { state in
            let others = state.known.filter { $0.pools != pools }
            state = State(known: [(pools, membership)] + others.prefix(1))
        }
        return membership
    }
}
