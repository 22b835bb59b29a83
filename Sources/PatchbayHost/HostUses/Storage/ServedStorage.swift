/// Storage that a service or a guest of the host has for itself without mounting it.
struct ServedStorage: Equatable {
    enum Use: String {
        /// A service serves it now.
        case active
        /// The data of a service lies there for the next time.
        case idle
        /// A running guest has it as a disk.
        case guest
    }

    /// `LIO target vm-store`, `Ceph OSD`, `VM web`
    var service: String
    /// The node of a block device, of an NVMe controller, or of a device of SCSI that is no disk.
    var node: String
    var use: Use

    /// All that the tree tells of: targets of the kernel, replicas, storage daemons, disks that a hypervisor gives away.
    ///
    /// - Parameter guests: those that run.
    static func all(in tree: HostTree, guests: [GuestProcesses.Known]) -> [ServedStorage] {
        if let text = tree.text(SysfsPath.recordedServices) {
            return text.split(separator: "\n").compactMap { recorded($0) } + CephDaemons.storage(in: tree)
        }
        return told(in: tree, guests) + CephDaemons.storage(in: tree)
    }

    private static func told(in tree: HostTree, _ guests: [GuestProcesses.Known]) -> [ServedStorage] {
        let disks = guests.map(\.guest).flatMap { guest in
            guest.nodes.map { ServedStorage(service: guest.name, node: $0, use: .guest) }
        }
        let found = kernelTargets(tree) + kernelNVMeTargets(tree) + scstTargets(tree) + xenDisks(tree) + replicas(tree)
        return (found + disks).filter { $0.node.hasPrefix(SysfsPath.deviceNodes) }
    }

    /// As a recording holds them, but for storage daemons, whose links it has: with the kernel's names for the nodes, so that
    /// no serial number is among them.
    static func recordedText(in tree: HostTree, guests: [GuestProcesses.Known]) -> String {
        if let text = tree.text(SysfsPath.recordedServices) { return text }
        return told(in: tree, guests).map { storage in
            let target = tree.link(String(storage.node.dropFirst())).map {
                "\(SysfsPath.deviceNodes)\($0.lastComponent)"
            }
            return "\(storage.use.rawValue) \(target ?? storage.node) \(storage.service)\n"
        }.joined()
    }

    private static func recorded(_ line: Substring) -> ServedStorage? {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count == 3, let use = Use(rawValue: String(words[0])) else { return nil }
        return ServedStorage(service: String(words[2]), node: String(words[1]), use: use)
    }

    /// LIO: `<plugin>_<n>/<name>`, with the node that its tools wrote into `udev_path`; without them the driver says it in
    /// `info`: `iBlock device: sdb  UDEV PATH: /dev/sdb`, or for what is passed through (`drivers/target/target_core_pscsi.c`)
    /// `SCSI Device Bus Location: Channel ID: 0 Target ID: 1 LUN: 0 Host ID: 2`. What a program serves
    /// (`target_core_user.c`) has `Config: zbc//dev/sg3`.
    private static func kernelTargets(_ tree: HostTree) -> [ServedStorage] {
        directories(tree, SysfsPath.kernelTargets).flatMap { hba in
            directories(tree, hba).compactMap { store in
                (tree.line("\(store)/udev_path") ?? node(inTargetInfo: tree.text("\(store)/info"), tree)).map {
                    ServedStorage(
                        service: "LIO target \(store.lastComponent)", node: $0,
                        use: tree.line("\(store)/enable") == "0" ? .idle : .active)
                }
            }
        }
    }

    private static func node(inTargetInfo text: String?, _ tree: HostTree) -> String? {
        let words = (text ?? "").split(whereSeparator: \.isWhitespace)
        if let at = words.firstIndex(of: "PATH:"), at + 1 < words.count, words[at + 1].hasPrefix("/") {
            return String(words[at + 1])
        }
        if let at = words.firstIndex(of: "device:"), at + 1 < words.count {
            return "\(SysfsPath.deviceNodes)\(words[at + 1])"
        }
        if let at = words.firstIndex(of: "Config:"), at + 1 < words.count {
            return words[at + 1].firstRange(of: SysfsPath.deviceNodes).map { String(words[at + 1][$0.lowerBound...]) }
        }
        let numbers = [["Host", "ID:"], ["Channel", "ID:"], ["Target", "ID:"], ["LUN:"]].compactMap { key in
            words.firstRange(of: key.map { Substring($0) }).flatMap { words[$0.upperBound...].first }
        }
        return node(ofSCSI: numbers.joined(separator: ":"), tree)
    }

    /// By host, channel, target and unit: `2:0:1:0`. A disk has a block device; a tape, a library and what no driver has are
    /// reached by the generic node.
    private static func node(ofSCSI address: String, _ tree: HostTree) -> String? {
        guard address.split(separator: ":").count == 4 else { return nil }
        let directory = "\(SysfsPath.scsiDevices)/\(address)"
        let name = ["block", "scsi_generic"].lazy.compactMap { tree.names("\(directory)/\($0)")?.first }.first
        return name.map { "\(SysfsPath.deviceNodes)\($0)" }
    }

