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
            running: running?.words, moduleOptions: options.filter(\.isRead).map(\.setting),
            settings: settings(of: loader, holding: words) + options, owner: owner(of: loader), isUEFI: isUEFI,
            isSecureBoot: isSecureBoot, lockdown: lockdown)
        facts.unread = unread(facts, loader)
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

    private func unread(_ facts: BootFacts, _ loader: BootLoaderReader.Found?) -> [SettingLine]? {
        if facts.passesOverGRUB { return GRUBDefaults(tree).map(lines(of:)) }
        guard let loader else { return nil }
        guard let reason = Self.otherSource(than: loader.kind) else { return idleLines(beside: loader) }
        return GRUBDefaults(tree).map { defaults in
            defaults.files.flatMap { idleLines(of: $0, reason) { $0.contains("GRUB_CMDLINE_LINUX") } }
        }
    }

    /// Why GRUB's defaults do nothing where GRUB may well start the host. nil: they count, or that is said elsewhere.
    private static func otherSource(than kind: BootFacts.Loader) -> String? {
        switch kind {
        case .bls, .ostree, .bootc, .plainOSTree:
            "parameters are in the boot entries, and none of those read has this parameter"
        case .nixos, .guix, .harvester, .elemental, .talos, .flatcar, .incusOS, .unraid, .bottlerocket:
            "this system does not take parameters from that file"
        case .grub, .suse, .transactional, .steamOS, .truenas, .xenServer, .zipl, .extlinux, .boardFile, .clover,
            .systemdBoot, .proxmoxBoot, .sdbootutil, .unifiedImage, .limine, .refind, .kernelstub, .clearBoot,
            .zfsBootMenu:
            nil
        }
    }

    /// Lines that look as if they counted for GRUB, which reads its defaults: what later ones replace, and what stands in
    /// files that nothing reads. nil: there are none, or the loader is another.
    private func idleLines(beside loader: BootLoaderReader.Found) -> [SettingLine]? {
        guard let defaults = GRUBDefaults(tree), loader.file == defaults.file else { return nil }
        var idle = lines(of: defaults).compactMap { line -> SettingLine? in
            var line = line
            line.unreadBecause = defaults.replacement(ofLine: line.lineNumber, in: String(line.file.dropFirst()))
            return line.unreadBecause == nil ? nil : line
        }
        for name in tree.names(SysfsPath.grubDefaultsFolder) ?? [] where GRUBDefaults.isMeant(name) {
            idle += idleLines(
                of: "\(SysfsPath.grubDefaultsFolder)/\(name)",
                "only files of that folder whose names end with .cfg are read"
            ) { $0.contains("GRUB_CMDLINE_LINUX") }
        }
        if loader.kind == .grub {
            idle += idleLines(
                of: SysfsPath.kernelCommandLineFile, "GRUB starts this host and does not read it"
            ) { !$0.trimmingBlanks.isEmpty }
        }
        return idle.isEmpty ? nil : idle
    }

    private func idleLines(
        of path: String, _ reason: String, where isWanted: (Substring) -> Bool
    ) -> [SettingLine] {
        SettingFile(tree: tree, path: path).lines(where: isWanted).map {
            SettingLine(file: $0.file, lineNumber: $0.lineNumber, setting: $0.setting, unreadBecause: reason)
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
