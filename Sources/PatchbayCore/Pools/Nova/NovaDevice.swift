/// A PCI device as Nova's hypervisor driver reports it.
package struct NovaDevice: Hashable, Sendable {
    /// `type-PCI`, `type-PF`, `type-VF`, `vdpa`
    package var type: String
    package var address: PCIAddress
    package var vendor: UInt16
    package var product: UInt16
    /// The physical function of a virtual one.
    package var parent: PCIAddress?
    package var numaNode: NUMANode?
    /// Serial number of the card, from its vital product data; nil or empty: none.
    package var cardSerial: String?

    package init(
        type: String = "type-PCI", address: PCIAddress, vendor: UInt16, product: UInt16, parent: PCIAddress? = nil,
        numaNode: NUMANode? = nil, cardSerial: String? = nil
    ) {
        self.type = type
        self.address = address
        self.vendor = vendor
        self.product = product
        self.parent = parent
        self.numaNode = numaNode
        self.cardSerial = cardSerial
    }

    package init(_ function: PCIFunction) {
        self.init(
            type: function.role.word, address: function.address, vendor: function.id.vendor,
            product: function.id.device, numaNode: function.numaNode,
            cardSerial: function.details?.serials.first { $0.kind == .vpd }?.value)
        if case .virtual(let parent, _) = function.role { self.parent = parent }
    }

    /// Nova can count domains only up to ffff; a device beyond is left out by it, and named as such by us.
    package var isInRange: Bool { address.domain <= 0xffff }
}
