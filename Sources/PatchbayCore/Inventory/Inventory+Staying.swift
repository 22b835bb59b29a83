extension Inventory {
    /// Whether a member of an IOMMU group stays where it is when its mates are handed over: bridges, and parts of the
    /// processor or chipset that no driver of the host works with.
    ///
    /// A group is viable when every endpoint in it is on VFIO, on pci-stub or without a driver; bridges do not count
    /// (`vfio_dev_viable` in `drivers/vfio/group.c`, `pci_stub` and `pcieport` are `driver_managed_dma`).
    package func staysWithHost(_ function: PCIFunction) -> Bool {
        function.isBridge || function.lendsItsGroup && isPartOfBoard(function.address)
    }

    /// The host needs it for being part of the processor or chipset, and for nothing else. Whoever has its group open on VFIO
    /// has its mates.
    private func isPartOfBoard(_ address: PCIAddress) -> Bool {
        let uses = (hostUses[address] ?? []).filter { !$0.isOpenGroup }
        return !uses.isEmpty && uses.allSatisfy { $0.reason == .chipset && $0.severity == .critical }
    }
}

extension HostUse {
    fileprivate var isOpenGroup: Bool { reason == .holder && chain.contains { $0.hasPrefix("/dev/vfio/") } }
}

extension PCIFunction {
    /// No driver of the host works with it, so VFIO lets its mates go.
    fileprivate var lendsItsGroup: Bool { driver == nil || driver == Self.stubDriver || isOnVFIO }

    /// Holds a device for nobody, so that no other driver takes it.
    private static let stubDriver = "pci-stub"
}
