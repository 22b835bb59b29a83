/// What is handed over at once: a primary and, of a PCI function, the rest of its group that does not stay with the host.
package struct DeviceUnit: Hashable, Codable, Sendable {
    package var primary: DeviceKey
    /// They go along with the primary into the same guest. Sorted.
    package var companions: [DeviceKey]
    /// Members that stay with the host: bridges, and parked parts of the processor or chipset, which are left without a
    /// driver of the host and are given to no guest.
    package var bridges: [PCIAddress]

    package init(primary: DeviceKey, companions: [DeviceKey], bridges: [PCIAddress]) {
        self.primary = primary
        self.companions = companions
        self.bridges = bridges
    }

    /// Everything that changes hands, sorted.
    package var members: [DeviceKey] { ([primary] + companions).sorted() }
}
