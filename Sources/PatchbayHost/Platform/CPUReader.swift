import PatchbayCore

/// The processors of a host.
struct CPUReader {
    let tree: HostTree
    let cpuInfo: CPUInfo
    let topology: CPUTopology
    let machine: MachineReader

    func read() -> CPULayout {
        // Xen hides from its control domain what it uses itself, and marks it as a guest.
        let isXenControl = machine.hypervisor == .xenControl
        return CPULayout(
            architecture: machine.architecture, vendor: cpuInfo.vendor, model: cpuInfo.model, sockets: topology.sockets,
            cores: topology.cores,
            threads: topology.threads ?? (cpuInfo.processors.isEmpty ? nil : cpuInfo.processors.count),
            isolated: list(SysfsPath.isolatedCPUs), nohzFull: list(SysfsPath.nohzFullCPUs),
            efficiency: list(SysfsPath.efficiencyCPUs),
            hasVirtualization: isXenControl ? nil : cpuInfo.hasVirtualization ?? hasKVM,
            isGuest: isXenControl ? nil : cpuInfo.flags.map { $0.contains("hypervisor") })
    }

    /// KVM's node is there only where it works. nil: not there, which may have other reasons.
    private var hasKVM: Bool? { tree.exists(SysfsPath.kvm) ? true : nil }

    /// Empty also for `(null)`, which is how the kernel prints an empty `nohz_full`.
    private func list(_ path: String) -> [Int] {
        tree.line(path).flatMap { KernelText.cpuList($0) }.map { $0.sorted() } ?? []
    }
}
