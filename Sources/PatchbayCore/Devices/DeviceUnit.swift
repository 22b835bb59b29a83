/// What is handed over at once: a primary and the rest of its group that is no bridge.
package struct DeviceUnit: Hashable, Codable, Sendable {
    package var primary: PCIAddress
    /// They go along with the primary into the same guest. Sorted.
    package var companions: [PCIAddress]
    /// Members that are bridges: they stay with the host.
    package var bridges: [PCIAddress]

    package init(primary: PCIAddress, companions: [PCIAddress], bridges: [PCIAddress]) {
        self.primary = primary
        self.companions = companions
        self.bridges = bridges
    }

    /// Everything that changes hands, sorted by address.
    package var members: [PCIAddress] { ([primary] + companions).sorted() }
}