    /// `namespaces/<n>/device_path` of each subsystem, and the whole controller where `passthru` is on.
    private static func kernelNVMeTargets(_ tree: HostTree) -> [ServedStorage] {
        directories(tree, SysfsPath.nvmeTargets).flatMap { subsystem in
            (directories(tree, "\(subsystem)/namespaces") + ["\(subsystem)/passthru"]).compactMap { entry in
                tree.line("\(entry)/device_path").map {
                    ServedStorage(
                        service: "NVMe target \(subsystem.lastComponent)", node: $0,
                        use: tree.line("\(entry)/enable") == "0" ? .idle : .active)
                }
            }
        }
    }

    /// SCST says the node in the first line of `filename`; what it passes through is called by its SCSI address.
    private static func scstTargets(_ tree: HostTree) -> [ServedStorage] {
        directories(tree, SysfsPath.scstDevices).compactMap { device in
            (tree.line("\(device)/filename") ?? node(ofSCSI: device.lastComponent, tree)).map {
                ServedStorage(service: "SCST target \(device.lastComponent)", node: $0, use: .active)
            }
        }
    }

    /// What the control domain of Xen gives to others: `physical_device` is a number in hexadecimal digits, `8:10`.
    private static func xenDisks(_ tree: HostTree) -> [ServedStorage] {
        directories(tree, SysfsPath.xenBackends).compactMap { backend in
            guard let text = tree.line("\(backend)/physical_device") else { return nil }
            let numbers = text.split(separator: ":").compactMap { Int($0, radix: 16) }
            guard numbers.count == 2 else { return nil }
            let name = tree.link("\(SysfsPath.blockByNumber)/\(numbers[0]):\(numbers[1])")?.lastComponent
            return name.map {
                ServedStorage(
                    service: "disk of a Xen guest (\(backend.lastComponent))", node: "\(SysfsPath.deviceNodes)\($0)",
                    use: .active)
            }
        }
    }

    /// DRBD: what the resources name as disk and as place of their own data, drbd.conf(5). Newer kernels show what is up as
    /// holder of the disk, too; older ones show only the device.
    private static func replicas(_ tree: HostTree) -> [ServedStorage] {
        replicaFiles(tree).flatMap { file -> [ServedStorage] in
            let statements = replicaStatements(tree.text(file) ?? "")
            let use: Use = statements.contains { isUp($0, tree) } ? .active : .idle
            // The file that includes the others has any number of them, or none.
            let isOne = file != SysfsPath.replicaFile
            let service = isOne ? "DRBD resource \(file.lastComponent.dropLast(4))" : "DRBD resource"
            return statements.compactMap { words in
                guard words.count >= 2, ["disk", "meta-disk", "flexible-meta-disk"].contains(words[0]),
                    words[1].hasPrefix(SysfsPath.deviceNodes)
                else { return nil }
                return ServedStorage(service: service, node: String(words[1].prefix { $0 != "[" }), use: use)
            }
        }
    }

    private static func replicaFiles(_ tree: HostTree) -> [String] {
        SysfsPath.replicaFolders.flatMap { folder in
            (tree.names(folder) ?? []).filter { $0.hasSuffix(".res") }.map { "\(folder)/\($0)" }
        } + [SysfsPath.replicaFile]
    }

    /// What ends with `;`, a brace or the line, in words, without comments.
    private static func replicaStatements(_ text: String) -> [[Substring]] {
        text.split(whereSeparator: \.isNewline).flatMap { line -> [[Substring]] in
            var isQuoted = false
            let told = line.prefix { character in
                if character == "\"" { isQuoted.toggle() }
                return isQuoted || character != "#"
            }
            return told.split { ";{}".contains($0) }.map { statement in
                statement.split { $0 == " " || $0 == "\t" || $0 == "\"" }
            }
        }
    }

    /// The disks of replicas are told: the tree has resources that name them or say `disk none`, or what was found in them.
    /// Files that hold only options, or include resources from elsewhere, tell none.
    static func hasReplicaFiles(in tree: HostTree) -> Bool {
        replicaFiles(tree).contains { file in
            replicaStatements(tree.text(file) ?? "").contains { $0.count >= 2 && $0[0] == "disk" }
        } || tree.text(SysfsPath.recordedServices)?.contains("DRBD resource") ?? false
    }

    /// `device /dev/drbd0`, `device /dev/drbd_vms minor 0`, `device minor 0`: the device is there and has a size.
    private static func isUp(_ words: [Substring], _ tree: HostTree) -> Bool {
        guard words.first == "device" else { return false }
        let number = words.firstIndex(of: "minor").flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
        let name = number.map { "drbd\($0)" } ?? words.last.map { String($0).lastComponent } ?? ""
        return tree.line("\(SysfsPath.blockDevices)/\(name)/size").map { $0 != "0" } ?? false
    }

    private static func directories(_ tree: HostTree, _ path: String) -> [String] {
        (tree.names(path) ?? []).map { "\(path)/\($0)" }
    }
}
