/// Which devices of a host are in which pools, by the pools' rules. Depends on nothing but the inventory and the pools, so
/// it is worked out once for both and kept; what did not change since an earlier one is not matched again.
package struct PoolMembership: Sendable {
    /// What a pool's rules say of its devices; no key: it is not in the pool. Empty tags where no rule of the pool has any.
    private struct Members {
        let pool: Pool
        let matcher: PoolMatcher
        var tags: [DeviceKey: DeviceTags] = [:]
    }

    /// Names of pools, sorted, by device; a device that is no key is in none.
    let names: [DeviceKey: [String]]
    private let members: [String: Members]
    private let host: String
    private let functions: [PCIFunction]

    /// - Parameter earlier: of the same host, the likeliest first.
    package init(of inventory: Inventory, in pools: [Pool], knowing earlier: [PoolMembership] = []) {
        host = inventory.host.name
        functions = inventory.functions
        let known = earlier.filter { [host] in $0.host == host }.map { [functions] membership in
            (membership: membership, unchanged: functions.unchanged(since: membership.functions))
        }
        var members: [String: Members] = [:]
        var names: [DeviceKey: [String]] = [:]
        for pool in pools.sorted(by: { $0.name < $1.name }) {
            let before = known.first { $0.membership.members[pool.name]?.pool == pool }
            let old = before?.membership.members[pool.name]
            var own = Members(pool: pool, matcher: old?.matcher ?? PoolMatcher(pool))
            for function in functions {
                let key = function.key
                let isKnown = before?.unchanged.contains(key) ?? false
                guard let tags = isKnown ? old?.tags[key] : own.matcher.membership(of: function, on: host) else {
                    continue
                }
                own.tags[key] = tags
                names[key, default: []].append(pool.name)
            }
            members[pool.name] = own
        }
        self.members = members
        self.names = names
    }

    /// What a device has in a pool by the first rule that matches it; nil: it is not in the pool.
    package func tags(of device: DeviceKey, in pool: String) -> DeviceTags? { members[pool]?.tags[device] }

    /// The devices of these pools.
    package func devices(of pools: some Sequence<String>) -> Set<DeviceKey> {
        pools.reduce(into: []) { $0.formUnion(members[$1]?.tags.keys.map(\.self) ?? []) }
    }
}

extension [PCIFunction] {
    /// Keys of those that were the same before. Both are sorted by address.
    fileprivate func unchanged(since before: [PCIFunction]) -> Set<DeviceKey> {
        var same: Set<DeviceKey> = []
        var index = before.startIndex
        for function in self {
            while index < before.endIndex, before[index].address < function.address { index += 1 }
            guard index < before.endIndex else { break }
            if before[index] == function { same.insert(function.key) }
        }
        return same
    }
}
