import PatchbayCore

/// The host's NUMA nodes and their CPUs, for functions of which the firmware did not say where they are.
struct NUMALayout {
    /// Sorted.
    let nodes: [NUMANode]
    /// Of all nodes together; nil: no node tells its CPUs.
    let cpuCount: Int?
    private let cpusByNode: [NUMANode: Set<Int>]
    private let nodeByCPUs: [Set<Int>: NUMANode]

    init(_ tree: HostTree) {
        var cpus: [NUMANode: Set<Int>] = [:]
        for name in tree.names(SysfsPath.numaNodes) ?? [] where name.hasPrefix("node") {
            guard let number = Int(name.dropFirst(4)), number >= 0, number <= 0xffff else { continue }
            let list = tree.text("\(SysfsPath.numaNode(name))/cpulist")
            cpus[NUMANode(number)] = list.flatMap { KernelText.cpuList($0) } ?? []
        }
        nodes = cpus.keys.sorted()
        cpusByNode = cpus
        let count = cpus.values.reduce(into: Set()) { $0.formUnion($1) }.count
        cpuCount = count == 0 ? nil : count
        var nodeByCPUs: [Set<Int>: NUMANode] = [:]
        for (node, cpus) in cpus where !cpus.isEmpty { nodeByCPUs[cpus] = node }
        self.nodeByCPUs = nodeByCPUs
    }

    /// Empty for a node of memory only.
    func cpus(of node: NUMANode) -> Set<Int> { cpusByNode[node] ?? [] }

    /// Whether a function's CPU list could tell anything: with one node it is always the whole machine.
    var isWorthAsking: Bool { nodeByCPUs.count > 1 }

    /// The node whose CPUs are exactly those that the kernel calls near. nil: it calls all or some other set near.
    func node(nearCPUs list: String) -> NUMANode? { KernelText.cpuList(list).flatMap { nodeByCPUs[$0] } }
}
