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
            if let other = holders[member]?.first(where: { $0 != holder }) {
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
        holders[address, default: []].insert(holder)
    }

    /// The holder is gone, from every device; writes that waited for it go through.
    package func close(by holder: String) {
        for address in holders.keys.sorted() where holders[address]?.remove(holder) != nil {
            if holders[address]?.isEmpty == true { holders[address] = nil }
            if holders[address] == nil { letGo(address) }
        }
    }

    package func holders(of address: PCIAddress) -> Set<String> { holders[address] ?? [] }

    /// Writes that hang on a device go through, in the order they came. Nobody is left to hear how they ended.
    package func letGo(_ address: PCIAddress) {
        guard let writes = hanging.removeValue(forKey: address) else { return }
        for write in writes {
            if case .unbind = write.attribute { continue }
            try? perform(write)
        }
    }

    /// All of them.
    package func letGo() { for address in hanging.keys.sorted() { letGo(address) } }

    /// Takes the function away, as hot-unplug does: driver and override go with it.
    package func remove(_ address: PCIAddress) {
        state.functions.removeAll { $0.address == address }
        holders[address] = nil
        hanging[address] = nil
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
        programs[address] = holders.isEmpty ? nil : holders
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
