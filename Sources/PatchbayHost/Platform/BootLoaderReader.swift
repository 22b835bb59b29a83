import PatchbayCore

/// Which boot loader a host has, decided by what is on disk, and what it is told for the next boot.
struct BootLoaderReader {
    struct Found: Equatable {
        var kind: BootFacts.Loader
        /// Where the parameters are written, relative to the root.
        var file: String
        /// nil: the file is not readable, or not there yet.
        var parameters: KernelParameters?

        static func == (a: Found, b: Found) -> Bool {
            a.kind == b.kind && a.file == b.file && a.parameters?.words == b.parameters?.words
        }
    }

    let tree: HostTree
    let release: OSRelease
    let running: KernelParameters?
    let isSecureBoot: Bool?
    let isUEFI: Bool?

    /// nil: nothing of a loader that is known.
    func read() -> Found? {
        ostree ?? proxmox ?? suse ?? grubby ?? declared ?? grub ?? systemdBoot
    }

    /// The deployment decides; its entries must not be edited by hand.
    private var ostree: Found? {
        guard tree.exists(SysfsPath.ostreeMark) || running?.contains("ostree") == true else { return nil }
        let entry = BootEntries(tree).next
        return Found(kind: .ostree, file: entry?.path ?? SysfsPath.bootEntries[0], parameters: entry?.parameters)
    }

    /// proxmox-boot-tool copies kernels to every boot partition and writes entries of systemd-boot there; on machines
    /// without UEFI, and with Secure Boot, it is GRUB that boots and its defaults that count.
    private var proxmox: Found? {
        guard tree.exists(SysfsPath.proxmoxPartitions), isUEFI != false, isSecureBoot != true,
            let line = tree.line(SysfsPath.kernelCommandLineFile)
        else { return nil }
        return Found(
            kind: .proxmoxBoot, file: SysfsPath.kernelCommandLineFile, parameters: KernelParameters(parsing: line))
    }

    private var suse: Found? {
        guard release.isSUSE, let defaults = GRUBDefaults(tree) else { return nil }
        return Found(kind: .suse, file: SysfsPath.grubDefaults, parameters: defaults.parameters)
    }

    /// GRUB that boots entries, as Fedora and its relatives have it.
    private var grubby: Found? {
        guard SysfsPath.grubby.contains(where: { tree.exists($0) }), let entry = BootEntries(tree).next else {
            return nil
        }
        return Found(kind: .bls, file: entry.path, parameters: entry.parameters)
    }

    /// What the loader said of itself to the firmware.
    private var declared: Found? {
        guard let bytes = tree.bytes(SysfsPath.loaderName, atMost: 256) else { return nil }
        let name = String(decoding: bytes.dropFirst(4).filter { $0 != 0 }, as: UTF8.self)
        if name.hasPrefix("systemd-boot") { return systemdBoot }
        return name.hasPrefix("GRUB") ? grub : nil
    }

    private var grub: Found? {
        guard let defaults = GRUBDefaults(tree), SysfsPath.grubFolders.contains(where: { tree.exists($0) }) else {
            return nil
        }
        return Found(kind: .grub, file: SysfsPath.grubDefaults, parameters: defaults.parameters)
    }

    /// `etc/kernel/cmdline` is what the next kernel's entry is made from; without it the entry itself is all there is.
    private var systemdBoot: Found? {
        if let line = tree.line(SysfsPath.kernelCommandLineFile) {
            return Found(
                kind: .systemdBoot, file: SysfsPath.kernelCommandLineFile, parameters: KernelParameters(parsing: line))
        }
        guard let entry = BootEntries(tree).next else { return nil }
        return Found(kind: .systemdBoot, file: entry.path, parameters: entry.parameters)
    }
}
