/// A function that can be cut into mediated devices or vGPUs, with what it offers now.
///
/// Availability of all types changes with each device made or removed: it is true for the moment of reading only.
package struct MediatedParent: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable {
        /// `mdev_supported_types` (`Documentation/ABI/testing/sysfs-bus-vfio-mdev`).
        case mdev
        /// `nvidia/creatable_vgpu_types` on a virtual function: the type is written, no mdev is made.
        case vendorVFIO = "vendor-vfio"
        /// A card of which only Multi-Instance GPU is known: it is cut by NVIDIA's tool.
        case multiInstance = "multi-instance"
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
