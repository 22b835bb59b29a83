/// The facts of a PCI device that a rule or a `--where` can ask for. The raw value is what people type.
package enum DeviceField: String, Codable, Sendable, CaseIterable {
    /// `NVIDIA Corporation A100 PCIe 80GB`
    case name
    /// `10de`
    case vendor
    /// `20b5`
    case device
    /// `10de:20b5`
    case id
    /// `10de:1533`
    case subsystem
    /// `030200`: base class, sub-class, programming interface.
    case `class`
    /// `3D controller`
    case classname
    /// `nvidia`; absent when driverless.
    case driver
    /// `0000:41:00.0`, or in short `41:00.0`
    case address
    /// The address without the function, which is one for all functions of a card: `0000:41:00`, in short `41:00`.
    case slot
    /// The number of the IOMMU group.
    case group
    case numa
    /// `a1`
    case revision
    /// `type-PCI`, `type-PF`, `type-VF`
    case role
    case host
    /// `pci0000:00/02.0/00.0`
    case topology
    case state
    case pool
    /// The VM that holds it.
    case vm
}

extension DeviceField {
    /// What the field's values are, which decides how they compare.
    enum Kind {
        case text
        /// One of a few words.
        case word([String])
        case decimal
        /// Hexadecimal digits: a `:` between its parts, each as wide as told.
        case hexadecimal([Int])
        case address
        case slot
    }

    var kind: Kind {
        switch self {
        case .name, .classname, .driver, .host, .topology, .pool, .vm: .text
        case .role: .word(["type-PCI", "type-PF", "type-VF"])
        case .state: .word(DeviceState.allCases.map(\.rawValue))
        case .group, .numa: .decimal
        case .vendor, .device: .hexadecimal([4])
        case .id, .subsystem: .hexadecimal([4, 4])
        case .class: .hexadecimal([6])
        case .revision: .hexadecimal([2])
        case .address: .address
        case .slot: .slot
        }
    }

    /// A fact of the device itself, so a rule may use it. A rule names its host beside its conditions, and what a device
    /// is used for must not decide where it belongs.
    var isOfRules: Bool {
        switch self {
        case .host, .state, .pool, .vm: false
        case .name, .vendor, .device, .id, .subsystem, .class, .classname, .driver, .address, .slot, .group, .numa,
            .revision, .role, .topology:
            true
        }
    }

    /// The fields that a rule may use.
    package static let ofRules = allCases.filter(\.isOfRules)
}
