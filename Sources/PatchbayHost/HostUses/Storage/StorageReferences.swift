import PatchbayCore

/// Storage that the host names for later, mounted or not: where it wakes up from, where a crash is written to, what it
/// boots from.
struct StorageReferences {
    enum Purpose { case hibernation, crashDump, boot, configuredMount }
    enum Target: Equatable {
        /// By kernel name.
        case device(String)
        case path(String)
        /// nil: not told.
        case server(IPAddress?)
    }
    struct Reference {
        var purpose: Purpose
        var severity: HostUse.Severity
        /// Where it is named: `resume=UUID=…`, `/boot in etc/fstab`.
        var name: String
        var target: Target
    }

    let tree: HostTree
    let udev: UdevDatabase

    func all() -> [Reference] { hibernation() + boot() + configuredMounts() + crashDump() }

    /// `resume=` of the kernel's command line; what cannot be found there is not used at all.
    private func hibernation() -> [Reference] {
        let words = (tree.line(SysfsPath.commandLine) ?? "").split(separator: " ")
        return words.filter { $0.hasPrefix("resume=") }.compactMap { word in
            udev.name(ofSpecification: String(word.dropFirst(7))).map {
                Reference(
                    purpose: .hibernation, severity: .critical, name: "resume= of the kernel", target: .device($0))
            }
        }
    }

    /// The partition that the boot loader says it came from: an EFI variable, four bytes of attributes and a UUID in
    /// UTF-16 (systemd Boot Loader Interface).
    private func boot() -> [Reference] {
        guard let text = tree.text(SysfsPath.loaderPartition) else { return [] }
        let uuid = text.unicodeScalars.filter { $0 == "-" || $0.properties.isASCIIHexDigit }.suffix(36)
        let name = udev.name(ofSpecification: "PARTUUID=\(String(String.UnicodeScalarView(uuid)).lowercased())")
        return name.map { name in
            [Reference(purpose: .boot, severity: .critical, name: "EFI system partition", target: .device(name))]
        } ?? []
    }

    /// Vital places in fstab(5) that are not always mounted: `/boot` with `noauto`, `/efi` by automount.
    private func configuredMounts() -> [Reference] {
        (tree.text(SysfsPath.fileSystemTable) ?? "").split(separator: "\n").compactMap { line in
            let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
            guard fields.count >= 3, !fields[0].hasPrefix("#"), Mount.isVital(Mount.unescaped(fields[1])),
                let name = udev.name(ofSpecification: fields[0])
            else { return nil }
            return Reference(
                purpose: .configuredMount, severity: .critical, name: "\(fields[1]) in fstab", target: .device(name))
        }
    }

    /// Where kdump writes to, when a crash kernel is loaded: a device, a directory or a server, kdump.conf(5) of Fedora
    /// and Debian's `/etc/default/kdump-tools`.
    private func crashDump() -> [Reference] {
        guard tree.line(SysfsPath.crashKernelLoaded) == "1" else { return [] }
        let lines = SysfsPath.crashDumpFiles.flatMap { (tree.text($0) ?? "").split(separator: "\n") }
        let targets = lines.compactMap { crashTarget($0.trimmingBlanks) }
        let all = targets.isEmpty ? [Target.path("/var/crash")] : targets
        return all.map { Reference(purpose: .crashDump, severity: .inUse, name: "crash dump", target: $0) }
    }

    private func crashTarget(_ line: Substring) -> Target? {
        if line.hasPrefix("KDUMP_COREDIR=") {
            return .path(line.dropFirst("KDUMP_COREDIR=".count).filter { $0 != "\"" })
        }
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard words.count >= 2 else { return nil }
        switch words[0] {
        case "raw", "ext2", "ext3", "ext4", "xfs", "btrfs", "minix":
            return udev.name(ofSpecification: String(words[1])).map { .device($0) }
        case "nfs": return .server(IPAddress(words[1].prefix { $0 != ":" }))
        case "ssh": return .server(IPAddress(words[1].split(separator: "@").last ?? ""))
        case "path": return .path(String(words[1]))
        default: return nil
        }
    }
}
