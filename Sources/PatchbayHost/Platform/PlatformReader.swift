import PatchbayCore

/// The machine and its system below the guests.
struct PlatformReader {
    let tree: HostTree
    /// The running kernel's release; nil: the tree does not say.
    let release: String?

    func read() -> HostPlatform {
        let cpuInfo = CPUInfo(tree.text(SysfsPath.cpus) ?? "")
        let topology = CPUTopology(tree, cpuInfo: cpuInfo)
        let machine = MachineReader(tree: tree, cpuInfo: cpuInfo, release: release)
        let boot = BootReader(tree: tree, release: OSRelease(tree), architecture: machine.architecture).read()
        return HostPlatform(
            numaCells: NUMAReader(tree: tree, layout: NUMALayout(tree), topology: topology).cells(),
            cpu: CPUReader(tree: tree, cpuInfo: cpuInfo, topology: topology, machine: machine).read(),
            hypervisor: machine.hypervisor,
            firmware: FirmwareReader(tree: tree).read(), boot: boot,
            iommu: IOMMUReader(
                tree: tree, running: KernelParameters(boot.running ?? []), architecture: machine.architecture
            ).read(),
            vfio: VFIOReader(tree: tree, release: release).read(),
            software: SoftwareReader(tree: tree).read(), units: UnitsReader(tree: tree).read())
    }
}
