/// How the functions of a host are plugged into each other, by their topology paths.
package struct PCITopology: Sendable {
    private let addresses: [String: PCIAddress]
    private let paths: [PCIAddress: String]
    /// The other functions of the same device, by the path without the function number.
    private let devices: [Substring: [PCIAddress]]

    /// Virtual functions are found by their own path, but are nobody's parent: on a parent's next bus number one may
    /// have the path of another function.
    package init(_ inventory: Inventory) {
        var addresses: [String: PCIAddress] = [:]
        var paths: [PCIAddress: String] = [:]
        var devices: [Substring: [PCIAddress]] = [:]
        for function in inventory.functions where !function.topologyPath.isEmpty {
            paths[function.address] = function.topologyPath
            if case .virtual = function.role { continue }
            addresses[function.topologyPath] = function.address
            devices[function.topologyPath.dropLast(2), default: []].append(function.address)
        }
        self.addresses = addresses
        self.paths = paths
        self.devices = devices
    }

    package subscript(path: String) -> PCIAddress? { addresses[path] }

    /// The port it is plugged into; nil: it is on a root bus, or the port is not in the inventory.
    package func parent(of address: PCIAddress) -> PCIAddress? {
        guard let path = paths[address], let slash = path.lastIndex(of: "/") else { return nil }
        return addresses[String(path[..<slash])]
    }

    /// All ports between it and the root bus, nearest first.
    package func ancestors(of address: PCIAddress) -> [PCIAddress] {
        var ancestors: [PCIAddress] = []
        // Paths get shorter with every step, so this ends.
        var next = parent(of: address)
        while let port = next {
            ancestors.append(port)
            next = parent(of: port)
        }
        return ancestors
    }

    /// The functions that answer in one slot, itself among them. A virtual function is alone.
    package func functions(ofDeviceOf address: PCIAddress) -> [PCIAddress] {
        guard let path = paths[address], addresses[path] == address else { return [address] }
        return devices[path.dropLast(2)] ?? [address]
    }
}
