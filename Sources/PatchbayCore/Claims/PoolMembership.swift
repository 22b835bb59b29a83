/// Which devices of a host are in which pools, by the pools' rules. Depends on nothing but the inventory and the pools, so
/// it is worked out once for both and kept; what did not change since an earlier one is not matched again.
package struct PoolMembership: Sendable {
    /// What a pool's rules say of its devices; no key: it is not in the pool. Empty tags where no rule of the pool has any.
    fileprivate struct Members {
        let pool: Pool
        let matcher: PoolMatcher
        var tags: [DeviceKey: DeviceTags] = [:]
    }

    /// Names of pools, sorted, by device; a device that is no key is in none.
    let names: [DeviceKey: [String]]
    fileprivate let members: [String: Members]
    fileprivate let inventory: Inventory
    /// By pool: rules that name one device by its place, where that is not, or not surely, any more. They match nothing.
    package let misled: [String: [MisledRule]]

    /// - Parameter earlier: of the same host, the likeliest first.
    package init(of inventory: Inventory, in pools: [Pool], knowing earlier: [PoolMembership] = []) {
        let host = inventory.host.name
        var matching = Matching(
            host: host, pools: pools.sorted { $0.name < $1.name },
            earlier: earlier.filter { $0.inventory.host.name == host })
        matching.misled = inventory.misledRules(of: matching.pools)
        inventory.show(to: &matching)
        self.inventory = inventory
        misled = matching.misled
        members = matching.members
        names = matching.names
    }

    /// What a device has in a pool by the first rule that matches it; nil: it is not in the pool.
    package func tags(of device: DeviceKey, in pool: String) -> DeviceTags? { members[pool]?.tags[device] }

    /// The devices of these pools.
    package func devices(of pools: some Sequence<String>) -> Set<DeviceKey> {
        pools.reduce(into: []) { $0.formUnion(members[$1]?.tags.keys.map(\.self) ?? []) }
    }
}

/// A rule that was made from a device, and names the place of that, where the device is not what it was.
package struct MisledRule: Hashable, Sendable {
    package var rule: Rule
    /// The place that it names.
    package var device: DeviceKey
    package var expected: DeviceIdentity
    package var recognition: Recognition
    /// What is there now; nil: nothing.
    package var there: DeviceIdentity?
}

extension Inventory {
    fileprivate func misledRules(of pools: [Pool]) -> [String: [MisledRule]] {
        var misled: [String: [MisledRule]] = [:]
        var recognizer: DeviceRecognizer?
        for pool in pools {
            for rule in pool.rules {
                guard let (key, expected) = rule.device(on: host.name) else { continue }
                let there = identity(of: key)
                if there == expected { continue }
                let made = recognizer ?? DeviceRecognizer(self)
                recognizer = made
                let recognition = made.recognise(expected, at: key)
                if recognition == .same(key) { continue }
                misled[pool.name, default: []].append(
                    MisledRule(rule: rule, device: key, expected: expected, recognition: recognition, there: there))
            }
        }
        return misled
    }
}

extension Pool {
    fileprivate func without(_ rules: [Rule]) -> Pool {
        guard !rules.isEmpty else { return self }
        var pool = self
        pool.rules.removeAll { rules.contains($0) }
        return pool
    }
}

/// Asks the pools of a kind about its devices.
private struct Matching: DeviceVisitor {
    let host: String
    let earlier: [PoolMembership]
    private(set) var members: [String: PoolMembership.Members] = [:]
    private(set) var names: [DeviceKey: [String]] = [:]
    var misled: [String: [MisledRule]] = [:]
    let pools: [Pool]

    init(host: String, pools: [Pool], earlier: [PoolMembership]) {
        self.host = host
        self.pools = pools
        self.earlier = earlier
    }

    mutating func visit<D: Device>(_ devices: [D]) {
        let known = earlier.map { ($0, Self.unchanged(devices, since: $0.inventory)) }
        for pool in pools where pool.kind == D.kind {
            let wrong = misled[pool.name] ?? []
            let before = known.first {
                $0.0.members[pool.name]?.pool == pool && ($0.0.misled[pool.name] ?? []) == wrong
            }
            let old = before?.0.members[pool.name]
            var own = PoolMembership.Members(
                pool: pool, matcher: old?.matcher ?? PoolMatcher(pool.without(wrong.map(\.rule))))
            for device in devices {
                let key = device.key
                let isKnown = before?.1.contains(key) ?? false
                guard let tags = isKnown ? old?.tags[key] : own.matcher.membership(of: device, on: host) else {
                    continue
                }
                own.tags[key] = tags
                names[key, default: []].append(pool.name)
            }
            members[pool.name] = own
        }
    }

    /// Keys of those that were the same before. Both are sorted by key.
    private static func unchanged<D: Device>(_ devices: [D], since inventory: Inventory) -> Set<DeviceKey> {
        var search = Unchanged(devices)
        inventory.show(to: &search)
        return search.same
    }
}

/// Which of these were in another inventory as they are.
private struct Unchanged<Wanted: Device>: DeviceVisitor {
    let now: [Wanted]
    private(set) var same: Set<DeviceKey> = []

    init(_ now: [Wanted]) { self.now = now }

    mutating func visit<D: Device>(_ devices: [D]) {
        guard let before = devices as? [Wanted] else { return }
        var index = before.startIndex
        for device in now {
            while index < before.endIndex, before[index].key < device.key { index += 1 }
            guard index < before.endIndex else { break }
            if before[index] == device { same.insert(device.key) }
        }
    }
}
