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
            distribution: distribution, cpuCount: cpuCount ?? numa.cpuCount, memoryMiB: memoryMiB,
            numaNodes: numa.nodes,
            kernelCommandLine: tree.line(SysfsPath.commandLine))
    }

    private var distribution: String? {
        guard let text = tree.text(SysfsPath.distribution) ?? tree.text(SysfsPath.vendorDistribution) else {
            return nil
        }
        let key = "PRETTY_NAME="
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
        let name = line.dropFirst(key.count).filter { $0 != "\"" && $0 != "'" }
        return name.isEmpty ? nil : name
    }

    private var cpuCount: Int? {
        if let online = tree.line(SysfsPath.onlineCPUs).flatMap({ KernelText.cpuList($0) }), !online.isEmpty {
            return online.count
        }
        guard let text = tree.text(SysfsPath.cpus) else { return nil }
        let count = text.split(separator: "\n").count { $0.hasPrefix("processor") }
        return count == 0 ? nil : count
    }

    /// `MemTotal:       16384000 kB`
    private var memoryMiB: Int? {
        guard let text = tree.text(SysfsPath.memory),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemTotal:") })
        else { return nil }
        let words = line.split(separator: " ")
        return words.count > 1 ? Int(words[1]).map { $0 / 1024 } : nil
    }
}
