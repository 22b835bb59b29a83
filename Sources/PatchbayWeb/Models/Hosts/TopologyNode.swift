import PatchbayAPI
import PatchbayCore

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
