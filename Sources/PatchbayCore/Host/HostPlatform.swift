/// The machine and its system below the guests: processors, memory, boot, IOMMU, software.
package struct HostPlatform: Hashable, Codable, Sendable {
    /// Sorted by node.
    package var numaCells: [NUMACell]
    package var cpu: CPULayout
    /// What this host runs on itself. nil: the hardware, as far as it is told.
    package var hypervisor: HostHypervisor?
    package var firmware: FirmwareFacts
    package var boot: BootFacts
    package var iommu: IOMMUFacts
    package var vfio: VFIOFacts
    package var software: SoftwareFacts
    /// Systemd units that matter to devices and guests, with their state: `libvirtd.service` → `active`.
    package var units: [String: String]

    package init(
        numaCells: [NUMACell] = [], cpu: CPULayout = CPULayout(), hypervisor: HostHypervisor? = nil,
        firmware: FirmwareFacts = FirmwareFacts(), boot: BootFacts = BootFacts(), iommu: IOMMUFacts = IOMMUFacts(),
        vfio: VFIOFacts = VFIOFacts(),
        software: SoftwareFacts = SoftwareFacts(), units: [String: String] = [:]
    ) {
        self.numaCells = numaCells
        self.cpu = cpu
        self.hypervisor = hypervisor
        self.firmware = firmware
        self.boot = boot
        self.iommu = iommu
        self.vfio = vfio
        self.software = software
        self.units = units
    }
}
