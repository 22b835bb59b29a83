/// What a `device_spec` asks the host it is read on.
package struct NovaHost: Hashable, Sendable {
    /// A function that can make virtual ones.
    package struct Parent: Hashable, Sendable {
        package var id: PCIID
        /// Product id of its virtual functions; nil: not known.
        package var virtualProduct: UInt16?

        package init(id: PCIID, virtualProduct: UInt16?) {
            self.id = id
            self.virtualProduct = virtualProduct
        }
    }
    /// Functions with `sriov_totalvfs` above 0.
    package var parents: [PCIAddress: Parent]
    /// Functions by the name of the network interface on them.
    package var interfaces: [String: PCIAddress]

    package init(parents: [PCIAddress: Parent] = [:], interfaces: [String: PCIAddress] = [:]) {
        self.parents = parents
        self.interfaces = interfaces
    }

    package init(_ inventory: Inventory) {
        self.init()
        for function in inventory.functions {
            if function.deviceClass.isNetwork {
                for node in function.nodes { interfaces[node] = function.address }
            }
            guard case .physical(let total, _, let children) = function.role, total > 0 else { continue }
            let announced = function.details?.capabilities?.sriov?.vfDeviceID
            parents[function.address] = Parent(
                id: function.id, virtualProduct: announced ?? children.first.flatMap { inventory[$0]?.id.device })
        }
    }
}
