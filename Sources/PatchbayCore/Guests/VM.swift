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

    package init(name: String, target: Target, count: Int = 1) {
        self.name = name
        self.target = target
        self.count = count
    }
}
