import PatchbayCore

/// The block devices of a host and what they stand on: partitions on disks, device mapper and md on their slaves,
/// NVMe multipath on its controllers.
struct BlockDevices {
    /// The ends of a walk downwards from a block device.
    enum Foundation: Equatable {
        /// A disk. One that is on no PCI bus has a place without functions.
        case disk(DevicePlace)
        /// A file on another file system (loop devices).
        case file(String)
        /// A disk of another machine; nil: its address is not told.
        case remote(IPAddress?)
        /// Memory.
        case nothing
        /// The tree does not say.
        case unknown
    }
    /// One way down: the names passed, and where it ended.
    struct Way: Equatable {
        var names: [String]
        var end: Foundation
    }

    let tree: HostTree
    /// For disks that come in by a network card. Reads nothing before there is one.
    let network: NetworkInterfaces
    /// Where each link in `sys/class/block` or `sys/block` leads.
    private var links: [String: String] = [:]
    /// Whole disks, sorted, without those that only their multipath head may use.
    private(set) var visibleDisks: [String] = []
    /// By disk, sorted.
    private(set) var partitions: [String: [String]] = [:]
    /// Device mapper's own names: `vg-root` → `dm-0`.
    private var mapped: [String: String] = [:]
    private let visible: Set<String>
    private let hasClass: Bool
    /// What the kernel lists as arrays.
    let arrays: ListedArrays

    init(_ tree: HostTree) {
        self.tree = tree
        network = NetworkInterfaces(tree: tree)
        arrays = ListedArrays(tree)
        let names = tree.names(SysfsPath.blockClass)
        hasClass = names != nil
        for name in names ?? [] { links[name] = tree.link("\(SysfsPath.blockClass)/\(name)") }
        for disk in tree.names(SysfsPath.blockDevices) ?? [] {
            guard let link = tree.link("\(SysfsPath.blockDevices)/\(disk)") else { continue }
            links[disk] = link
            if tree.line("\(SysfsPath.blockDevices)/\(disk)/hidden") != "1" { visibleDisks.append(disk) }
        }
        visible = Set(visibleDisks)
        indexPartitions()
        for name in links.keys where name.hasPrefix("dm-") {
            if let label = tree.line("\(directory(name))/dm/name") { mapped[label] = name }
        }
    }

    /// A partition's directory lies in its disk's.
    private mutating func indexPartitions() {
        for (name, link) in links {
            let parent = link.split(separator: "/").dropLast().last.map(String.init) ?? ""
            if links[parent] != nil { partitions[parent, default: []].append(name) }
        }
        if !hasClass {
            for disk in visibleDisks {
                let entries = tree.names("\(SysfsPath.blockDevices)/\(disk)") ?? []
                let own = entries.filter { $0.hasPrefix(disk) && $0.dropFirst(disk.count).contains(where: \.isNumber) }
                if !own.isEmpty { partitions[disk] = own }
            }
        }
        partitions = partitions.mapValues { $0.sorted() }
    }

    var names: [String] { links.keys.sorted() }

    func isVisible(_ disk: String) -> Bool { visible.contains(disk) }

    func isVirtual(_ name: String) -> Bool { links[name]?.contains("/virtual/block/") ?? false }

    /// Where a disk is plugged in: one place, or several with NVMe multipath. Empty for virtual devices.
    func places(of disk: String) -> [DevicePlace] {
        guard let link = links[disk] else { return [] }
        let place = DevicePlace(link: link)
        if !place.functions.isEmpty { return [place] }
        return multipathControllers(link).map { DevicePlace(link: $0) }.filter { !$0.functions.isEmpty }
    }

    /// The functions that a disk hangs on directly.
    func controllers(of disk: String) -> [PCIAddress] { places(of: disk).compactMap(\.functions.last) }

    /// Every way down from `name`. A device that the tree does not have is unknown.
    func ways(from name: String) -> [Way] { ways(from: name, passed: []) }

    private func ways(from name: String, passed: [String]) -> [Way] {
        let names = passed + [name]
        // A loop of slaves cannot be real.
        guard !passed.contains(name), names.count < 32 else { return [Way(names: names, end: .unknown)] }
        if let disk = disk(ofPartition: name) { return ways(from: disk, passed: names) }
        guard let link = links[name] else { return [Way(names: names, end: .unknown)] }
        let lower = lower(of: name)
        if !lower.isEmpty { return lower.flatMap { ways(from: $0, passed: names) } }
        let place = DevicePlace(link: link)
        if !place.functions.isEmpty { return [Way(names: names, end: .disk(place))] }
        let controllers = multipathControllers(link)
        if !controllers.isEmpty { return controllers.map { way(over: $0, names) } }
        let remote = waysOverNetwork(from: name, link, names)
        return remote.isEmpty ? [Way(names: names, end: end(name, link))] : remote
    }

    private func way(over controller: String, _ names: [String]) -> Way {
        let place = DevicePlace(link: controller)
        let names = names + [controller.lastComponent]
        return Way(names: names, end: place.functions.isEmpty ? remoteEnd(controller) ?? .unknown : .disk(place))
    }

