/// What somebody who wrote rules expects them to match: a test of the rules, checked before they are put in force.
///
/// `gpus matches 4 on atlas`, `gpus matches at least 2`, `gpus includes atlas/41:00.0`.
package struct PoolExpectation: Hashable, Sendable {
    package enum Wish: Hashable, Sendable {
        case exactly(Int)
        case atLeast(Int)
        case atMost(Int)
        case includes(DeviceID)
        case excludes(DeviceID)
    }

    package var pool: String
    /// Where devices are counted; nil: on every host. Of no meaning for a device by name.
    package var host: String?
    package var wish: Wish

    package init(pool: String, host: String? = nil, _ wish: Wish) {
        self.pool = pool
        self.host = host
        self.wish = wish
    }
}

extension PoolExpectation: CustomStringConvertible {
    /// What `init(parsing:)` reads back to the same.
    package var description: String {
        let place = host.map { " on \($0)" } ?? ""
        return switch wish {
        case .exactly(0): "\(pool) matches none\(place)"
        case .exactly(let count): "\(pool) matches \(count)\(place)"
        case .atLeast(let count): "\(pool) matches at least \(count)\(place)"
        case .atMost(let count): "\(pool) matches at most \(count)\(place)"
        case .includes(let device): "\(pool) includes \(device.short)"
        case .excludes(let device): "\(pool) excludes \(device.short)"
        }
    }
}

extension PoolExpectation {
    /// - Parameters:
    ///   - matched: every device that the pool has, on any host.
    ///   - hosts: those that are known.
    /// - Returns: what is the case instead; nil: it holds.
    package func failure(matched: [DeviceID], hosts: Set<String>) -> String? {
        if let host, !hosts.contains(host) { return "no host \"\(host)\" has ever reported" }
        let counted = matched.filter { host == nil || $0.host == host }.sorted()
        let holds =
            switch wish {
            case .exactly(let count): counted.count == count
            case .atLeast(let count): counted.count >= count
            case .atMost(let count): counted.count <= count
            case .includes(let device): matched.contains(device)
            case .excludes(let device): !matched.contains(device)
            }
        if holds { return nil }
        switch wish {
        case .excludes(let device): return "it has \(device.short)"
        case .exactly, .atLeast, .atMost, .includes: return Self.words(counted)
        }
    }

    /// `it matches 2: atlas/41:00.0, atlas/42:00.0`
    private static func words(_ devices: [DeviceID]) -> String {
        guard !devices.isEmpty else { return "it matches nothing" }
        let shown = devices.prefix(shownDevices).map(\.short).joined(separator: ", ")
        let rest = devices.count > shownDevices ? " and \(devices.count - shownDevices) more" : ""
        return "it matches \(devices.count): \(shown)\(rest)"
    }

    private static let shownDevices = 8
}
