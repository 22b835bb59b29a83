import PatchbayCore

/// Whether a guest could get a device on this host at all: IOMMU and VFIO.
struct ReadinessReader {
    let tree: HostTree
    /// Whether any PCI function is in a group: groups may be of other buses alone, of a board's own devices, say.
    let isPCIGrouped: Bool

    /// - Parameter release: the running kernel's, to find its module files.
    func read(release: String?) -> Readiness {
        let isLoaded = tree.exists(SysfsPath.vfioDriver)
        return Readiness(iommu: iommu, vfioLoaded: isLoaded, vfioAvailable: isLoaded ? true : isAvailable(release))
    }

    /// The firmware's table says what could be, units and groups what is.
    private var iommu: Readiness.IOMMU {
        // Xen leaves its control domain tables and names of what it has for itself.
        if MachineReader.xen(in: tree) == .xenControl { return .hidden }
        if holdsSomething(SysfsPath.iommuGroups) { return isPCIGrouped ? .active : .emptyGroups }
        if holdsSomething(SysfsPath.iommuUnits) { return .emptyGroups }
        return hasFirmwareTable ? .offInKernel : .offInFirmware
    }

    private var hasFirmwareTable: Bool {
        // Intel, AMD, Arm, virtual: ACPI 6.5, table 5.5
        ["DMAR", "IVRS", "IORT", "VIOT"].contains { tree.exists("\(SysfsPath.firmwareTables)/\($0)") }
    }

    private func holdsSomething(_ path: String) -> Bool {
        guard let listing = DirectoryListing(at: tree.descriptor, path) else { return false }
        return !listing.isEmpty
    }

    /// A module file of the running kernel, or built into it. nil: the tree holds no modules of that kernel.
    private func isAvailable(_ release: String?) -> Bool? {
        guard let release, !release.contains("/") else { return nil }
        let modules = "\(SysfsPath.kernelModules)/\(release)"
        guard tree.exists(modules) else { return nil }
        let file = "kernel/drivers/vfio/pci/vfio-pci.ko"
        if ["", ".xz", ".zst", ".gz"].contains(where: { tree.exists("\(modules)/\(file)\($0)") }) { return true }
        let builtIn = tree.text("\(modules)/modules.builtin") ?? ""
        return builtIn.split(separator: "\n").contains { $0.hasSuffix("/vfio-pci.ko") }
    }
}
