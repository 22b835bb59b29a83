/// One unit of a host as placement sees it: what may be handed over at once, and what that excludes.
package struct StockUnit: Hashable, Sendable {
    /// The devices that change hands, sorted; the first is the primary unless a pool or a request names another.
    package var members: [DeviceKey]
    /// Members that may be asked for by address: some pool has them. Sorted.
    package var askable: [DeviceKey]
    /// Members of its group that stay with the host: bridges and parked parts of the chipset. Sorted.
    package var bridges: [PCIAddress]
    /// nil: the platform does not say.
    package var node: NUMANode?
    /// The physical function that it is, or is made of; nil: no SR-IOV.
    package var family: Family?
    /// The slot of the card that it is part of, or is made of.
    package var card: String
    /// From the root bus down: `pci0000:00/02.0/00.0/01.0`, the last being its own port.
    package var ports: [String]
    /// The device that takes it along, being what it is plugged into; nil: none that could be lent.
    package var carrier: DeviceKey?

    package enum Family: Hashable, Sendable {
        /// It is that physical function.
        case physical(PCIAddress)
        /// It is a virtual function of that one.
        case virtual(PCIAddress)

        var parent: PCIAddress {
            switch self {
            case .physical(let address), .virtual(let address): address
            }
        }
    }

    package init(
        members: [DeviceKey], askable: [DeviceKey]? = nil, bridges: [PCIAddress] = [], node: NUMANode? = nil,
        family: Family? = nil, card: String = "", ports: [String] = [], carrier: DeviceKey? = nil
    ) {
        self.members = members
        self.askable = askable ?? members
        self.bridges = bridges
        self.node = node
        self.family = family
        self.card = card
        self.ports = ports
        self.carrier = carrier
    }
}

/// What of a host's units a pool has.
package struct PoolStock: Hashable, Sendable {
    /// Units with the same tags in this pool.
    package struct Tagged: Hashable, Sendable {
        package var tags: DeviceTags
        package var units: UnitSet
        package init(tags: DeviceTags, units: UnitSet) {
            self.tags = tags
            self.units = units
        }
    }

    package private(set) var units: UnitSet
    /// Fewest tags first: what is ordinary is given away before what is special.
    package let tagged: [Tagged]
    /// Where the pool means another member than the unit's first.
    package let primaries: [Int: DeviceKey]

    package init(_ tagged: [Tagged], primaries: [Int: DeviceKey] = [:]) {
        self.tagged = tagged.sorted { a, b in
            a.tags.count != b.tags.count ? a.tags.count < b.tags.count : a.units.lowest ?? 0 < b.units.lowest ?? 0
        }
        self.primaries = primaries
        units = tagged.reduce(into: UnitSet()) { $0.formUnion($1.units) }
    }
}
