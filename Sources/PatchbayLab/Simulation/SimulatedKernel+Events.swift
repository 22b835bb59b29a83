import PatchbayCore
import PatchbayHost

/// What happens to a simulated host from outside.
extension SimulatedKernel {
    /// The `number`-th attribute write from the beginning, counted from 1, goes wrong.
    package func fail(write number: Int, _ fault: SimulatedFault) { faults[number] = fault }

    /// From now on writes go as they should.
    package func forgetFaults() { faults = [:] }

    /// Opens the device through VFIO. Throws `.busy` (`EBUSY`) when a member of its group is open by somebody else, and
    /// `.groupNotIsolated` (`EPERM`) when a host driver has one: the group is not viable.
    package func open(_ address: PCIAddress, by holder: String) throws(Problem) {
        guard let function = state[address], function.isOnVFIO else {
            throw Problem(
                .wrongState, "Device \(address.short) is not on a VFIO driver.",
                evidence: ["driver: \(state[address]?.driver ?? "none")"], cause: "ENODEV")
        }
        let members = function.iommuGroup.flatMap { state.group($0) }?.members ?? [address]
        for member in members {
            if let other = holders[member.key]?.first(where: { $0 != holder }) {
                throw Problem(
                    .busy, "The group of \(address.short) is open already.", evidence: ["\(member) → \(other)"],
                    cause: "EBUSY")
            }
            if let mate = state[member], !mate.isBridge, let driver = mate.driver, !mate.isOnVFIO {
                throw Problem(
                    .groupNotIsolated, "The group of \(address.short) is not viable.",
                    evidence: ["\(member) → \(driver)"], cause: "EPERM")
            }
        }
        holders[address.key, default: []].insert(holder)
    }

    /// Opens a USB device through usbfs, as QEMU does: its interfaces go from whatever driver they are on. Throws `.busy`
    /// (`EBUSY`) when somebody else has it.
    package func open(_ address: USBAddress, by holder: String) throws(Problem) {
        guard let device = state[address] else {
            throw Problem(.unknownDevice, "No USB device is plugged in at \(address).", cause: "ENODEV")
        }
        if let other = holders[device.key]?.first(where: { $0 != holder }) {
            throw Problem(
                .busy, "USB device \(address) is open already.", evidence: ["\(address) → \(other)"], cause: "EBUSY")
        }
        holders[device.key, default: []].insert(holder)
        drivers.insert(Self.usbfs)
        setDrivers(of: device, Self.usbfs)
    }

    private static let usbfs = "usbfs"

    private func setDrivers(of device: USBDevice, _ driver: String?) {
        for interface in device.interfaces {
            update(
                USBInterfaceAddress(
                    device: device.address, configuration: interface.configuration, number: interface.number), driver)
        }
    }

    /// A USB device is plugged in: with the drivers that the host has for it, and a number that was never used before.
    package func plugIn(_ device: USBDevice) {
        var device = device
        device.deviceNumber =
            (state.usb.filter { $0.address.bus == device.address.bus }.map(\.deviceNumber).max() ?? 0) + 1
        drivers.formUnion(device.interfaces.compactMap(\.driver))
        state.usb.removeAll { $0.address == device.address }
        state.usb.append(device)
        state.usb.sort { $0.address < $1.address }
        broadcast.send()
    }

    /// It is pulled, whoever has it.
    package func pull(_ address: USBAddress) {
        state.usb.removeAll { $0.address == address }
        holders[.usb(address)] = nil
        hanging[.usb(address)] = nil
        broadcast.send()
    }

    /// The holder is gone, from every device; writes that waited for it go through.
    package func close(by holder: String) {
        for device in holders.keys.sorted() { close(device, by: holder) }
    }

    /// The holder lets go of one device.
    package func close(_ device: DeviceKey, by holder: String) {
        guard holders[device]?.remove(holder) != nil else { return }
        if holders[device]?.isEmpty == true { holders[device] = nil }
        if holders[device] == nil { letGo(device) }
        if let usb = device.usb.flatMap({ state[$0] }) { setDrivers(of: usb, nil) }
    }

    package func holders(of address: PCIAddress) -> Set<String> { holders[address.key] ?? [] }

    /// Writes that hang on a device go through, in the order they came. Nobody is left to hear how they ended.
    package func letGo(_ address: PCIAddress) { letGo(address.key) }

    package func letGo(_ device: DeviceKey) {
        guard let writes = hanging.removeValue(forKey: device) else { return }
        for write in writes {
            if case .unbind = write.attribute { continue }
            try? perform(write)
        }
    }

    /// All of them.
    package func letGo() { for device in hanging.keys.sorted() { letGo(device) } }

    /// Takes the function away, as hot-unplug does: driver and override go with it.
    package func remove(_ address: PCIAddress) {
        state.functions.removeAll { $0.address == address }
        holders[address.key] = nil
        hanging[address.key] = nil
        broadcast.send()
    }

    /// Puts a function there, as hotplug or a rescan does: without an override, on the driver whose table has its id.
    package func add(_ function: PCIFunction) {
        var function = function
        function.driver = nil
        function.driverOverride = nil
        state.functions.removeAll { $0.address == function.address }
        state.functions.append(function)
        state.functions.sort { $0.address < $1.address }
        try? perform(PendingWrite(text: function.address.description, attribute: .driversProbe))
        broadcast.send()
    }

    /// Programs of the host that have the device open from now on.
    package func setPrograms(_ holders: [DeviceHolder], of address: PCIAddress) {
        programs[address.key] = holders.isEmpty ? nil : holders
    }

    /// The host begins or ceases to need a function: something was mounted, a route moved.
    package func setUses(_ uses: [HostUse], of address: PCIAddress) {
        state.hostUses[address] = uses.isEmpty ? nil : uses
        broadcast.send()
    }

    /// The device answers no more, or answers again.
    package func setSilence(_ silence: Silence?, of address: PCIAddress) { update(address) { $0.silence = silence } }

    /// Somebody else's hand: driver and override are just so.
    package func set(_ address: PCIAddress, driver: String?, override: String?) {
        if let driver { drivers.insert(driver) }
        update(address) {
            $0.driver = driver
            $0.driverOverride = override
        }
    }
}
