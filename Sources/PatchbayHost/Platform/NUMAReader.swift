import PatchbayCore

/// The NUMA nodes of a host with their memory, pages and distances. A kernel without NUMA shows none.
struct NUMAReader {
    let tree: HostTree
    let layout: NUMALayout
    let topology: CPUTopology

    /// Sorted by node. A node may have no CPUs: memory of a GPU, or of a device on CXL.
    func cells() -> [NUMACell] {
        layout.nodes.map { node in
            let path = SysfsPath.numaNode("node\(node)")
            let cpus = layout.cpus(of: node).sorted()
            let memory = MemoryLines(tree.text("\(path)/meminfo") ?? "")
            return NUMACell(
                node: node, cpus: cpus, cores: topology.cores(of: cpus),
                sockets: Set(cpus.compactMap { topology.cpus[$0]?.socket }).sorted(),
                memoryMiB: memory.mebibytes("MemTotal"), freeMiB: memory.mebibytes("MemFree"),
                hugepages: Self.hugepages(of: node, tree), distances: distances("\(path)/distance"))
        }
    }

    /// The same nodes with their hugepages as they are now, where there are any.
    static func pagesAgain(_ cells: [NUMACell], _ tree: HostTree) -> [NUMACell] {
        cells.map { cell in
            guard cell.hugepages.contains(where: { $0.total > 0 }) else { return cell }
            var cell = cell
            cell.hugepages = hugepages(of: cell.node, tree)
            return cell
        }
    }

    /// `hugepages-2048kB/nr_hugepages`. Sorted by size.
    private static func hugepages(of node: NUMANode, _ tree: HostTree) -> [HugepagePool] {
        let path = "\(SysfsPath.numaNode("node\(node)"))/hugepages"
        let pools = (tree.names(path) ?? []).compactMap { name -> HugepagePool? in
            guard name.hasPrefix("hugepages-"), name.hasSuffix("kB"), let size = Int(name.dropFirst(10).dropLast(2)),
                let directory = AttributeDirectory(tree, "\(path)/\(name)"),
                let total = directory.decimal("nr_hugepages"), let free = directory.decimal("free_hugepages")
            else { return nil }
            return HugepagePool(sizeKiB: size, total: total, free: free)
        }
        return pools.sorted { $0.sizeKiB < $1.sizeKiB }
    }

    /// `10 21`. Empty when it is not there or no list of numbers.
    private func distances(_ path: String) -> [Int] {
        let words = (tree.line(path) ?? "").split(separator: " ")
        let numbers = words.compactMap { Int($0) }
        return numbers.count == words.count ? numbers : []
    }
}

/// Lines of `meminfo`, of the host (`MemTotal: 16384 kB`) or of a node (`Node 0 MemTotal: 16384 kB`).
struct MemoryLines {
    private let text: String

    init(_ text: String) { self.text = text }

    /// nil: no such line, or no number in it.
    func mebibytes(_ key: String) -> Int? {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let at = words.firstIndex(of: "\(key):"), at + 1 < words.count else { continue }
            return Int(words[at + 1]).map { $0 / 1024 }
        }
        return nil
    }
}
