import CPatchbayHost
import PatchbayCore

/// What the processes of a host tell of its devices: who has nodes of them open, what is mounted and which interfaces are
/// in namespaces of their own, and what of that could not be seen.
package struct ProcessSights: Hashable, Sendable {
    /// A node that a process has open, and the device behind it.
    struct OpenNode: Hashable, Sendable {
        var holder: DeviceHolder
        var found: NodePlaces.Found
    }

    /// Something that could not be looked at.
    package struct Gap: Hashable, Sendable {
        package enum Kind: String, Sendable { case programs, mounts, networks }
        package var kind: Kind
        package var words: String
    }

    /// Sorted by process id and node.
    var open: [OpenNode] = []
    /// Running guests of any hypervisor, with the disks that they were started with.
    var guests: [GuestProcesses.Known] = []
    var mounts: [OtherMount] = []
    var interfaces: [OtherInterface] = []
    /// Empty: everything was seen.
    package internal(set) var gaps: [Gap] = []
    /// False: a recording without its programs, as older ones are and those of others.
    var isTold = false

    /// Nothing was looked at.
    package init() {}

    /// Those in somebody's way, by program and node: what programs come and go as does not change their order.
    var obstacles: [OpenNode] { open.filter(\.holder.isObstacle).sorted { $0.holder.precedes($1.holder) } }

    /// By device, those that are in somebody's way; those of a USB device are those of its controller, too. Bridges hold
    /// nothing. Sorted by program and node.
    package func holders(in inventory: Inventory) -> [DeviceKey: [DeviceHolder]] {
        var holders: [DeviceKey: [DeviceHolder]] = [:]
        for node in obstacles {
            let place = node.found.place
            for device in [place.usb.map(DeviceKey.usb), place.functions.last?.key].compactMap(\.self) {
                guard inventory[device]?.isNeverLent == false, holders[device]?.last != node.holder else { continue }
                holders[device, default: []].append(node.holder)
            }
        }
        return holders
    }
}

extension ProcessSights {
    /// In the order of what they keep from being free. A recording adds those of the host that it was made of.
    static func gaps(
        _ table: ProcessTable, _ mounts: OtherMounts, _ networks: OtherNetworks, in tree: HostTree
    ) -> [Gap] {
        table.gaps.map { Gap(kind: .programs, words: $0) } + mounts.gaps.map { Gap(kind: .mounts, words: $0) }
            + networks.gaps.map { Gap(kind: .networks, words: $0) }
            + recordedGaps(in: tree)
    }

    /// Each once.
    fileprivate mutating func replaceGaps(of kind: Gap.Kind, by words: [String]) {
        var all = gaps.filter { $0.kind != kind }
        for gap in words.map({ Gap(kind: kind, words: $0) }) where !all.contains(gap) { all.append(gap) }
        gaps = all
    }

    static func recordedGaps(in tree: HostTree) -> [Gap] {
        let text = tree.isLive ? "" : tree.text(SysfsPath.recordedGaps) ?? ""
        return text.split(separator: "\n").map { Gap(recorded: String($0)) }
    }
}

extension ProcessSights.Gap {
    /// A line of `SysfsPath.recordedGaps`: `mounts 3 mount namespaces not looked at`.
    fileprivate init(recorded line: String) {
        let kind = Kind(rawValue: String(line.prefix { $0 != " " }))
        self.init(kind: kind ?? .programs, words: kind == nil ? line : String(line.drop { $0 != " " }.dropFirst()))
    }

    var isOfPrograms: Bool { kind == .programs }
    var line: String { "\(kind.rawValue) \(words)" }
}

