import PatchbayAPI
import PatchbayCore

/// The devices near one NUMA node, by the bridge they hang from.
struct TopologyNode: Sendable, Hashable {
    let title: String
    let branches: [Branch]

    struct Branch: Sendable, Hashable {
        let root: String
        let chips: [Chip]
    }

    struct Chip: Sendable, Hashable {
        let address: String
        let name: String
        let mark: StateMark
        /// `g15`; empty without a group.
        let group: String
        let groupTitle: String
        let href: String
    }

    static func nodes(of devices: [API.Device]) -> [TopologyNode] {
        let byNode = Dictionary(grouping: devices.filter { !$0.isBridge }, by: \.numaNode)
        return byNode.keys.sorted { ($0 ?? .max) < ($1 ?? .max) }.map { node in
            TopologyNode(title: node.map { "NUMA \($0)" } ?? "No NUMA node", branches: branches(of: byNode[node] ?? []))
        }
    }

    private static func branches(of devices: [API.Device]) -> [Branch] {
        let byRoot = Dictionary(grouping: devices) { root(of: $0.topologyPath) }
        return byRoot.keys.sorted().map { root in
            Branch(
                root: root,
                chips: (byRoot[root] ?? []).map {
                    Chip(
                        address: $0.shortAddress, name: $0.briefName, mark: StateMark($0.state),
                        group: $0.iommuGroup.map { "g\($0)" } ?? "",
                        groupTitle: $0.iommuGroup.map { "IOMMU group \($0)" } ?? "no IOMMU group",
                        href: Link.device($0))
                })
        }
    }

    /// The root port, `00:02.0` of `pci0000:00/02.0/00.0`; the root bus for devices directly on it.
    private static func root(of path: String) -> String {
        let parts = path.split(separator: "/")
        guard let bus = parts.first else { return "–" }
        let name = bus.hasPrefix("pci0000:") ? bus.dropFirst(8) : bus.dropFirst(bus.hasPrefix("pci") ? 3 : 0)
        return parts.count > 2 ? "\(name):\(parts[1])" : "\(name)"
    }
}
