/// What a pool still has to give, and how scattered that is.
package struct PoolCapacity: Hashable, Codable, Sendable {
    package var pool: String
    /// Devices of open hosts that nothing but a claim stands in the way of; primaries, without their companions.
    package var lendable: Int
    /// Those that nobody holds.
    package var free: Int
    /// Open hosts by how many free devices they have, those that have none included; the fewest first.
    package var hosts: [HostCount]
    /// By size of a request: 1, 2, 4 and so on, up to the most that one host could give if nobody held anything.
    package var sizes: [SizeFit]

    /// Hosts with the same number of free devices.
    package struct HostCount: Hashable, Codable, Sendable {
        package var free: Int
        package var hosts: Int

        package init(free: Int, hosts: Int) {
            self.free = free
            self.hosts = hosts
        }
    }

    /// How many requests of one size would be served, one after the other, if only devices counted.
    package struct SizeFit: Hashable, Codable, Sendable {
        /// Devices that one request asks for.
        package var size: Int
        package var fit: Int
        /// With all devices of each on one NUMA node.
        package var onOneNode: Int
        /// With all devices of each below one PCIe switch.
        package var onOneSwitch: Int
        /// If nobody held anything.
        package var whenEmpty: Int

        package init(size: Int, fit: Int, onOneNode: Int, onOneSwitch: Int, whenEmpty: Int) {
            self.size = size
            self.fit = fit
            self.onOneNode = onOneNode
            self.onOneSwitch = onOneSwitch
            self.whenEmpty = whenEmpty
        }
    }

    package init(pool: String, lendable: Int = 0, free: Int = 0, hosts: [HostCount] = [], sizes: [SizeFit] = []) {
        self.pool = pool
        self.lendable = lendable
        self.free = free
        self.hosts = hosts
        self.sizes = sizes
    }

    /// Free devices that no request of a size can have, because their hosts have too few left.
    package func stranded(_ fit: SizeFit) -> Int { free - fit.fit * fit.size }

    /// The most that one host can give now.
    package var largest: Int { hosts.last?.free ?? 0 }
}
