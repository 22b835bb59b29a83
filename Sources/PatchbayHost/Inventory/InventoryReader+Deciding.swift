import PatchbayCore

extension InventoryReader {
    /// The host as far as it decides whether functions may be taken: they and the members that their groups have now are read
    /// again, nothing deep, with their host uses of every kind, and readiness; and what is in other namespaces, where they have
    /// disks or are network cards. What else it holds is as old as `earlier`. Throws as `observe()` does.
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
        let names = names.union(mates(of: names, tree)).union(mates(of: names, earlier.inventory))
        let touched = try ReadingTrouble.watch(root: root, countsDenied: isRoot) {
            readings.read(again: names, tree, numa: NUMALayout(tree), locked: locked)
        }
        let asked = asked(Set(names.lazy.compactMap { PCIAddress(printed: $0) }), readings)
        return try ReadingTrouble.watch(root: root) { [readings] in
            put(together: asked.union(touched), of: readings, touching: touched, tree, asked: asked, since: earlier)
        }
    }

    /// - Parameter asked: those whose uses are worked out again.
    private func put(
        together again: Set<PCIAddress>, of readings: FunctionReadings, touching touched: Set<PCIAddress>,
        _ tree: HostTree, asked: Set<PCIAddress>, since earlier: Result
    ) -> Inventory {
        var inventory = earlier.inventory
        let blocks = BlockDevices(tree)
        var survey = FunctionSurvey(readings, host: inventory.host.name, asked: again)
        survey.addNodes(blocks: blocks, tree: tree)
        survey.addSilence(tree: tree)
        let groups = survey.groups(tree, since: inventory.groups, touching: touched)
        let readiness = ReadinessReader(tree: tree, isPCIGrouped: !groups.isEmpty).read(release: inventory.host.kernel)
        var part = Inventory(
            host: inventory.host, readiness: readiness, functions: survey.functions, groups: groups)
        part.keepDetails(of: inventory, butFor: [])
        inventory.replace(again, by: part.functions)
        inventory.groups = part.groups
        inventory.readiness = readiness

        let before = touched.map { earlier.inventory[$0] }
        let sights = HolderScan(tree: tree).again(
            earlier.sights, mounts: before.contains { $0?.mayHaveDisks ?? true },
            networks: before.contains { $0?.deviceClass.isNetwork ?? true })
        let uses = HostUses(
            tree: tree, inventory: inventory, blocks: blocks, peers: peers, sights: sights, locked: locked,
            asked: asked
        ).read().uses
        for address in asked { inventory.hostUses[address] = uses[address] }
        return inventory
    }

    /// With the virtual functions that go when they go, and the displays: each tells whether another one is the only one.
    private func asked(_ decided: Set<PCIAddress>, _ readings: FunctionReadings) -> Set<PCIAddress> {
        var asked = decided
        for index in readings.functions.indices {
            let address = readings.functions[index].address
            if readings.functions[index].deviceClass.isDisplay { asked.insert(address) }
            if case .virtual(let parent, _) = readings.functions[index].role, decided.contains(parent) {
                asked.insert(address)
            }
        }
        return asked
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
