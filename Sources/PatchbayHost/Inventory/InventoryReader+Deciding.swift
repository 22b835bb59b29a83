import PatchbayCore

extension InventoryReader {
    /// The host as far as it decides whether functions may be taken: they and the members that their groups have now are read
    /// again, nothing deep, and so is what is read each time: readiness and host uses of every kind; and what is in other
    /// namespaces, where they have disks or are network cards. What else it holds is as old as `earlier`. Throws as
    /// `observe()` does.
    ///
    /// - Parameters:
    ///   - names: of directories below `sys/bus/pci/devices`.
    ///   - earlier: nil: everything is read.
    package func reading(deciding names: Set<String>, since earlier: Result?) throws(Problem) -> Inventory {
        guard let earlier, earlier.readings.isBusKnown, earlier.readings.doubled.isEmpty else {
            return try observe().inventory
        }
        let tree = try openTree()
        var readings = earlier.readings
        let touched = try ReadingTrouble.watch(root: root, countsDenied: isRoot) {
            readings.read(
                again: names.union(mates(of: names, tree)).union(mates(of: names, earlier.inventory)), tree,
                numa: NUMALayout(tree), locked: locked)
        }
        return try ReadingTrouble.watch(root: root) {
            let functions = touched.map { earlier.inventory[$0] }
            let sights = HolderScan(tree: tree).again(
                earlier.sights, mounts: functions.contains { $0?.mayHaveDisks ?? true },
                networks: functions.contains { $0?.deviceClass.isNetwork ?? true })
            var inventory = result(
                tree, earlier.inventory.host, readings, since: earlier.inventory.groups, touching: touched,
                knowing: sights
            ).inventory
            inventory.survey = earlier.inventory.survey
            inventory.keepDetails(of: earlier.inventory, butFor: [])
            return inventory
        }
    }

    /// `/sys/kernel/iommu_groups/<id>/devices` has a function that joined the group since as well.
    private func mates(of names: Set<String>, _ tree: HostTree) -> [String] {
        let groups = Set(
            names.compactMap { name in
                tree.link("\(SysfsPath.pciDevice(name))/\(SysfsPath.Function.iommuGroup)")?.lastComponent
            })
        return groups.flatMap { tree.names("\(SysfsPath.iommuGroup($0))/devices") ?? [] }
    }

    /// Those that were in its groups before.
    private func mates(of names: Set<String>, _ inventory: Inventory) -> [String] {
        let groups = Set(names.lazy.compactMap { PCIAddress(printed: $0) }.compactMap { inventory[$0]?.iommuGroup })
        return groups.flatMap { inventory.group($0)?.members.map(\.description) ?? [] }
    }
}
