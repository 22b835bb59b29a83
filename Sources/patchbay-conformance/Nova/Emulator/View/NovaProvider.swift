import PatchbayCore

/// How much of one resource class a provider has.
struct NovaInventory: Hashable, Sendable {
    var total: Int
    /// The most that one request may take.
    var maxUnit: Int
    /// What is there but is given to nobody.
    var reserved: Int

    init(total: Int, reserved: Int = 0) {
        self.total = total
        self.maxUnit = total
        self.reserved = reserved
    }
}

/// A resource provider: something on a host that OpenStack's placement allocates from.
///
/// One stands for a PCI device, or for a physical function with all its virtual ones, which are what it has to give.
struct NovaProvider: Hashable, Sendable {
    /// `atlas_0000:3B:00.0`: the host and the address, in capitals.
    var name: String
    /// Sorted.
    var traits: [String]
    /// By resource class.
    var inventories: [String: NovaInventory]

    init(name: String, traits: [String], inventories: [String: NovaInventory]) {
        self.name = name
        self.traits = traits
        self.inventories = inventories
    }

    /// Made from the devices of a host. Without this mark it is somebody else's and is left alone.
    var isManaged: Bool { traits.contains(Self.managedTrait) }

    static let managedTrait = "COMPUTE_MANAGED_PCI_DEVICE"
    static let ownerTrait = "OWNER_NOVA"
}
