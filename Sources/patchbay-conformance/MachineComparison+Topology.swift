import PatchbayCore
import PatchbayHost

extension MachineComparison {
    func kindDifferences() -> [String] {
        compareSets("bridges", addresses { $0.isBridge }, Set(truth.bridges))
            + compareSets("displays", addresses { $0.deviceClass.isDisplay }, Set(truth.gpus))
            + compareSets("NVMe", addresses { $0.deviceClass.baseAndSub == 0x0108 }, Set(truth.nvme))
            + compareSets("network", addresses { $0.deviceClass.isNetwork }, Set(truth.network))
            + compareSets(
                "boot display", addresses { $0.isBootDisplay == true }, Set(truth.boot_vga.map { [$0] } ?? []))
    }

    private func addresses(_ isWanted: (PCIFunction) -> Bool) -> Set<String> {
        Set(inventory.functions.filter(isWanted).map(\.address.description))
    }

    /// Groups of mediated devices alone are not among the truth's `iommu_groups`; so they are not among ours.
    func groupDifferences() -> [String] {
        let ours = Dictionary(uniqueKeysWithValues: inventory.groups.map { ($0.id.description, $0.members) })
        var differences = compare("number of groups", inventory.groups.count, truth.iommu_group_count)
        differences += compareSets("groups", Set(ours.keys), Set(truth.iommu_groups.keys))
        for (id, members) in truth.iommu_groups {
            differences += compareSets("group \(id)", Set((ours[id] ?? []).map(\.description)), Set(members))
        }
        let several = inventory.groups.filter { $0.members.count > 1 }.map(\.id.rawValue)
        differences += compare("groups with several", several.sorted(), truth.iommu_groups_with_several.sorted())
        if let without = truth.functions_without_group {
            differences += compare(
                "functions without group", inventory.functions.count { $0.iommuGroup == nil }, without)
        }
        let isActive = inventory.readiness.iommu == .active
        return differences + compare("IOMMU active", isActive, truth.iommu_group_count > 0)
    }

    func virtualisationDifferences() -> [String] {
        var differences = compareSets(
            "physical functions", addresses { $0.role.word == "type-PF" }, Set(truth.sriov.map(\.pf)))
        differences += compareSets(
            "virtual functions", addresses { $0.role.word == "type-VF" }, Set(truth.sriov.flatMap(\.vfs)))
        for expected in truth.sriov {
            guard let function = inventory.functions.first(where: { $0.address.description == expected.pf }),
                case .physical(let total, let active, let children) = function.role
            else { continue }
            differences += compare("\(expected.pf) total", total, expected.total_vfs)
            differences += compare("\(expected.pf) active", active, expected.num_vfs)
            differences += compare("\(expected.pf) functions", children.map(\.description), expected.vfs)
            differences += capabilityDifferences(function, expected)
            for (index, child) in children.enumerated() {
                let role = PCIRole.virtual(parent: function.address, index: index)
                differences += compare("\(child) role", inventory[child]?.role, role)
            }
        }
        return differences
    }

    /// What the capability says, which may be more than the driver allows.
    private func capabilityDifferences(
        _ function: PCIFunction, _ expected: Machine.PhysicalFunction
    ) -> [String] {
        let capability = function.details?.capabilities?.sriov
        let told = [
            ("initial", capability?.initialVFs, expected.capability_initial_vfs),
            ("total", capability?.totalVFs, expected.capability_total_vfs),
            ("number", capability?.numVFs, expected.capability_num_vfs),
        ]
        return told.flatMap { what, ours, theirs in
            theirs.map { compare("\(expected.pf) capability \(what)", ours, $0) } ?? []
        }
    }

    /// Interfaces and disks on their functions. Paths that only their multipath head may use are nobody's.
    func nodeDifferences() -> [String] {
        var expected = Set(truth.net.map { "\($0.value) \($0.key)" })
        for (disk, function) in truth.block where !truth.block_hidden.contains(disk) {
            expected.insert("\(function) \(disk)")
        }
        for (disk, functions) in truth.block_nvme_multipath {
            expected.formUnion(functions.map { "\($0) \(disk)" })
        }
        let ours = inventory.functions.flatMap { function in function.nodes.map { "\(function.address) \($0)" } }
        return compareSets("interfaces and disks", Set(ours), expected)
    }

    func hostDifferences() -> [String] {
        var differences: [String] = []
        if let nodes = truth.numa_nodes {
            differences += compareSets(
                "NUMA nodes", Set(inventory.host.numaNodes.map(\.description)), Set(nodes.keys))
        }
        if let cpus = truth.pus_by_hwloc { differences += compare("CPUs", inventory.host.cpuCount, cpus) }
        return differences
    }
}
