/// A function that can be cut into mediated devices or vGPUs, with what it offers now.
///
/// Availability of all types changes with each device made or removed: it is true for the moment of reading only.
package struct MediatedParent: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable {
        /// `mdev_supported_types` (`Documentation/ABI/testing/sysfs-bus-vfio-mdev`).
        case mdev
        /// `nvidia/creatable_vgpu_types` on a virtual function: the type is written, no mdev is made.
        case vendorVFIO = "vendor-vfio"
    }
    package var address: PCIAddress
    package var kind: Kind
    package var types: [MediatedType]
    /// Vendor-VFIO: the type set on this function; nil: none (0).
    package var currentType: String?
    /// What NVIDIA's tool says of Multi-Instance GPU; nil: not asked or no such tool.
    package var mig: MIGState?

    package init(
        address: PCIAddress, kind: Kind, types: [MediatedType], currentType: String? = nil, mig: MIGState? = nil
    ) {
        self.address = address
        self.kind = kind
        self.types = types
        self.currentType = currentType
        self.mig = mig
    }
}

/// A kind of mediated device that a parent can make.
package struct MediatedType: Hashable, Codable, Sendable {
    /// `nvidia-474`, `i915-GVTg_V5_4`, or the number of a vendor-VFIO type.
    package var id: String
    /// `NVIDIA A2-1B`
    package var name: String?
    package var description: String?
    /// `vfio-pci` for devices that appear as PCI in a guest.
    package var deviceAPI: String?
    /// How many more can be made now; nil: not told (vendor-VFIO lists what can be made and gives no number).
    package var available: Int?

    package init(
        id: String, name: String? = nil, description: String? = nil, deviceAPI: String? = nil, available: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.deviceAPI = deviceAPI
        self.available = available
    }
}

/// A mediated device that exists: `/sys/bus/mdev/devices/<uuid>`.
package struct MediatedDevice: Hashable, Codable, Sendable {
    package var uuid: String
    package var parent: PCIAddress?
    package var type: String?
    package var iommuGroup: IOMMUGroupID?

    package init(uuid: String, parent: PCIAddress?, type: String?, iommuGroup: IOMMUGroupID?) {
        self.uuid = uuid
        self.parent = parent
        self.type = type
        self.iommuGroup = iommuGroup
    }
}

/// Multi-Instance GPU of one card.
package struct MIGState: Hashable, Codable, Sendable {
    package var isEnabled: Bool
    /// What the card is set to after its next reset, where that differs.
    package var isPending: Bool
    /// Names of the instances there are: `1g.10gb`.
    package var instances: [String]

    package init(isEnabled: Bool, isPending: Bool, instances: [String]) {
        self.isEnabled = isEnabled
        self.isPending = isPending
        self.instances = instances
    }
}
