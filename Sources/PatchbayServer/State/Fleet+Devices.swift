import PatchbayAPI
import PatchbayCore

extension Fleet {
    /// Every device of a host as it is shown, USB hubs left out, those that vanished while somebody holds them last.
    func devices(of host: String) -> [API.Device] {
        guard let view = view(of: host) else { return [] }
        let kept = kept(in: view)
        let inventory = view.inventoryWithMissing
        let known = view.inventory.functions.map(\.key) + view.inventory.usb.filter { !$0.isHub }.map(\.key)
        return (known + view.missing).compactMap { key in
            guard var device = API.Device(key, in: inventory, standing: standing(of: key, in: view)) else { return nil }
            if kept.contains(key) { device.binding?.staysReady = true }
            if device.state == .missing { device.verdict = .unknown }
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

extension HostState {
    /// What a device is called, or was when it was decided on; nil: nobody knows.
    func name(of device: DeviceKey) -> String? { inventory?[device]?.name ?? allocations[device]?.name }
}

extension HostView {
    /// With something to show in the place of each device that is gone while somebody holds it: as much as was known of it.
    var inventoryWithMissing: Inventory {
        var inventory = inventory
        for key in missing {
            guard let allocation = usage.allocations[key] else { continue }
            let known = allocation.owner.vm.flatMap { vm in usage.known[vm]?.first { $0.device == key } }
            inventory.add(missing: key, allocation.identity ?? known?.identity, name: allocation.name)
        }
        return inventory
    }
}

extension Inventory {
    fileprivate mutating func add(missing key: DeviceKey, _ identity: DeviceIdentity?, name: String?) {
        switch key {
        case .pci(let address): replace([address], by: [PCIFunction(missing: address, identity, name: name)])
        case .usb(let address):
            usb = (usb + [USBDevice(missing: address, identity, name: name)]).sorted { $0.address < $1.address }
        }
    }
}

extension PCIFunction {
    /// Of one that nobody knew, only what reads from it give now: all ones (PCI Local Bus Specification 3.0, section 6.1).
    fileprivate init(missing address: PCIAddress, _ identity: DeviceIdentity?, name: String?) {
        self.init(
            address: address, id: PCIID(vendor: 0xffff, device: 0xffff), deviceClass: PCIClass(0xff_ffff),
            deviceName: name)
        guard case .pci(let identity) = identity else { return }
        id = identity.id
        subsystem = identity.subsystem
        topologyPath = identity.topologyPath
    }
}

extension PatchbayCore.USBDevice {
    fileprivate init(missing address: USBAddress, _ identity: DeviceIdentity?, name: String?) {
        self.init(
            address: address, port: USBPort(controller: nil), deviceNumber: 0, vendor: 0xffff, product: 0xffff,
            productName: name)
        guard case .usb(let identity) = identity else { return }
        (vendor, product) = (identity.id.vendor, identity.id.product)
        guard case .serial(_, let serial) = identity else { return }
        (self.serial, isSerialUnique) = (serial, true)
    }
}
