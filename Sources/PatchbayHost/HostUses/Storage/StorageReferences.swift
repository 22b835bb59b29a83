import PatchbayCore

/// Storage that the host names for later, mounted or not: where it wakes up from, where a crash is written to, what it
/// boots from.
struct StorageReferences {
    enum Purpose { case hibernation, crashDump, boot, configuredMount, configuredData }
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
    let blocks: BlockDevices
    let udev: UdevDatabase
    let boot: BootMedia

    /// - Parameter covered: block devices that are in use already.
    func all(covered: Set<String>) -> [Reference] {
        hibernation() + boot.partitions(covered: covered) + bootParameters() + configured() + crashDump()
    }

    /// `resume=` of the kernel's command line, what the kernel made of it, and what Debian's initramfs has for it; what
    /// cannot be found there is not used at all.
    private func hibernation() -> [Reference] {
        let names = parameters("resume=").map { ("resume= of the kernel", udev.name(ofSpecification: $0)) }
        let number = tree.line(SysfsPath.resumeDevice).flatMap { $0 == "0:0" ? nil : blocks.name(ofNumber: $0) }
        let setting = (tree.text(SysfsPath.initramfsResume) ?? "").split(separator: "\n").first {
            $0.hasPrefix("RESUME=")
        }
        let configured = setting.flatMap { udev.name(ofSpecification: String($0.dropFirst(7))) }
        let all = names + [("the kernel's resume device", number), ("RESUME= of the initramfs", configured)]
        return all.compactMap { name, device in
            device.map { Reference(purpose: .hibernation, severity: .critical, name: name, target: .device($0)) }
        }
    }

    /// What the initramfs needs beside the root: keys of encrypted volumes on a stick, `/boot` of a FIPS system, `/usr`.
    private func bootParameters() -> [Reference] {
        let keys =
            (parameters("rd.luks.key=") + parameters("luks.key=")).compactMap {
                $0.split(separator: ":").dropFirst().first
            } + parameters("cryptkey=").compactMap { $0.split(separator: ":").first }
        let all =
            keys.map { ("key of an encrypted volume", String($0)) }
            + parameters("boot=").map { ("boot= of the kernel", $0) }
            + parameters("mount.usr=").map { ("mount.usr= of the kernel", $0) }
        return all.compactMap { name, specification in
            udev.name(ofSpecification: specification).map {
                Reference(purpose: .boot, severity: .critical, name: name, target: .device($0))
            }
        }
    }

    private func parameters(_ prefix: String) -> [String] {
        let words = (tree.line(SysfsPath.commandLine) ?? "").split(separator: " ")
        return words.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }

    /// Places in fstab(5) that are not always mounted: vital ones (`/boot` with `noauto`, `/efi` by automount), and others,
    /// whose disks hold data; volumes of crypttab(5) that are not open.
    private func configured() -> [Reference] {
        let mounts = rows(of: SysfsPath.fileSystemTable).compactMap { fields -> Reference? in
            guard fields.count >= 3, let name = udev.name(ofSpecification: fields[0]) else { return nil }
            let isVital = Mount.isVital(Mount.unescaped(fields[1]))
            let place = fields[2] == "swap" ? "swap" : fields[1]
            return Reference(
                purpose: isVital ? .configuredMount : .configuredData, severity: isVital ? .critical : .dataAtRisk,
                name: "\(place) in fstab", target: .device(name))
        }
        let volumes = rows(of: SysfsPath.encryptedTable).compactMap { fields -> Reference? in
            guard fields.count >= 2, let name = udev.name(ofSpecification: fields[1]) else { return nil }
            return Reference(
                purpose: .configuredData, severity: .dataAtRisk, name: "\(fields[0]) in crypttab", target: .device(name)
            )
        }
        return mounts + volumes + keys() + headers()
    }

    /// Devices that hold the key of a volume of crypttab(5): `/key:UUID=…` in its third field.
    private func keys() -> [Reference] {
        rows(of: SysfsPath.encryptedTable).compactMap { fields in
            guard fields.count >= 3, let device = fields[2].split(separator: ":", maxSplits: 1).dropFirst().first,
                let name = udev.name(ofSpecification: String(device))
            else { return nil }
            return Reference(
                purpose: .boot, severity: .critical, name: "key of \(fields[0]) in crypttab", target: .device(name))
        }
    }

    /// Devices that hold the header of a volume apart from its data, in the fourth field: `header=/dev/sdb1`,
    /// `header=/file:UUID=…`. Without it the data is noise.
    private func headers() -> [Reference] {
        rows(of: SysfsPath.encryptedTable).compactMap { fields in
            guard fields.count >= 4,
                let header = fields[3].split(separator: ",").first(where: { $0.hasPrefix("header=") })?.dropFirst(7)
            else { return nil }
            let device = header.hasPrefix(SysfsPath.deviceNodes) ? header : header.drop { $0 != ":" }.dropFirst()
            return udev.name(ofSpecification: String(device)).map {
                Reference(
                    purpose: .boot, severity: .critical, name: "header of \(fields[0]) in crypttab", target: .device($0)
                )
            }
        }
    }

    private func rows(of table: String) -> [[String]] {
        (tree.text(table) ?? "").split(separator: "\n").map { line in
            line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        }.filter { $0.first.map { !$0.hasPrefix("#") } ?? false }
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
