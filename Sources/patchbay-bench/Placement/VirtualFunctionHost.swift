import PatchbayCore

/// One host with thousands of virtual functions over eight NUMA nodes.
enum VirtualFunctionHost {
    static func standing(functions: Int) -> HostStanding {
        let parents = max(1, functions / 64)
        let units = (0..<functions).map { number in
            let parent = number % parents
            let node = parent % 8
            return StockUnit(
                members: [
                    PCIAddress(
                        domain: UInt32(1 + parent / 256), bus: UInt8(parent % 256), slot: UInt8(number / parents / 8),
                        function: UInt8(number / parents % 8))!.key
                ],
                node: NUMANode(node),
                family: .virtual(
                    PCIAddress(domain: UInt32(1000 + parent / 256), bus: UInt8(parent % 256), slot: 0, function: 0)!),
                card: "\(parent)", ports: ["pci\(node)", "01.0", "00.0", "\(parent)"])
        }
        let pool = PoolStock([PoolStock.Tagged(tags: [:], units: UnitSet(below: functions))])
        let sockets = Dictionary(uniqueKeysWithValues: (0..<8).map { (NUMANode($0), [$0 / 4]) })
        return HostStanding(
            shape: HostShape(units: units, pools: ["vfs": pool], sockets: sockets), lendable: UnitSet(below: functions))
    }
}
