/// How a guest's virtual CPUs are tied to the host's. The words are OpenNebula's (`PIN_POLICY`).
package enum PinPolicy: String, Codable, Sendable, CaseIterable {
    /// The guest floats: its CPUs run wherever the host's scheduler puts them.
    case none
    /// On any CPUs of its nodes, together with other guests.
    case shared
    /// Each virtual CPU has a hardware thread of its own.
    case thread
    /// Each virtual CPU has a whole core of its own, siblings included.
    case core

    /// The CPUs belong to the guest alone, so the host must be marked for it.
    package var isDedicated: Bool {
        switch self {
        case .none, .shared: false
        case .thread, .core: true
        }
    }
}

/// What a guest needs of a host beside devices.
package struct GuestNeeds: Hashable, Codable, Sendable {
    package var vcpus: Int
    package var memoryMiB: Int
    package var pin: PinPolicy
    /// Size of the pages its memory is made of, in KiB; nil: ordinary pages.
    package var hugepageKiB: Int?
    /// How many NUMA cells the guest sees; nil: as few as its devices, CPUs and memory allow, none where it floats.
    package var cells: Int?

    package init(vcpus: Int, memoryMiB: Int, pin: PinPolicy = .none, hugepageKiB: Int? = nil, cells: Int? = nil) {
        self.vcpus = vcpus
        self.memoryMiB = memoryMiB
        self.pin = pin
        self.hugepageKiB = hugepageKiB
        self.cells = cells
    }

    /// It sits on nodes of the host; otherwise it floats, and no device is nearer to it than another.
    package var hasCells: Bool { pin != .none || cells != nil || hugepageKiB != nil }
}

/// Where a guest sits on its host.
package struct GuestSeat: Hashable, Codable, Sendable {
    /// One NUMA cell of the guest on one node of the host.
    package struct Cell: Hashable, Codable, Sendable {
        package var node: NUMANode
        /// Numbers of virtual CPUs.
        package var vcpus: [Int]
        package var memoryMiB: Int
        /// The host's CPUs; one for each of `vcpus` where they are dedicated, otherwise all that may run any of them. Empty:
        /// any CPU of the host.
        package var cpus: [Int]

        package init(node: NUMANode, vcpus: [Int], memoryMiB: Int, cpus: [Int]) {
            self.node = node
            self.vcpus = vcpus
            self.memoryMiB = memoryMiB
            self.cpus = cpus
        }
    }

    package var pin: PinPolicy
    package var hugepageKiB: Int?
    package var cells: [Cell]
    /// CPUs that nobody else may be pinned to: those above, and siblings of theirs that are left idle.
    package var dedicatedCPUs: [Int]
    /// So many virtual CPUs in a row are siblings on the host, from the first on; 1: they are no siblings.
    package var threads: Int

    package init(
        pin: PinPolicy, hugepageKiB: Int? = nil, cells: [Cell], dedicatedCPUs: [Int] = [], threads: Int = 1
    ) {
        self.pin = pin
        self.hugepageKiB = hugepageKiB
        self.cells = cells
        self.dedicatedCPUs = dedicatedCPUs
        self.threads = threads
    }
}
