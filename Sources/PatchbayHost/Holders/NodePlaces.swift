import PatchbayCore

/// Which device a node belongs to, of whatever kind: `/dev/vfio/26`, `/dev/sda1`, `/dev/vport3p1`, `/dev/ttyUSB0`.
///
/// Each node is looked for once, and only those that somebody has open.
final class NodePlaces {
    /// A device that a node stands for.
    struct Found: Hashable, Sendable {
        var place: DevicePlace
        /// Block devices between the node and the disk, outermost first.
        var names: [String] = []
    }

    private let tree: HostTree
    private var known: [ProcessTable.Node: [Found]] = [:]
    private lazy var blocks = BlockDevices(tree)
    private lazy var nvidia = nvidiaCards()
    private lazy var usb = usbNodes()
    private lazy var groups = functionsByGroup()
    private lazy var classes = tree.names(SysfsPath.classes) ?? []

    init(_ tree: HostTree) { self.tree = tree }

    /// - Parameter blocks: where they have been read already.
    convenience init(_ tree: HostTree, blocks: BlockDevices) {
        self.init(tree)
        self.blocks = blocks
    }

    /// Empty: no PCI function is behind it. Several: a group of VFIO, an array of disks.
    func of(_ node: ProcessTable.Node) -> [Found] {
        if let found = known[node] { return found }
        let found = node.number.map { byNumber($0, node.path) } ?? byPath(node.path)
        known[node] = found
        return found
    }

    /// The kernel's own name for it is behind the number, whatever a container calls it.
    private func byNumber(_ number: ProcessTable.Number, _ path: String) -> [Found] {
        let text = "\(number.major):\(number.minor)"
        if number.isBlock {
            return tree.link("\(SysfsPath.blockByNumber)/\(text)").map { disks($0.lastComponent) } ?? []
        }
        guard let link = tree.link("\(SysfsPath.charactersByNumber)/\(text)") else { return byPath(path) }
        let place = DevicePlace(link: link)
        if !place.functions.isEmpty { return [Found(place: place)] }
        if link.contains("/virtual/vfio/") { return group(link.lastComponent) }
        return path == Self.compute ? byPath(path) : []
    }

    private func byPath(_ path: String) -> [Found] {
        let name = path.lastComponent
        if path.hasPrefix(SysfsPath.vfioFunctionNodes) {
            let found = place("\(SysfsPath.classes)/vfio-dev/\(name)")
            return found.isEmpty ? byDirectory(name, in: ["vfio-dev"]) : found
        }
        if path.hasPrefix(SysfsPath.vfioNodes) { return group(name) }
        if path == Self.compute { return all(of: "amdgpu") }
        if path.hasPrefix(SysfsPath.usbNodes) { return usb[path].map(place) ?? [] }
        if let address = nvidia[path] { return place(SysfsPath.pciDevice(address.description)) }
        if Self.isNumbered(path, Self.switches) { return all(of: "nvidia-nvswitch") }
        if Self.isNumbered(path, Self.cards) { return all(of: "nvidia") }
        if let block = blocks.name(ofSource: path) { return disks(block) }
        for kind in SysfsPath.nodeClasses {
            let found = place("\(SysfsPath.classes)/\(kind)/\(name)")
            if !found.isEmpty { return found }
        }
        let others = byAnyClass(path)
        if !others.isEmpty { return others }
        return tree.isLive ? [] : byDirectory(name, in: ["uio", "infiniband_verbs", "drm", "accel"])
    }

    /// Drivers make classes of their own, and a folder below `/dev` is part of the kernel's name there: `tenstorrent!0`,
    /// `dvb0.frontend0`. The queues of accelerators have a bus instead.
    private func byAnyClass(_ path: String) -> [Found] {
        let parts = path.dropFirst(SysfsPath.deviceNodes.count).split(separator: "/")
        var names = [parts.joined(separator: "!")]
        if parts.count == 3, parts[0] == "dvb", let number = Int(parts[1].dropFirst("adapter".count)) {
            names.append("dvb\(number).\(parts[2])")
        }
        for name in names {
            for kind in classes {
                let found = place("\(SysfsPath.classes)/\(kind)/\(name)")
                if !found.isEmpty { return found }
            }
        }
        guard parts.count == 2, ["dsa", "iax", "cxl", "dax"].contains(parts[0]) else { return [] }
        let buses = [SysfsPath.workQueues, SysfsPath.memoryDevices, SysfsPath.directMemory]
        return buses.lazy.map { self.place("\($0)/\(parts[1])") }.first { !$0.isEmpty } ?? []
    }

