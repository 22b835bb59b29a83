import PatchbayAPI
import PatchbayCore

extension Fleet {
    /// Every device of a host as it is shown, those that vanished while somebody holds them last.
    func devices(of host: String) -> [API.Device] {
        guard let view = view(of: host) else { return [] }
        let kept = kept(in: view)
        let known = view.inventory.functions.map { device($0, in: view, kept) }
        return known + view.missing.compactMap(\.pci).map { device(Self.vanished($0), in: view, kept) }
    }

    private func device(_ function: PCIFunction, in view: HostView, _ kept: Set<DeviceKey>) -> API.Device {
        let key = function.key
        let (state, reason) = state(of: key, in: view)
        var device = API.Device(
            function, in: view.inventory,
            standing: API.Device.Standing(
                state: state, reason: reason, pools: view.pools(of: key), vm: view.holder(of: key),
                binding: view.usage.bindings[key]))
        if kept.contains(key) { device.binding?.staysReady = true }
        return device
    }

    /// What VMs hold and what stays on vfio-pci when they stop.
    private func kept(in view: HostView) -> Set<DeviceKey> {
        var kept: Set<DeviceKey> = []
        for claim in view.usage.claims.values {
            let back = Set(unitsToGiveBack(of: claim, in: view).flatMap(\.members))
            kept.formUnion(claim.units.flatMap(\.unit.members).filter { !back.contains($0) })
        }
        return kept
    }

    /// What was free when the host was last read is not known to be: no more than that is said of a host that cannot be.
    private func state(of device: DeviceKey, in view: HostView) -> (state: DeviceState, reason: String) {
        let (state, reason) = view.state(of: device)
        let host = view.inventory.host.name
        guard state == .free, let unreadable = hosts[host]?.unreadable else { return (state, reason) }
        return (.blocked, "\(host) cannot be read: \(unreadable.detail)")
    }

    /// Reads from a function that is gone give all ones (PCI Local Bus Specification 3.0, section 6.1).
    private static func vanished(_ address: PCIAddress) -> PCIFunction {
        PCIFunction(address: address, id: PCIID(vendor: 0xffff, device: 0xffff), deviceClass: PCIClass(0xff_ffff))
    }
}