    private func end(_ name: String, _ link: String) -> Foundation {
        if let file = backingFile(of: name) { return .file(file) }
        if let remote = remoteEnd(link) { return remote }
        if ["nbd", "rbd"].contains(where: name.hasPrefix) { return .remote(nil) }
        guard link.contains("/virtual/") else { return .disk(DevicePlace()) }
        return ["zram", "ram", "null"].contains(where: name.hasPrefix) ? .nothing : .unknown
    }

    private func remoteEnd(_ link: String) -> Foundation? {
        RemoteDisk(link: link).map { .remote($0.server(in: tree)) }
    }

    func directory(_ name: String) -> String {
        let path = "\(SysfsPath.blockClass)/\(name)"
        if hasClass, tree.exists(path) { return path }
        guard links[name] == nil, let disk = disk(ofPartition: name) else { return "\(SysfsPath.blockDevices)/\(name)" }
        return "\(SysfsPath.blockDevices)/\(disk)/\(name)"
    }

    /// The disk whose directory holds the partition's.
    private func disk(ofPartition name: String) -> String? {
        if let link = links[name] {
            let parent = link.split(separator: "/").dropLast().last.map(String.init) ?? ""
            return links[parent] == nil ? nil : parent
        }
        return (1..<max(name.count, 1)).lazy.map { String(name.prefix($0)) }.first { disk in
            links[disk] != nil && tree.exists("\(SysfsPath.blockDevices)/\(disk)/\(name)")
        }
    }

    /// The links of an NVMe subsystem to its controllers; other devices have none.
    private func multipathControllers(_ link: String) -> [String] {
        let parts = link.split(separator: "/")
        guard let at = parts.firstIndex(of: "nvme-subsystem"), at + 1 < parts.count else { return [] }
        let subsystem = "\(SysfsPath.nvmeSubsystems)/\(parts[at + 1])"
        return (tree.names(subsystem) ?? []).filter(Self.isController).compactMap { tree.link("\(subsystem)/\($0)") }
    }

    /// `nvme0`, but not the namespace `nvme0n1` beside it.
    private static func isController(_ name: String) -> Bool {
        name.hasPrefix("nvme") && name.count > 4 && name.dropFirst(4).allSatisfy(\.isNumber)
    }
}

extension BlockDevices {
    /// The device that a mount's source names: `/dev/sda1`, `/dev/mapper/vg-root`. nil: this tree has none of that name.
    func name(ofSource source: String) -> String? {
        guard source.hasPrefix(SysfsPath.deviceNodes) else { return nil }
        if source.hasPrefix(SysfsPath.mappedNodes) {
            return mapped[String(source.dropFirst(SysfsPath.mappedNodes.count))]
        }
        // Names with a directory (cciss/c0d0) have an exclamation mark in sysfs.
        let name = source.dropFirst(SysfsPath.deviceNodes.count).map { $0 == "/" ? "!" : $0 }
        let node = String(name)
        if has(node) { return node }
        let target = tree.link(String(source.dropFirst())).map(\.lastComponent).flatMap { has($0) ? $0 : nil }
        return target ?? logicalVolume(source)
    }

    /// `/dev/vg/root` where no node tells: device mapper calls it `vg-root`, with the dashes of both names doubled.
    private func logicalVolume(_ source: String) -> String? {
        let parts = source.split(separator: "/")
        guard parts.count == 3 else { return nil }
        return mapped[parts.dropFirst().map { $0.replacing("-", with: "--") }.joined(separator: "-")]
    }

    /// The device with a number as `mountinfo` prints it: `259:2`.
    func name(ofNumber number: String) -> String? {
        tree.link("\(SysfsPath.blockByNumber)/\(number)").map(\.lastComponent)
    }

    func has(_ name: String) -> Bool { links[name] != nil || disk(ofPartition: name) != nil }

    /// The device that a node passes commands to: `/dev/nvme1`, `/dev/sg3`, `/dev/tape/by-id/…-nst`. nil: it is another
    /// node.
    ///
    /// Below a folder of `/dev` only where a link leads counts: volumes have the names that people gave them,
    /// `/dev/mapper/st0`.
    func device(ofCommandNode node: String) -> (name: String, place: DevicePlace)? {
        let target = tree.link(String(node.dropFirst()))?.lastComponent
        let name = target ?? node.lastComponent
        guard target != nil || node == "\(SysfsPath.deviceNodes)\(name)" else { return nil }
        let classes = Self.isController(name) ? [SysfsPath.nvmeClass] : SysfsPath.scsiNodes
        let link = classes.lazy.compactMap { tree.link("\($0)/\(name)") }.first
        return link.map { (name: name, place: DevicePlace(link: $0)) }
    }

    /// What stands on a device: device mapper, md, bcache. Sorted.
    func holders(of name: String) -> [String] { tree.names("\(directory(name))/holders") ?? [] }

    /// Where a mapped device has its name from: `LVM-…`, `mpath-…`.
    func mappedKind(_ label: String) -> String? { mapped[label].flatMap { tree.line("\(directory($0))/dm/uuid") } }

    /// Device mapper's own names.
    var mappedNames: [String] { mapped.keys.sorted() }
}
