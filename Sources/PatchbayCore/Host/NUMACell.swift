/// One NUMA node of a host: `/sys/devices/system/node/node<n>`. A node may have no CPUs (memory of a GPU).
package struct NUMACell: Hashable, Codable, Sendable {
    package var node: NUMANode
    /// Sorted logical CPU numbers.
    package var cpus: [Int]
    /// The CPUs of each core, which are siblings (`topology/thread_siblings_list`); each sorted, by their first. Empty, or
    /// without some CPUs: the kernel does not tell.
    package var cores: [[Int]]
    /// `physical_package_id` of those CPUs, sorted: several nodes may share a socket (sub-NUMA clustering, NPS).
    package var sockets: [Int]
    package var memoryMiB: Int?
    package var freeMiB: Int?
    package var hugepages: [HugepagePool]
    /// Distances to all nodes in the kernel's order; the node's own is 10.
    package var distances: [Int]

    package init(
        node: NUMANode, cpus: [Int] = [], cores: [[Int]] = [], sockets: [Int] = [], memoryMiB: Int? = nil,
        freeMiB: Int? = nil, hugepages: [HugepagePool] = [], distances: [Int] = []
    ) {
        self.node = node
        self.cpus = cpus
        self.cores = cores
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