/// Looks at the processes of a host. Timed apart from the reading of its devices, and bounded: `ScanLimits`.
package struct HolderScan {
    private let tree: HostTree
    private let limits: ScanLimits

    package init(tree: HostTree, limits: ScanLimits = ScanLimits()) {
        self.tree = tree
        self.limits = limits
    }

    /// Everything that processes tell of devices.
    package func sights() -> ProcessSights { sights(NodePlaces(tree), []) }

    /// - Parameter earlier: guests that were seen before.
    func sights(blocks: BlockDevices, knowing earlier: [GuestProcesses.Known] = []) -> ProcessSights {
        sights(NodePlaces(tree, blocks: blocks), earlier)
    }

    private func sights(_ places: NodePlaces, _ earlier: [GuestProcesses.Known]) -> ProcessSights {
        let end = Int(pb_milliseconds()) + limits.milliseconds
        let table = ProcessTable(tree, limits: limits, until: end)
        let mounts = OtherMounts(tree, table, limits: limits, until: end)
        let networks = OtherNetworks(tree, table, limits: limits, until: end)
        var sights = ProcessSights()
        sights.open = open(table, places)
        sights.guests = GuestProcesses(tree: tree).all(table, knowing: earlier)
        sights.mounts = mounts.mounts
        sights.interfaces = networks.interfaces
        sights.gaps = ProcessSights.gaps(table, mounts, networks, in: tree)
        sights.isTold = Self.tells(table, tree)
        return sights
    }

    /// What was seen before, with what is mounted in other namespaces, and which interfaces are there, as it is now.
    func again(_ earlier: ProcessSights, mounts: Bool, networks: Bool) -> ProcessSights {
        guard mounts || networks else { return earlier }
        let end = Int(pb_milliseconds()) + limits.milliseconds
        let table = ProcessTable(tree, limits: limits, until: end, looking: .namespaces)
        var sights = earlier
        sights.replaceGaps(of: .programs, by: (earlier.gaps.filter(\.isOfPrograms).map(\.words) + table.gaps))
        let recorded = ProcessSights.recordedGaps(in: tree)
        if mounts {
            let now = OtherMounts(tree, table, limits: limits, until: end)
            sights.mounts = now.mounts
            sights.replaceGaps(of: .mounts, by: now.gaps + recorded.filter { $0.kind == .mounts }.map(\.words))
        }
        if networks {
            let now = OtherNetworks(tree, table, limits: limits, until: end)
            sights.interfaces = now.interfaces
            sights.replaceGaps(of: .networks, by: now.gaps + recorded.filter { $0.kind == .networks }.map(\.words))
        }
        return sights
    }

    /// Whether a tree tells of programs at all.
    static func tells(_ table: ProcessTable, _ tree: HostTree) -> Bool {
        tree.isLive || tree.exists(SysfsPath.recordedGaps) || table.entries.contains { !$0.nodes.isEmpty }
    }

    /// Who has a node of these devices open now, of what is plugged into them, or of a disk below one that makes a PCI domain (Intel VMD), and nothing else:
    /// asked right before a write. Also while an unbind of one hangs, when its driver link is gone.
    package func openNodes(of devices: Set<DeviceKey>) -> OpenNodes {
        let end = Int(pb_milliseconds()) + limits.milliseconds
        let table = ProcessTable(tree, limits: limits, until: end, looking: .nodes)
        var now = OpenNodes(gaps: table.gaps + ProcessSights.recordedGaps(in: tree).filter(\.isOfPrograms).map(\.words))
        for node in open(table, NodePlaces(tree)) {
            for device in node.found.place.devices
            where devices.contains(device) && now.holders[device]?.last != node.holder {
                now.holders[device, default: []].append(node.holder)
            }
        }
        return now
    }

    package func holders(of device: DeviceKey) -> [DeviceHolder] { openNodes(of: [device]).holders[device] ?? [] }

    private func open(_ table: ProcessTable, _ places: NodePlaces) -> [ProcessSights.OpenNode] {
        var open: [ProcessSights.OpenNode] = []
        for entry in table.entries where !entry.nodes.isEmpty {
            var process: HostProcess?
            for node in entry.nodes {
                let found = places.of(node)
                guard !found.isEmpty else { continue }
                let owner = process ?? table.process(entry.pid, tree)
                process = owner
                let holder = DeviceHolder(owner, node: node.path)
                open += found.map { ProcessSights.OpenNode(holder: holder, found: $0) }
            }
        }
        return open
    }
}

extension DeviceHolder {
    fileprivate init(_ process: HostProcess, node: String) {
        self.init(
            pid: process.pid, command: process.command, node: node, unit: process.unit, container: process.container,
            recipe: ReleaseRecipe.matching(command: process.command, unit: process.unit)?.name)
    }
}
