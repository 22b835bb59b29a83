import PatchbayCore

/// What an emulated host is made of, as written in a YAML file; `rich.yaml` and `small.yaml` come with the lab.
///
/// Ids are the file's own names for things; QEMU knows devices by them, so that a running host can be asked for the
/// PCI address of `sparenvme`. Unknown keys are errors that name the key.
package struct HostDescription: Hashable, Sendable, Encodable {
    package var title: String
    package var memoryMiB: Int
    package var cpus: Int
    /// Empty: one NUMA node that nobody speaks of.
    package var numaNodes: [NUMANode]
    package var bridges: [Bridge]
    package var drives: [Drive]
    package var devices: [Device]
    /// The device whose disk holds the host's writable root file system; nil: it is in memory.
    package var rootDisk: String?
    /// The NIC that carries the default route.
    package var defaultRoute: String?
    package var makeVirtualFunctions: [VirtualFunctions]
    package var expected: Expected

    package struct NUMANode: Hashable, Sendable, Encodable {
        package var cpus: [Int]
        package var memoryMiB: Int
    }

    /// SR-IOV virtual functions that are made once the host is up.
    package struct VirtualFunctions: Hashable, Sendable, Encodable {
        package var device: String
        package var count: Int
    }

    /// What must be true of the host once it is up; `lab up` does not look, tests do.
    package struct Expected: Hashable, Sendable, Encodable {
        /// Devices that share an IOMMU group, bridges left out; each list is the whole group.
        package var groups: [[String]] = []
        package var numaNodes: [String: Int] = [:]
    }

    package func device(_ id: String) -> Device? { devices.first { $0.id == id } }
}
