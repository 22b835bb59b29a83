import PatchbayCore

/// The block devices of a host and what they stand on: partitions on disks, device mapper and md on their slaves,
/// NVMe multipath on its controllers.
struct BlockDevices {
    /// The ends of a walk downwards from a block device.
    enum Foundation: Equatable {
        /// A disk; all PCI functions on the way to it, outermost first. Empty: a disk that is on no PCI bus.
        case disk(functions: [PCIAddress])
        /// A file on another file system (loop devices).
        case file(String)
        /// Memory, or another machine.
        case nothing
        /// The tree does not say.
        case unknown
    }
    /// One way down: the names passed, and where it ended.
    struct Way: Equatable {
        var names: [String]
        var end: Foundation
    }

    private let tree: HostTree
    /// Where each link in `sys/class/block` or `sys/block` leads.
    private var links: [String: String] = [:]
    /// Whole disks, sorted, without those that only their multipath head may use.
    private(set) var visibleDisks: [String] = []

    init(_ tree: HostTree) {
        self.tree = tree
        for name in tree.names(SysfsPath.blockClass) ?? [] {
            links[name] = tree.link("\(SysfsPath.blockClass)/\(name)")
        }
        for disk in tree.names(SysfsPath.blockDevices) ?? [] {
            guard let link = tree.link("\(SysfsPath.blockDevices)/\(disk)") else { continue }
            links[disk] = link
            if tree.line("\(SysfsPath.blockDevices)/\(disk)/hidden") != "1" { visibleDisks.append(disk) }
        }
    }

    /// The functions that a disk hangs on directly: one, or several with NVMe multipath. Empty for virtual devices.
    func controllers(of disk: String) -> [PCIAddress] {
        guard let link = links[disk] else { return [] }
        if let function = TopologyPath.functions(link).last { return [function] }
        return multipathControllers(link).compactMap { TopologyPath.functions($0).last }
    }

    /// Every way down from `name`. A device that the tree does not have is unknown.
    func ways(from name: String) -> [Way] { ways(from: name, passed: []) }

    private func ways(from name: String, passed: [String]) -> [Way] {
        let names = passed + [name]
        // A loop of slaves cannot be real.
        guard !passed.contains(name), names.count < 32 else { return [Way(names: names, end: .unknown)] }
        if let disk = disk(ofPartition: name) { return ways(from: disk, passed: names) }
        guard let link = links[name] else { return [Way(names: names, end: .unknown)] }
        let slaves = tree.names("\(directory(name))/slaves") ?? []
        if !slaves.isEmpty { return slaves.flatMap { ways(from: $0, passed: names) } }
        let functions = TopologyPath.functions(link)
        if !functions.isEmpty { return [Way(names: names, end: .disk(functions: functions))] }
        let controllers = multipathControllers(link)
        if !controllers.isEmpty {
            return controllers.map { controller in
                Way(
                    names: names + [controller.lastComponent], end: .disk(functions: TopologyPath.functions(controller))
                )
            }
        }
        return [Way(names: names, end: end(name, link))]
    }

    private func end(_ name: String, _ link: String) -> Foundation {
        if let file = tree.line("\(directory(name))/loop/backing_file") { return .file(file) }
        guard link.contains("/virtual/") else { return .disk(functions: []) }
        let isMadeOfNothing = ["zram", "ram", "nbd", "rbd", "null"].contains { name.hasPrefix($0) }
        return isMadeOfNothing ? .nothing : .unknown
    }

    private func directory(_ name: String) -> String {
        let path = "\(SysfsPath.blockClass)/\(name)"
        return tree.exists(path) ? path : "\(SysfsPath.blockDevices)/\(name)"
    }

    /// A partition's directory lies in its disk's.
    private func disk(ofPartition name: String) -> String? {
        if let link = links[name] {
            let parent = link.split(separator: "/").dropLast().last.map(String.init) ?? ""
            return links[parent] == nil ? nil : parent
        }
        return links.keys.first { disk in
            name.hasPrefix(disk) && tree.exists("\(SysfsPath.blockDevices)/\(disk)/\(name)")
        }
    }

    /// The links of an NVMe subsystem to its controllers; other devices have none.
    private func multipathControllers(_ link: String) -> [String] {
        let parts = link.split(separator: "/")
        guard let at = parts.firstIndex(of: "nvme-subsystem"), at + 1 < parts.count else { return [] }
        let subsystem = "\(SysfsPath.nvmeSubsystems)/\(parts[at + 1])"
        return (tree.names(subsystem) ?? []).filter(Self.isController).compactMap { tree.link("\(subsystem)/\($0)") }
    }
}

extension BlockDevices {
    /// `nvme0`, but not the namespace `nvme0n1` beside it.
    private static func isController(_ name: String) -> Bool {
        name.hasPrefix("nvme") && name.count > 4 && name.dropFirst(4).allSatisfy(\.isNumber)
    }

    /// The device that a mount's source names: `/dev/sda1`, `/dev/mapper/vg-root`. nil: this tree has none of that name.
    func name(ofSource source: String) -> String? {
        guard source.hasPrefix(SysfsPath.deviceNodes) else { return nil }
        if source.hasPrefix(SysfsPath.mappedNodes) {
            let mapped = String(source.dropFirst(SysfsPath.mappedNodes.count))
            return links.keys.first { tree.line("\(directory($0))/dm/name") == mapped }
        }
        // Names with a directory (cciss/c0d0) have an exclamation mark in sysfs.
        let name = source.dropFirst(SysfsPath.deviceNodes.count).map { $0 == "/" ? "!" : $0 }
        let node = String(name)
        if links[node] != nil || disk(ofPartition: node) != nil { return node }
        guard let target = tree.link(String(source.dropFirst())) else { return nil }
        let last = target.lastComponent
        return links[last] != nil || disk(ofPartition: last) != nil ? last : nil
    }

    /// The device with a number as `mountinfo` prints it: `259:2`.
    func name(ofNumber number: String) -> String? {
        tree.link("\(SysfsPath.blockByNumber)/\(number)").map(\.lastComponent)
    }

    /// All devices of the btrfs that `name` is one of; just `name` when the tree does not list them.
    func btrfsMembers(of name: String) -> [String] {
        for id in tree.names(SysfsPath.btrfs) ?? [] {
            let members = tree.names("\(SysfsPath.btrfs)/\(id)/devices") ?? []
            if members.contains(name) { return members }
        }
        return [name]
    }
}
