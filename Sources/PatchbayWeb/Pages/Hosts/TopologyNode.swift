import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// One NUMA node in the drawing of a host: its CPUs and memory, and the root complexes near them.
struct TopologyNode: Sendable, Hashable {
    let title: String
    let facts: [String]
    let roots: [Twig]
    let isEmpty: Bool

    init(_ node: HostTree.Node, mates: [Int: Int]) {
        self.title = node.number.map { "NUMA \($0)" } ?? "No NUMA node"
        self.facts = node.cell.map(HostStory.numa) ?? []
        self.roots = node.roots.map { Twig($0, mates: mates) }
        self.isEmpty = node.roots.isEmpty
    }

    /// - Parameter devices: all functions of the host, bridges too.
    static func nodes(of devices: [API.Device], survey: API.Survey, host: String) -> [TopologyNode] {
        let groups = devices.filter { !$0.isBridge }.compactMap(\.iommuGroup)
        let mates = Dictionary(groups.map { ($0, 1) }, uniquingKeysWith: +)
        return HostTreeMaker(devices, survey: survey).make(host: host).nodes.map { TopologyNode($0, mates: mates) }
    }
}

/// One thing in the drawing of a host, and what hangs from it.
///
/// Every field is there for every kind: a template that does not find one would take its parent's.
struct Twig: Sendable, Hashable {
    let isRoot: Bool
    let isPort: Bool
    let isDevice: Bool
    let isFold: Bool
    let isUSB: Bool
    /// Its address, or those of the bridges, or the span of a fold.
    let address: String
    /// The bridges that lead to a device alone.
    let via: String
    let name: String
    let mark: StateMark
    let href: String
    /// Who has it, or what stands in the way.
    let note: String
    /// `g15`; empty without a group.
    let group: String
    let groupTitle: String
    /// More devices than this one are in its group: they go together.
    let hasMates: Bool
    /// What lights up with it.
    let unit: String
    let counts: [StateCount]
    let leaves: [Leaf]
    let children: [Twig]
    let hasChildren: Bool

    /// - Parameter mates: how many devices each IOMMU group has.
    init(_ item: HostTree.Item, mates: [Int: Int]) {
        var parts = Parts()
        var kind = Kind.port
        switch item.kind {
        case .root(let bus):
            kind = .root
            parts.address = bus
            parts.name = "root complex"
        case .bridges(let chain):
            parts.address = Self.path(chain)
            parts.name = chain.last?.briefName ?? ""
        case .device(let device, let chain):
            kind = .device
            parts = Parts(device, mates: mates)
            parts.via = chain.isEmpty ? "" : Self.path(chain)
        case .usb(let device):
            kind = .usb
            parts.address = device.name
            parts.name = device.title
            parts.mark = StateMark(device.state)
            parts.href = device.kind == "device" ? Link.device(id: device.id) : ""
            parts.note =
                device.vm ?? device.holder ?? device.hostUses.first?.words ?? device.nodes.joined(separator: " ")
        case .fold(let fold):
            kind = .fold
            parts = Parts(fold)
        }
        isRoot = kind == .root
        isPort = kind == .port
        isDevice = kind == .device
        isFold = kind == .fold
        isUSB = kind == .usb
        (address, via, name, mark, href) = (parts.address, parts.via, parts.name, parts.mark, parts.href)
        (note, group, groupTitle, hasMates) = (parts.note, parts.group, parts.groupTitle, parts.hasMates)
        (unit, counts, leaves) = (parts.unit, parts.counts, parts.leaves)
        children = item.children.map { Twig($0, mates: mates) }
        hasChildren = !item.children.isEmpty
    }

    private enum Kind { case root, port, device, usb, fold }

    /// The ends of a long way: `02:00.0 → … → 06:00.0`.
    private static func path(_ chain: [API.Device]) -> String {
        let addresses = chain.map(\.shortAddress)
        guard addresses.count > 2, let first = addresses.first, let last = addresses.last else {
            return addresses.joined(separator: " → ")
        }
        return "\(first) → … → \(last)"
    }

    private struct Parts {
        var address = ""
        var via = ""
        var name = ""
        var mark = StateMark(.host)
        var href = ""
        var note = ""
        var group = ""
        var groupTitle = ""
        var hasMates = false
        var unit = ""
        var counts: [StateCount] = []
        var leaves: [Leaf] = []

        init() {}

        init(_ device: API.Device, mates: [Int: Int]) {
            address = device.shortAddress
            name = device.briefName
            mark = StateMark(device.state)
            href = Link.device(device)
            note = device.note
            guard let number = device.iommuGroup else {
                groupTitle = "no IOMMU group"
                return
            }
            let others = (mates[number] ?? 1) - 1
            group = "g\(number)"
            hasMates = others > 0
            groupTitle = others > 0 ? "IOMMU group \(number), with \(others) more" : "IOMMU group \(number), alone"
            unit = "\(device.host)-\(number)"
        }

        init(_ fold: HostTree.Fold) {
            address = fold.span
            name = fold.title
            group = fold.isOfInterest && !fold.groups.isEmpty ? "g\(fold.groups)" : ""
            groupTitle = group.isEmpty ? "" : "IOMMU groups \(fold.groups)"
            counts = fold.isOfInterest ? StateCount.counts(of: fold.devices) : []
            leaves = fold.devices.map(Leaf.init)
        }
    }
}

/// One function of a fold, as a small box.
struct Leaf: Sendable, Hashable {
    let address: String
    let mark: StateMark
    let href: String
    /// All of it, for those who hover or listen.
    let spoken: String

    init(_ device: API.Device) {
        address = device.shortAddress
        mark = StateMark(device.state)
        href = Link.device(device)
        spoken = device.spokenName + (device.note.isEmpty ? "" : ", \(device.note)")
    }
}
