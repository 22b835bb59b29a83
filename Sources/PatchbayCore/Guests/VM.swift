/// A guest as Patchbay knows it: what somebody wants it to hold. What it is doing now is the hypervisor's to say.
package struct VM: Hashable, Codable, Sendable {
    package enum Origin: Hashable, Codable, Sendable {
        /// Patchbay keeps its definition.
        case managed(GuestSpec)
        /// An existing libvirt domain; its definition is edited minimally.
        case adopted
    }

    /// Unique over all hosts.
    package var name: String
    package var host: String
    package var origin: Origin
    /// What it is given at every start.
    package var requests: [Request]

    /// Disks that it has had and that the host has not used since, by what they are recognised by: what lies on them is its
    /// own.
    package var disks: [DeviceIdentity] {
        get { written ?? [] }
        set { written = newValue.isEmpty ? nil : newValue }
    }
    private var written: [DeviceIdentity]?

    /// Devices that it asks for by name, and those that it had at its last start.
    package var known: [KnownDevice] {
        get { knownDevices ?? [] }
        set { knownDevices = newValue.isEmpty ? nil : newValue }
    }
    private var knownDevices: [KnownDevice]?

    package init(name: String, host: String, origin: Origin, requests: [Request] = []) {
        self.name = name
        self.host = host
        self.origin = origin
        self.requests = requests
    }
}

/// One line of a VM's wishes.
package struct Request: Hashable, Codable, Sendable {
    package enum Target: Hashable, Codable, Sendable {
        /// Any free device of the pool.
        case pool(String)
        /// This device and no other.
        case device(DeviceID)
    }

    /// Unique in the VM: `gpus-1`.
    package var name: String
    package var target: Target
    /// Primaries; companions are not counted. At least 1; 1 for an exact device.
    package var count: Int
    /// The VM starts without it where it cannot be had.
    package var isOptional: Bool
    /// nil: nothing was said, which means `legacy`.
    package var numa: NUMAPolicy?
    package var group: GroupPolicy
    /// nil: wherever they are plugged in.
    package var topology: TopologyPolicy?
    /// Tags that the device must have through its pool's rules, compared without case.
    package var tags: [String: String]

    package init(
        name: String, target: Target, count: Int = 1, isOptional: Bool = false, numa: NUMAPolicy? = nil,
        group: GroupPolicy = .none, topology: TopologyPolicy? = nil, tags: [String: String] = [:]
    ) {
        self.name = name
        self.target = target
        self.count = count
        self.isOptional = isOptional
        self.numa = numa
        self.group = group
        self.topology = topology
        self.tags = tags
    }
}
