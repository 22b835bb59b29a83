/// How much of one resource class a provider has.
package struct NovaInventory: Hashable, Sendable {
    package var total: Int
    /// The most that one request may take.
    package var maxUnit: Int
    /// What is there but is given to nobody.
    package var reserved: Int

    package init(total: Int, reserved: Int = 0) {
        self.total = total
        self.maxUnit = total
        self.reserved = reserved
    }
}

/// A resource provider: something on a host that OpenStack's placement allocates from.
///
/// One stands for a PCI device, or for a physical function with all its virtual ones, which are what it has to give.
package struct NovaProvider: Hashable, Sendable {
    /// `atlas_0000:3B:00.0`: the host and the address, in capitals.
    package var name: String
    /// Sorted.
    package var traits: [String]
    /// By resource class.
    package var inventories: [String: NovaInventory]

    package init(name: String, traits: [String], inventories: [String: NovaInventory]) {
        self.name = name
        self.traits = traits
        self.inventories = inventories
    }

    /// Made from the devices of a host. Without this mark it is somebody else's and is left alone.
    package var isManaged: Bool { traits.contains(Self.managedTrait) }

    static let managedTrait = "COMPUTE_MANAGED_PCI_DEVICE"
    static let ownerTrait = "OWNER_NOVA"
    static let liveMigratableTrait = "HW_PCI_LIVE_MIGRATABLE"
    static let oneTimeUseTrait = "HW_PCI_ONE_TIME_USE"
}
