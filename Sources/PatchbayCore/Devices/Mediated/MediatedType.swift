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
