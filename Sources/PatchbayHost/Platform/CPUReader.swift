import PatchbayCore

/// The processors of a host.
struct CPUReader {
    let tree: HostTree
    let cpuInfo: CPUInfo
    let topology: CPUTopology

    func read() -> CPULayout {
        let flags = cpuInfo.flags
        return CPULayout(
            vendor: cpuInfo.vendor, model: cpuInfo.model, sockets: topology.sockets, cores: topology.cores,
            threads: topology.threads ?? (cpuInfo.processors.isEmpty ? nil : cpuInfo.processors.count),
            isolated: list(SysfsPath.isolatedCPUs), nohzFull: list(SysfsPath.nohzFullCPUs),
            efficiency: list(SysfsPath.efficiencyCPUs),
            hasVirtualization: flags.map { $0.contains("vmx") || $0.contains("svm") },
            isGuest: flags.map { $0.contains("hypervisor") })
    }

    /// Empty also for `(null)`, which is how the kernel prints an empty `nohz_full`.
    private func list(_ path: String) -> [Int] {
        tree.line(path).flatMap { KernelText.cpuList($0) }.map { $0.sorted() } ?? []
    }
}
