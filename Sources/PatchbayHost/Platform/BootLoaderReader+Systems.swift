import PatchbayCore

/// Systems whose boot settings are made by something above the boot loader: what is written into the loader's files is lost.
extension BootLoaderReader {
    /// nil: none of these.
    var system: Found? {
        switch release.id {
        case "nixos": return entry(.nixos)
        case "guix": return entry(.guix)
        case "talos": return Found(kind: .talos)
        case "bottlerocket": return Found(kind: .bottlerocket)
        case "flatcar": return lines(of: SysfsPath.flatcarFiles, .flatcar) ?? Found(kind: .flatcar)
        case "steamos": return defaults(.steamOS) ?? Found(kind: .steamOS, file: SysfsPath.grubDefaults)
        default: break
        }
        if release.mentions("incusos") || release.mentions("incus-os") { return Found(kind: .incusOS) }
        if tree.exists(SysfsPath.unraidMark) || release.mentions("unraid") {
            return lines(of: [SysfsPath.extlinuxFiles[3]], .unraid) ?? Found(kind: .unraid)
        }
        if SysfsPath.truenasMarks.contains(where: { tree.exists($0) }) || release.mentions("truenas") {
            return Found(kind: .truenas)
        }
        if tree.exists(SysfsPath.xenCommandLine) || release.id == "xenenterprise" { return Found(kind: .xenServer) }
        return oem
    }

    /// Root images with a partition for what belongs to the machine.
    private var oem: Found? {
        if tree.exists(SysfsPath.harvesterMarks[0]) || release.mentions("harvester") {
            return Found(kind: .harvester, file: SysfsPath.harvesterMarks[1])
        }
        let isElemental =
            release.id == "kairos"
            || ["cos-img/filename", "elemental.image"].contains { running?.contains($0) == true }
        guard isElemental else { return nil }
        return Found(kind: .elemental, file: SysfsPath.oemEnvironments.first { tree.exists($0) })
    }

    /// A whole file system tree that is checked out.
    var ostree: Found? {
        guard tree.exists(SysfsPath.ostreeMark) || running?.contains("ostree") == true else { return nil }
        let kind: BootFacts.Loader
        if tree.exists(SysfsPath.rpmOSTree) {
            kind = .ostree
        } else if tree.exists(SysfsPath.bootc) {
            kind = .bootc
        } else {
            kind = tree.exists(SysfsPath.ostreeProgram) ? .plainOSTree : .ostree
        }
        let entry = BootEntries(tree).next
        return Found(kind: kind, file: entry?.path ?? SysfsPath.bootEntries[0], parameters: entry?.parameters)
    }

    /// A Linux that starts another one from a ZFS pool, by the parameters in a property of its dataset.
    var zfsBootMenu: Found? {
        let words = running?.words ?? []
        guard SysfsPath.zfsBootMenuMarks.contains(where: { tree.exists($0) }),
            words.contains(where: { $0.lowercased().hasPrefix("root=zfs") }),
            // Set by GRUB, and by Proxmox's own entries of systemd-boot.
            !words.contains(where: { $0.hasPrefix("BOOT_IMAGE=") || $0.hasPrefix("initrd=") })
        else { return nil }
        return Found(kind: .zfsBootMenu)
    }

    /// The running kernel was started from a unified image. Its parameters are those of the file that it is made from.
    var unifiedImage: Found? {
        guard tree.exists(SysfsPath.stubName) || hasOnlyImages else { return nil }
        let parts = (tree.names(SysfsPath.kernelCommandLineParts) ?? []).filter { $0.hasSuffix(".conf") }
            .map { "\(SysfsPath.kernelCommandLineParts)/\($0)" }
        let files = tree.exists(SysfsPath.kernelCommandLineFile) ? [SysfsPath.kernelCommandLineFile] : parts
        guard let file = files.first else { return Found(kind: .unifiedImage) }
        let lines = files.compactMap { tree.text($0) }.flatMap { $0.split(separator: "\n") }
        let told = lines.filter { !SettingFile.isComment($0) }.joined(separator: " ")
        return Found(kind: .unifiedImage, file: file, parameters: KernelParameters(parsing: told))
    }

    /// Unified images where the loader looks for them, nothing else that it could start, and no other loader that said so.
    private var hasOnlyImages: Bool {
        guard loaderName?.hasPrefix("GRUB") != true, BootEntries(tree).entries.isEmpty,
            !SysfsPath.grubFolders.contains(where: { tree.exists($0) })
        else { return false }
        return SysfsPath.unifiedImages.contains { folder in
            (tree.names(folder) ?? []).contains { $0.lowercased().hasSuffix(".efi") }
        }
    }

    /// An entry that was made for this system.
    func entry(_ kind: BootFacts.Loader) -> Found {
        let entry = BootEntries(tree).next
        return Found(kind: kind, file: entry?.path, parameters: entry?.parameters)
    }

    func defaults(_ kind: BootFacts.Loader) -> Found? {
        guard let defaults = GRUBDefaults(tree) else { return nil }
        return Found(kind: kind, file: defaults.file, parameters: defaults.parameters)
    }

    /// The first of `files` that is there.
    func lines(of files: [String], _ kind: BootFacts.Loader) -> Found? {
        files.first { tree.exists($0) }.map { Found(kind: kind, file: $0) }
    }
}
