import PatchbayCore

/// How a host boots: which loader, what it is told, what the kernel was started with.
struct BootReader {
    let tree: HostTree
    let release: OSRelease
    let architecture: Architecture?

    func read() -> BootFacts {
        let running = tree.line(SysfsPath.commandLine).map { KernelParameters(parsing: $0) }
        let isSecureBoot = isSecureBoot
        let reader = BootLoaderReader(
            tree: tree, release: release, running: running, isSecureBoot: isSecureBoot, isUEFI: isUEFI,
            architecture: architecture)
        let loader = reader.read()
        let options = ModuleOptionsReader(tree: tree).lines
        let words = Set((running?.words ?? []) + (loader?.parameters?.words ?? []))
        var facts = BootFacts(
            distribution: release.id, distributionFamily: release.family, loader: loader?.kind,
            configurationFile: loader?.file.map { "/\($0)" }, configured: loader?.parameters?.words,
            running: running?.words, moduleOptions: options.filter { $0.file.hasSuffix(".conf") }.map(\.setting),
            settings: settings(of: loader, holding: words) + options, owner: owner(of: loader), isUEFI: isUEFI,
            isSecureBoot: isSecureBoot, lockdown: lockdown)
        facts.unread = facts.passesOverGRUB ? GRUBDefaults(tree).map(lines(of:)) : nil
        if loader?.kind == .bls, !reader.hasGrubby { facts.lacksGrubby = true }
        return facts
    }

    /// The lines of the loader's files in which parameters stand.
    private func settings(of loader: BootLoaderReader.Found?, holding words: Set<String>) -> [SettingLine] {
        guard let loader, let file = loader.file else { return [] }
        guard let defaults = GRUBDefaults(tree), file == defaults.file else {
            return SettingFile(tree: tree, path: file).lines(holding: words)
        }
        return lines(of: defaults)
    }

    private func lines(of defaults: GRUBDefaults) -> [SettingLine] {
        defaults.files.flatMap { path in
            SettingFile(tree: tree, path: path).lines { $0.contains("GRUB_CMDLINE_LINUX") }
        }
    }

    private func owner(of loader: BootLoaderReader.Found?) -> String? {
        loader?.file.flatMap { SettingFile(tree: tree, path: $0).owner }
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
