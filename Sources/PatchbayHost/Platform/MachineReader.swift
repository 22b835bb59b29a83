import PatchbayCore

/// What kind of machine a tree is of, and what it runs on itself.
struct MachineReader {
    let tree: HostTree
    let cpuInfo: CPUInfo
    /// The running kernel's; nil: the tree does not say.
    let release: String?

    /// The kernel's word, else what `cpuinfo` looks like, else what distributions put behind the version of a kernel.
    var architecture: Architecture? {
        if let name = tree.line(SysfsPath.architecture), let told = Architecture(machine: name) { return told }
        if let told = cpuInfo.architecture { return told }
        let parts = (release ?? "").split { $0 == "." || $0 == "-" || $0 == "+" }
        return parts.reversed().lazy.compactMap { part in
            part == "powerpc64le" ? .power : part == "arm64" ? .arm : Architecture(machine: part)
        }.first
    }

    /// nil: on the hardware, as far as it is told.
    var hypervisor: HostHypervisor? {
        if let xen = Self.xen(in: tree) { return xen }
        if cpuInfo.fact("platform") == "pSeries" { return isEmulated ? .kvm : .powerVM }
        if let sysinfo = tree.text(SysfsPath.systemInformation) {
            if sysinfo.contains("z/VM") { return .zVM }
            if sysinfo.contains("KVM/Linux") { return .kvm }
        }
        // The flag is told only on x86; elsewhere the names of the machine are all there is.
        guard cpuInfo.flags?.contains("hypervisor") ?? true else { return nil }
        if !(tree.names(SysfsPath.virtualBus) ?? []).isEmpty || release?.contains("microsoft") == true {
            return .hyperV
        }
        return byName ?? (cpuInfo.flags?.contains("hypervisor") == true ? .other : nil)
    }

    /// `features` has bit 11 in the control domain (`XENFEAT_dom0`, `include/xen/interface/features.h`).
    static func xen(in tree: HostTree) -> HostHypervisor? {
        let capabilities = tree.line(SysfsPath.xenCapabilities)
        if capabilities?.contains("control_d") == true { return .xenControl }
        guard tree.line(SysfsPath.hypervisorKind) == "xen" else { return nil }
        let features = tree.line(SysfsPath.xenFeatures).flatMap { UInt64($0, radix: 16) } ?? 0
        return capabilities == nil && features & 1 << 11 != 0 ? .xenControl : .xen
    }

    private var isEmulated: Bool { cpuInfo.fact("model")?.contains("qemu") == true }

    private var byName: HostHypervisor? {
        let facts = FirmwareReader(tree: tree).read()
        let vendor = facts.systemVendor?.lowercased() ?? ""
        let product = facts.productName?.lowercased() ?? ""
        if vendor.hasPrefix("microsoft"), product == "virtual machine" { return .hyperV }
        if vendor.hasPrefix("vmware") { return .vmware }
        if vendor.hasPrefix("innotek") || product == "virtualbox" { return .virtualBox }
        if vendor.hasPrefix("xen") { return .xen }
        if cpuInfo.flags != nil {
            // They name their bare-metal machines, too, which have no flag.
            if vendor.hasPrefix("amazon") { return .ec2 }
            if vendor == "google" { return .googleCloud }
        }
        let isKVM =
            ["qemu", "red hat", "openstack", "bochs"].contains(where: vendor.hasPrefix) || product.contains("kvm")
        return isKVM ? .kvm : nil
    }
}
