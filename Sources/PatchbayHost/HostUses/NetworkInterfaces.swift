import PatchbayCore

/// The network interfaces of a host and what they stand on: VLANs and macvlans on their lower interface, bridges on
/// their ports, bonds and teams on their members.
struct NetworkInterfaces {
    /// One way down from an interface.
    struct Way: Equatable {
        /// Interfaces, outermost first.
        var names: [String]
        /// All functions on the way to the last interface, its own last. Empty: the way ends on no PCI bus.
        var functions: [PCIAddress]
        /// Another working member would take over if this one went away.
        var isRedundant: Bool
    }

    let tree: HostTree

    func ways(from name: String) -> [Way] { ways(from: name, passed: []) }

    private func ways(from name: String, passed: [String]) -> [Way] {
        let names = passed + [name]
        guard !passed.contains(name), names.count < 32, !name.contains("/") else { return [] }
        let functions = tree.link(SysfsPath.netInterface(name)).map { TopologyPath.functions($0) } ?? []
        if !functions.isEmpty { return [Way(names: names, functions: functions, isRedundant: false)] }
        let lower = lowerInterfaces(name)
        if lower.isEmpty { return [Way(names: names, functions: [], isRedundant: false)] }
        let ways = lower.flatMap { self.ways(from: $0, passed: names) }
        return isBond(name) ? markingRedundancy(ways, depth: names.count) : ways
    }

    /// `lower_*` links are of Linux 3.15 and later; the others tell the same to older recordings.
    private func lowerInterfaces(_ name: String) -> [String] {
        let directory = SysfsPath.netInterface(name)
        var lower = Set((tree.names(directory) ?? []).filter { $0.hasPrefix("lower_") }.map { String($0.dropFirst(6)) })
        lower.formUnion(tree.names("\(directory)/brif") ?? [])
        lower.formUnion(tree.line("\(directory)/bonding/slaves")?.split(separator: " ").map(String.init) ?? [])
        return lower.sorted()
    }

    private func isBond(_ name: String) -> Bool { tree.exists("\(SysfsPath.netInterface(name))/bonding") }

    /// A member may go when another working one stays that leaves not with it: what shares an IOMMU group goes together.
    private func markingRedundancy(_ ways: [Way], depth: Int) -> [Way] {
        ways.map { way in
            let mates = companions(of: way)
            let isCovered = ways.contains { other in
                other.names.count > depth && isWorking(other.names[depth]) && !other.functions.isEmpty
                    && companions(of: other).isDisjoint(with: mates)
            }
            var marked = way
            marked.isRedundant = isCovered
            return marked
        }
    }

    private func companions(of way: Way) -> Set<String> {
        guard let function = way.functions.last else { return [] }
        let members = tree.names("\(SysfsPath.pciDevice(function.description))/iommu_group/devices") ?? []
        return Set(members + [function.description])
    }

    private func isWorking(_ name: String) -> Bool {
        let directory = SysfsPath.netInterface(name)
        if let carrier = tree.line("\(directory)/carrier") { return carrier == "1" }
        return tree.line("\(directory)/operstate") != "down"
    }
}
