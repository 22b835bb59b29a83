import PatchbayCore

/// How a host boots: which loader, what it is told, what the kernel was started with.
struct BootReader {
    let tree: HostTree
    let release: OSRelease

    func read() -> BootFacts {
        let running = tree.line(SysfsPath.commandLine).map { KernelParameters(parsing: $0) }
        let isSecureBoot = isSecureBoot
        let loader = BootLoaderReader(
            tree: tree, release: release, running: running, isSecureBoot: isSecureBoot, isUEFI: isUEFI
        ).read()
        return BootFacts(
            distribution: release.id, distributionFamily: release.family, loader: loader?.kind,
            configurationFile: loader.map { "/\($0.file)" }, configured: loader?.parameters?.words,
            running: running?.words, moduleOptions: ModuleOptionsReader(tree: tree).read(), isUEFI: isUEFI,
            isSecureBoot: isSecureBoot, lockdown: lockdown)
    }

    /// nil: the tree shows nothing of the firmware.
    private var isUEFI: Bool? {
        if tree.exists(SysfsPath.efi) { return true }
        return tree.exists(SysfsPath.firmware) ? false : nil
    }

    private var isSecureBoot: Bool? {
        guard let bytes = tree.bytes(SysfsPath.secureBoot, atMost: 16), bytes.count >= 5 else { return nil }
        return bytes[4] == 1
    }

    /// `none [integrity] confidentiality`: the chosen one is in brackets.
    private var lockdown: String? {
        tree.line(SysfsPath.lockdown)?.split(separator: " ").first { $0.hasPrefix("[") && $0.hasSuffix("]") }
            .map { String($0.dropFirst().dropLast()) }
    }
}
