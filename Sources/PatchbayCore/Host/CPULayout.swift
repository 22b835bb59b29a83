/// The processors of a host.
package struct CPULayout: Hashable, Codable, Sendable {
    /// nil: not told.
    package var architecture: Architecture?
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
    /// The CPUs of the slower kind on a machine with two kinds (`sys/devices/cpu_atom/cpus`); empty: one kind, or not told.
    package var efficiency: [Int]
    /// Guests can run: `vmx` (VT-x) or `svm` (AMD-V) among the flags, elsewhere by what tells it. nil: not told.
    package var hasVirtualization: Bool?
    /// The `hypervisor` flag: this host is itself a guest. Not set for Xen's control domain.
    package var isGuest: Bool?

    package init(
        architecture: Architecture? = nil, vendor: String? = nil, model: String? = nil, sockets: Int? = nil,
        cores: Int? = nil, threads: Int? = nil,
        isolated: [Int] = [], nohzFull: [Int] = [], efficiency: [Int] = [], hasVirtualization: Bool? = nil,
        isGuest: Bool? = nil
    ) {
        self.architecture = architecture
        self.vendor = vendor
        self.model = model
        self.sockets = sockets
        self.cores = cores
        self.threads = threads
        self.isolated = isolated
        self.nohzFull = nohzFull
        self.efficiency = efficiency
        self.hasVirtualization = hasVirtualization
        self.isGuest = isGuest
    }
}
