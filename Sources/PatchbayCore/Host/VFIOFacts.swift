/// VFIO on this kernel.
package struct VFIOFacts: Hashable, Codable, Sendable {
    /// Modules of the vfio family that are loaded, sorted.
    package var loaded: [String]
    /// Drivers of one model that take vfio-pci's place: names from `modules.alias` lines that begin `vfio_pci:`, sorted.
    package var variantDrivers: [String]
    /// `/dev/iommu` is there.
    package var hasIOMMUFD: Bool
    /// Module parameters that were read: `vfio_pci.ids` → `10de:2204`.
    package var parameters: [String: String]

    package init(
        loaded: [String] = [], variantDrivers: [String] = [], hasIOMMUFD: Bool = false,
        parameters: [String: String] = [:]
    ) {
        self.loaded = loaded
        self.variantDrivers = variantDrivers
        self.hasIOMMUFD = hasIOMMUFD
        self.parameters = parameters
    }
}
