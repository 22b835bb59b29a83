/// One NUMA node of a host: `/sys/devices/system/node/node<n>`. A node may have no CPUs (memory of a GPU).
package struct NUMACell: Hashable, Codable, Sendable {
    package var node: NUMANode
    /// Sorted logical CPU numbers.
    package var cpus: [Int]
    /// `physical_package_id` of those CPUs, sorted: several nodes may share a socket (sub-NUMA clustering, NPS).
    package var sockets: [Int]
    package var memoryMiB: Int?
    package var freeMiB: Int?
    package var hugepages: [HugepagePool]
    /// Distances to all nodes in the kernel's order; the node's own is 10.
    package var distances: [Int]

    package init(
        node: NUMANode, cpus: [Int] = [], sockets: [Int] = [], memoryMiB: Int? = nil, freeMiB: Int? = nil,
        hugepages: [HugepagePool] = [], distances: [Int] = []
    ) {
        self.node = node
        self.cpus = cpus
        self.sockets = sockets
        self.memoryMiB = memoryMiB
        self.freeMiB = freeMiB
        self.hugepages = hugepages
        self.distances = distances
    }
}

/// Pages of one size on one node.
package struct HugepagePool: Hashable, Codable, Sendable {
    package var sizeKiB: Int
    package var total: Int
    package var free: Int

    package init(sizeKiB: Int, total: Int, free: Int) {
        self.sizeKiB = sizeKiB
        self.total = total
        self.free = free
    }
}

/// The processors of a host.
package struct CPULayout: Hashable, Codable, Sendable {
    /// `GenuineIntel`, `AuthenticAMD`, `ARM`; nil: not told.
    package var vendor: String?
    package var model: String?
    /// By `physical_package_id` and `core_id`; nil: the tree does not show the topology.
    package var sockets: Int?
    package var cores: Int?
    package var threads: Int?
    /// Logical CPUs kept from the scheduler: `/sys/devices/system/cpu/isolated`.
    package var isolated: [Int]
    package var nohzFull: [Int]
    /// `vmx` (VT-x) or `svm` (AMD-V) among the flags; nil: no flags were read.
    package var hasVirtualization: Bool?
    /// The `hypervisor` flag: this host is itself a guest.
    package var isGuest: Bool?

    package init(
        vendor: String? = nil, model: String? = nil, sockets: Int? = nil, cores: Int? = nil, threads: Int? = nil,
        isolated: [Int] = [], nohzFull: [Int] = [], hasVirtualization: Bool? = nil, isGuest: Bool? = nil
    ) {
        self.vendor = vendor
        self.model = model
        self.sockets = sockets
        self.cores = cores
        self.threads = threads
        self.isolated = isolated
        self.nohzFull = nohzFull
        self.hasVirtualization = hasVirtualization
        self.isGuest = isGuest
    }
}