    /// Recordings of others may lack a class: then the functions' own directories are looked into.
    private func byDirectory(_ name: String, in kinds: [String]) -> [Found] {
        for address in tree.names(SysfsPath.pciDevices) ?? [] {
            let directory = SysfsPath.pciDevice(address)
            if kinds.contains(where: { tree.exists("\(directory)/\($0)/\(name)") }) { return place(directory) }
        }
        return []
    }

    /// Where a link leads; empty: it is none, or leads to no PCI function.
    private func place(_ path: String) -> [Found] {
        guard let link = tree.link(path) else { return [] }
        let place = DevicePlace(link: link)
        return place.functions.isEmpty ? [] : [Found(place: place)]
    }

    /// Only what stands on other block devices is followed down to them.
    private func disks(_ name: String) -> [Found] {
        var found = place("\(SysfsPath.blockClass)/\(name)")
        if !found.isEmpty { return found }
        for way in blocks.ways(from: name) {
            guard case .disk(let place) = way.end, !place.functions.isEmpty else { continue }
            let next = Found(place: place, names: Array(way.names.dropFirst()))
            if !found.contains(next) { found.append(next) }
        }
        return found
    }

    /// Whoever has a group open has all that is in it: `26`, `noiommu-0`. A mediated device stands for its parent.
    private func group(_ name: String) -> [Found] {
        let number = name.hasPrefix("noiommu-") ? String(name.dropFirst(8)) : name
        guard !number.isEmpty, number.allSatisfy(\.isNumber) else { return [] }
        let listed = tree.names("\(SysfsPath.iommuGroup(number))/devices") ?? []
        let members = listed.isEmpty ? groups[number] ?? [] : listed
        return members.flatMap { member in
            let own = place(SysfsPath.pciDevice(member))
            return own.isEmpty ? place("\(SysfsPath.mediatedDevices)/\(member)") : own
        }
    }

    /// By what the functions themselves say: recordings of others may lack the groups.
    private func functionsByGroup() -> [String: [String]] {
        var groups: [String: [String]] = [:]
        for name in tree.names(SysfsPath.pciDevices) ?? [] {
            let link = tree.link("\(SysfsPath.pciDevice(name))/\(SysfsPath.Function.iommuGroup)")
            if let link { groups[link.lastComponent, default: []].append(name) }
        }
        return groups
    }

    /// One node for all of AMD's cards.
    private static let compute = "/dev/kfd"

    /// A card of NVIDIA: which one is told by its driver alone.
    private static let cards = "/dev/nvidia"
    /// A switch between cards of NVIDIA. Whoever has one of them, which is the fabric manager, has them all.
    private static let switches = "/dev/nvidia-nvswitch"

    private static func isNumbered(_ path: String, _ prefix: String) -> Bool {
        let number = path.dropFirst(prefix.count)
        return path.hasPrefix(prefix) && !number.isEmpty && number.allSatisfy(\.isNumber)
    }

    private func all(of driver: String) -> [Found] {
        (tree.names(SysfsPath.pciDriver(driver)) ?? []).flatMap { place(SysfsPath.pciDevice($0)) }
    }

    /// `Device Minor: 	 0` in `proc/driver/nvidia/gpus/<address>/information` names the card's node.
    private func nvidiaCards() -> [String: PCIAddress] {
        var cards: [String: PCIAddress] = [:]
        for name in tree.names(SysfsPath.nvidiaCards) ?? [] {
            guard let address = PCIAddress(printed: name),
                let text = tree.text("\(SysfsPath.nvidiaCards)/\(name)/information")
            else { continue }
            let line = text.split(separator: "\n").first { $0.hasPrefix("Device Minor:") }
            if let minor = line?.split(separator: ":").last { cards["/dev/nvidia\(minor.trimmingBlanks)"] = address }
        }
        return cards
    }

    /// `/dev/bus/usb/001/004`, by the links of the devices.
    private func usbNodes() -> [String: String] {
        var nodes: [String: String] = [:]
        for name in tree.names(SysfsPath.usbDevices) ?? [] where USBAddress(kernelName: name)?.isRootHub == false {
            let directory = "\(SysfsPath.usbDevices)/\(name)"
            guard let bus = tree.line("\(directory)/busnum").flatMap({ Int($0) }),
                let device = tree.line("\(directory)/devnum").flatMap({ Int($0) })
            else { continue }
            nodes[USBDevice.node(bus: bus, device: device)] = directory
        }
        return nodes
    }
}
