import PatchbayAPI
import PatchbayCore

extension Fleet {
    /// Every device of a host as it is shown, USB hubs left out, those that vanished while somebody holds them last.
    func devices(of host: String) -> [API.Device] {
        guard let view = view(of: host) else { return [] }
        let kept = kept(in: view)
        var inventory = view.inventory
        for key in view.missing { inventory.add(vanished: key) }
        let known = view.inventory.functions.map(\.key) + view.inventory.usb.filter { !$0.isHub }.map(\.key)
        return (known + view.missing).compactMap { key in
            guard var device = API.Device(key, in: inventory, standing: standing(of: key, in: view)) else { return nil }
            if kept.contains(key) { device.binding?.staysReady = true }
            return device
        }
    }

    func standing(of key: DeviceKey, in view: HostView) -> API.Device.Standing {
        let (state, reason) = state(of: key, in: view)
        return API.Device.Standing(
            state: state, reason: reason, pools: view.pools(of: key), holder: view.holder(of: key),
            binding: view.usage.bindings[key])
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
}

extension Inventory {
    /// Something to show in the place of a device that is gone. Reads from a function that is gone give all ones (PCI Local Bus
    /// Specification 3.0, section 6.1).
    fileprivate mutating func add(vanished key: DeviceKey) {
        switch key {
        case .pci(let address):
            replace(
                [address],
                by: [
                    PCIFunction(
                        address: address, id: PCIID(vendor: 0xffff, device: 0xffff), deviceClass: PCIClass(0xff_ffff))
                ])
        case .usb(let address):
            usb =
                (usb + [
                    USBDevice(
                        address: address, port: USBPort(controller: nil), deviceNumber: 0, vendor: 0xffff,
                        product: 0xffff)
                ]).sorted { $0.address < $1.address }
        }
    }
}
