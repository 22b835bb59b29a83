/// How the secrets of a file are found, by its path.
enum FileForm: Equatable {
    /// Config space of a PCI function.
    case config
    /// No text, and nothing in it is secret.
    case binary
    /// One value, which is a secret of this kind as a whole.
    case attribute(MadeUpValues.Kind)
    case routes
    case routes6
    case mounts
    /// Lines of `SysfsPath.recordedRoutes`.
    case allRoutes
    /// Lines of `SysfsPath.recordedLinks`.
    case allLinks
    /// Lines of `SysfsPath.recordedNetworks`.
    case otherNetworks
    case connections
    case udev
    case fileSystemTable
    /// The UUID in an EFI variable.
    case loaderPartition
    /// An entry of the firmware's, in an EFI variable.
    case bootEntry
    /// UUIDs of file systems, one a line.
    case fileSystemIDs
    /// Lines of `SysfsPath.recordedServices`.
    case services
    /// Lines of `SysfsPath.recordedPools`.
    case pools
    /// Volumes of crypttab(5).
    case encryptedTable
    /// What LVM notes of a physical volume, and of a group.
    case physicalVolume
    case vpd
    case cgroup
    case guest
    /// Kernel parameters, in a file of a boot loader too.
    case commandLine
    case hostName
    /// What people and their programs write.
    case free
    /// What the kernel writes.
    case kernels

    init(_ path: String) {
        let name = path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
        if path.hasPrefix("sys/") {
            self = Self.sysfs(path, name)
        } else if path.hasPrefix("proc/") {
            self = Self.procfs(path, name)
        } else if let form = Self.named[path] {
            self = form
        } else if path.hasPrefix(SysfsPath.udevData) {
            self = .udev
        } else if path.hasPrefix(SysfsPath.runningGuests) || path.hasPrefix(SysfsPath.definedGuests) {
            self = .guest
        } else if [SysfsPath.physicalVolumes, SysfsPath.volumeGroups].contains(where: path.hasPrefix) {
            self = .physicalVolume
        } else if SysfsPath.grubEnvironments.contains(path) {
            self = .commandLine
        } else if path.hasPrefix("etc/default/grub") || path.hasPrefix("etc/kernel/")
            || path.hasPrefix("etc/cmdline.d/")
            || path.contains("/loader/entries/") || SysfsPath.loaderFiles.contains(path)
        {
            self = .commandLine
        } else if [
            "etc/modprobe.d/", "etc/driverctl.d/", "run/", "var/lib/libvirt/", "boot/loader/", "efi/loader/",
            "boot/efi/loader/",
        ].contains(where: path.hasPrefix) {
            self = .free
        } else {
            self = .kernels
        }
    }

    private static let named: [String: FileForm] = [
        SysfsPath.hostnameFile: .hostName, SysfsPath.recordedRoutes: .allRoutes,
        SysfsPath.recordedLinks: .allLinks, SysfsPath.recordedRules: .binary,
        SysfsPath.recordedNetworks: .otherNetworks, SysfsPath.recordedGaps: .kernels,
        SysfsPath.fileSystemTable: .fileSystemTable, SysfsPath.proxmoxPartitions: .fileSystemIDs,
        SysfsPath.recordedServices: .services, SysfsPath.recordedPools: .pools,
        SysfsPath.encryptedTable: .encryptedTable, SysfsPath.initramfsResume: .commandLine,
        SysfsPath.crashDumpFiles[0]: .fileSystemTable, SysfsPath.crashDumpFiles[1]: .fileSystemTable,
        SysfsPath.crashDumpFiles[2]: .fileSystemTable,
    ]

    private static func sysfs(_ path: String, _ name: Substring) -> FileForm {
        switch name {
        case "config": .config
        case "vpd": .vpd
        case "rom", "report_descriptor": .binary
        case "address", "mac": .free
        case "serial", "wwid", "nguid", "eui", "subsysnqn", "metadata_uuid", "phys_switch_id":
            .attribute(name == "subsysnqn" ? .target : .serial)
        case "uuid": .attribute(.serial)
        case "name" where path.hasSuffix("/dm/name"): .attribute(.volume)
        case "targetname": .attribute(.target)
        case "label" where path.hasPrefix("sys/fs/"): .attribute(.label)
        case "backing_file", "persistent_address": .free
        case _ where path.hasPrefix("sys/firmware/"): firmware(path, name)
        default: .kernels
        }
    }

    private static func firmware(_ path: String, _ name: Substring) -> FileForm {
        if SysfsPath.loaderPartitions.contains(path) { return .loaderPartition }
        if path.hasPrefix(SysfsPath.iscsiBoot) { return .kernels }
        let isEntry = name.hasPrefix("Boot") && name.dropFirst(4).first?.isNumber == true
        return isEntry ? .bootEntry : .binary
    }

    private static func procfs(_ path: String, _ name: Substring) -> FileForm {
        switch name {
        case "route": .routes
        case "ipv6_route": .routes6
        case "mounts", "mountinfo": .mounts
        case "cmdline": .commandLine
        case "hostname": .hostName
        case "tcp", "tcp6": .connections
        case "cgroup": .cgroup
        case "swaps": .free
        default: .kernels
        }
    }
}
