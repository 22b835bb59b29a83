/// Which devices of a host are in which pools, by the pools' rules. Depends on nothing but the inventory and the pools, so
/// it is worked out once for both and kept.
package struct PoolMembership: Sendable {
    /// Names of pools, sorted, by device; a device that is no key is in none.
    let names: [PCIAddress: [String]]
    /// What pools with tags say of their devices; no key: no tags.
    let tags: [String: [PCIAddress: DeviceTags]]

    package init(of inventory: Inventory, in pools: [Pool]) {
        let matchers = pools.sorted { $0.name < $1.name }.map(PoolMatcher.init)
        var names: [PCIAddress: [String]] = [:]
        for function in inventory.functions {
            let found = matchers.filter { $0.matches(function, on: inventory.host.name) }.map(\.name)
            if !found.isEmpty { names[function.address] = found }
        }
        self.names = names
        tags = Self.tags(of: inventory, in: pools)
    }

    private static func tags(of inventory: Inventory, in pools: [Pool]) -> [String: [PCIAddress: DeviceTags]] {
        var tags: [String: [PCIAddress: DeviceTags]] = [:]
        for pool in pools where pool.rules.contains(where: { !$0.tags.isEmpty }) {
            let matcher = PoolMatcher(pool)
            for function in inventory.functions {
                tags[pool.name, default: [:]][function.address] = matcher.tags(of: function, on: inventory.host.name)
            }
        }
        return tags
    }
}
