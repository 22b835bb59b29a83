/// What is handed over at once: a primary and, of a PCI function, the rest of its group that is no bridge.
package struct DeviceUnit: Hashable, Codable, Sendable {
    package var primary: DeviceKey
    /// They go along with the primary into the same guest. Sorted.
    package var companions: [DeviceKey]
    /// Members that are bridges: they stay with the host.
    package var bridges: [PCIAddress]

    package init(primary: DeviceKey, companions: [DeviceKey], bridges: [PCIAddress]) {
        self.primary = primary
        self.companions = companions
        self.bridges = bridges
    }

    /// Everything that changes hands, sorted.
    package var members: [DeviceKey] { ([primary] + companions).sorted() }
}
