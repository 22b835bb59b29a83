import PatchbayCore

/// Which boot loader a host has, or what makes its settings, decided by what is on disk, and what it is told for the next
/// boot.
struct BootLoaderReader {
    struct Found {
        var kind: BootFacts.Loader
        /// Where the parameters are written, relative to the root. nil: in no file of this tree.
        var file: String?
        /// nil: not readable, not there yet, or in a form of its own.
        var parameters: KernelParameters?
    }

    let tree: HostTree
    let release: OSRelease
    let running: KernelParameters?
    let isSecureBoot: Bool?
    let isUEFI: Bool?
    let architecture: Architecture?

    /// nil: nothing of a loader that is known.
    func read() -> Found? {
        if let found = system ?? ostree ?? zfsBootMenu ?? unifiedImage ?? proxmox { return found }
        if let found = suse ?? zipl ?? entries ?? managed { return found }
        if let found = declared ?? grub ?? limine ?? refind ?? systemdBoot { return found }
        return lines(of: SysfsPath.extlinuxFiles, .extlinux) ?? lines(of: SysfsPath.boardFiles, .boardFile)
            ?? lines(of: SysfsPath.cloverFiles, .clover)
    }

    /// proxmox-boot-tool copies kernels to every boot partition, and sets up either systemd-boot there, which starts them by
    /// `/etc/kernel/cmdline`, or GRUB, whose defaults count (and `update-grub` calls proxmox-boot-tool).
    private var proxmox: Found? {
        guard tree.exists(SysfsPath.proxmoxPartitions), !isProxmoxByGRUB else { return nil }
        return commandLine(.proxmoxBoot)
    }

    /// Told by the running kernel, or by the loader; else guessed: the installer takes GRUB on machines without UEFI, and
    /// with Secure Boot.
    private var isProxmoxByGRUB: Bool {
        // GRUB passes the first, systemd-boot the second.
        let words = running?.words ?? []
        if words.contains(where: { $0.hasPrefix("BOOT_IMAGE=") }) { return true }
        if words.contains(where: { $0.hasPrefix("initrd=\\EFI\\proxmox") }) { return false }
        if let name = loaderName { return name.hasPrefix("GRUB") }
        return isUEFI == false || isSecureBoot == true
    }

    private var suse: Found? {
        guard release.isSUSE else { return nil }
        if tree.exists(SysfsPath.sdbootutil), !BootEntries(tree).entries.isEmpty, let found = commandLine(.sdbootutil) {
            return found
        }
        return defaults(release.isTransactional ? .transactional : .suse)
    }

    /// Mainframes boot by what zipl has written.
    private var zipl: Found? {
        guard architecture == .mainframe, tree.exists(SysfsPath.ziplFile) else { return nil }
        if hasGrubby, let entry = BootEntries(tree).next {
            return Found(kind: .zipl, file: entry.path, parameters: entry.parameters)
        }
        return Found(kind: .zipl, file: SysfsPath.ziplFile)
    }

    /// GRUB that boots entries, as Fedora and its relatives have it, small images of them without grubby.
    private var entries: Found? {
        guard hasGrubby || startsEntriesByGRUB, let entry = BootEntries(tree).next else { return nil }
        return Found(kind: .bls, file: entry.path, parameters: entry.parameters)
    }

    var hasGrubby: Bool { SysfsPath.grubby.contains { tree.exists($0) } }

    private var startsEntriesByGRUB: Bool {
        guard ([release.id ?? ""] + release.family).contains(where: { ["fedora", "rhel", "centos"].contains($0) }),
            SysfsPath.grubFolders.contains(where: { tree.exists($0) })
        else { return false }
        return loaderName?.hasPrefix("systemd-boot") != true
    }

    /// systemd-boot with a program that writes its entries.
    private var managed: Found? {
        if tree.exists(SysfsPath.kernelstub) || release.id == "pop" && !BootEntries(tree).entries.isEmpty {
            return entry(.kernelstub)
        }
        return tree.exists(SysfsPath.clearBootManager) ? entry(.clearBoot) : nil
    }

    /// What the loader said of itself to the firmware.
    private var declared: Found? {
        guard let name = loaderName else { return started }
        if name.hasPrefix("systemd-boot") { return systemdBoot }
        if name.hasPrefix("Limine") { return limine }
        if name.hasPrefix("rEFInd") { return chained ?? refind }
        return name.hasPrefix("GRUB") ? grub : nil
    }

    /// Boot Loader Interface, `LoaderInfo`. nil: the loader does not write it.
    var loaderName: String? {
        guard let bytes = tree.bytes(SysfsPath.loaderName, atMost: 256) else { return nil }
        return String(decoding: bytes.dropFirst(4).filter { $0 != 0 }, as: UTF8.self)
    }

    /// By the file that the firmware started: the entry whose number is in `BootCurrent`, with its path in UTF-16.
    private var started: Found? {
        guard let number = tree.bytes(SysfsPath.firmwareBootCurrent, atMost: 6), number.count == 6,
            let bytes = tree.bytes(SysfsPath.firmwareBootEntry(Int(number[4]) | Int(number[5]) << 8), atMost: 1024)
        else { return nil }
        let path = String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self).lowercased()
        if path.contains("\\refind") { return chained ?? refind }
        if path.contains("\\limine") { return limine }
        if path.contains("\\clover") { return chained ?? lines(of: SysfsPath.cloverFiles, .clover) }
        return path.contains("systemd-boot") ? systemdBoot : nil
    }

    /// rEFInd and Clover may start another loader, whose settings count then. GRUB and SYSLINUX pass the kernel
    /// `BOOT_IMAGE=`, they themselves do not.
    private var chained: Found? {
        guard running?.words.first?.hasPrefix("BOOT_IMAGE=") == true else { return nil }
        return grub ?? lines(of: SysfsPath.extlinuxFiles, .extlinux)
    }

    private var grub: Found? {
        SysfsPath.grubFolders.contains(where: { tree.exists($0) }) ? defaults(.grub) : nil
    }

    private var limine: Found? { lines(of: SysfsPath.limineFiles, .limine) }
    private var refind: Found? { lines(of: [SysfsPath.refindFile], .refind) }

    /// `etc/kernel/cmdline` is what the next kernel's entry is made from; without it the entry itself is all there is.
    private var systemdBoot: Found? {
        if let found = commandLine(.systemdBoot) { return found }
        return BootEntries(tree).next == nil ? nil : entry(.systemdBoot)
    }

    private func commandLine(_ kind: BootFacts.Loader) -> Found? {
        tree.line(SysfsPath.kernelCommandLineFile).map { line in
            Found(kind: kind, file: SysfsPath.kernelCommandLineFile, parameters: KernelParameters(parsing: line))
        }
    }
}
