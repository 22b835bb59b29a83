import PatchbayCore

/// Makes the details of many functions of one inventory: what would be looked for again for each is looked up.
package struct DetailsMaker {
    private let inventory: Inventory
    private let bridges: [String: PCIAddress]
    private let judge: IsolationJudge
    private let parents: [PCIAddress: PatchbayCore.MediatedParent]

    package init(_ inventory: Inventory) {
        self.inventory = inventory
        judge = IsolationJudge(inventory)
        bridges = Dictionary(
            inventory.functions.filter(\.isBridge).map { ($0.topologyPath, $0.address) },
            uniquingKeysWith: { first, _ in first })
        parents = Dictionary(
            (inventory.survey?.mediatedParents ?? []).map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func details(of function: PCIFunction) -> API.DeviceDetails {
        API.DeviceDetails(
            of: function, in: inventory, bridges: bridges(above: function),
            isolation: function.iommuGroup.flatMap { inventory.group($0) }.map { judge.isolation(of: $0) },
            mediated: parents[function.address])
    }

    /// The bridges between the root bus and a function, from the top. A virtual function's are those of its parent.
    private func bridges(above function: PCIFunction) -> [PCIAddress] {
        var path = function.topologyPath
        if case .virtual(let parent, _) = function.role, let physical = inventory[parent] {
            path = physical.topologyPath
        }
        return path.indices.filter { path[$0] == "/" }.compactMap { bridges[String(path[..<$0])] }
    }
}
