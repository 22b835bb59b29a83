import PatchbayCore

/// The machine itself: name, kernel, size.
struct HostFactsReader {
    let tree: HostTree

    /// - Parameter name: nil: the tree's host name, or else the name of the tree's directory.
    func read(name: String?, numa: NUMALayout) -> HostFacts {
        let told = tree.line(SysfsPath.hostname) ?? tree.line(SysfsPath.hostnameFile)
        let own = tree.root.lastComponent
        return HostFacts(
            name: name ?? told ?? (own.isEmpty ? "localhost" : own), kernel: tree.line(SysfsPath.kernelRelease),
            distribution: OSRelease(tree).prettyName, cpuCount: cpuCount ?? numa.cpuCount,
            memoryMiB: MemoryLines(tree.text(SysfsPath.memory) ?? "").mebibytes("MemTotal"),
            numaNodes: numa.nodes,
            kernelCommandLine: tree.line(SysfsPath.commandLine))
    }

    private var cpuCount: Int? {
        if let online = tree.line(SysfsPath.onlineCPUs).flatMap({ KernelText.cpuList($0) }), !online.isEmpty {
            return online.count
        }
        guard let text = tree.text(SysfsPath.cpus) else { return nil }
        let count = text.split(separator: "\n").count { $0.hasPrefix("processor") }
        return count == 0 ? nil : count
    }
}
