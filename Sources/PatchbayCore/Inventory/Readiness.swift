/// Whether the host could hand a device to a guest at all.
package struct Readiness: Hashable, Codable, Sendable {
    /// The decision table over firmware table, `/sys/class/iommu` and `/sys/kernel/iommu_groups`.
    package enum IOMMU: String, Codable, Sendable, CaseIterable {
        /// No firmware table, no unit, no groups: off in firmware, or the board has none.
        case offInFirmware = "off-in-firmware"
        /// The firmware offers one; the kernel did not turn it on.
        case offInKernel = "off-in-kernel"
        /// Units are there but no group is: misconfigured, the kernel log says why.
        case emptyGroups = "empty-groups"
        /// A hypervisor below has it for itself: Linux is the control domain of Xen.
        case hidden
        case active
    }

    package var iommu: IOMMU
    /// `/sys/bus/pci/drivers/vfio-pci` exists.
    package var vfioLoaded: Bool
    /// Loaded, built in, or a module file of the running kernel; nil: the tree cannot tell.
    package var vfioAvailable: Bool?

    package init(iommu: IOMMU, vfioLoaded: Bool, vfioAvailable: Bool?) {
        self.iommu = iommu
        self.vfioLoaded = vfioLoaded
        self.vfioAvailable = vfioAvailable
    }

    package var isReady: Bool { iommu == .active && vfioAvailable != false }
}
