import PatchbayCore
import PatchbayHost

extension SimulatedKernel {
    /// The device a write is about; a text that is no address of one is `ENODEV`, a missing directory `ENOENT`.
    func target(of write: PendingWrite) throws(Problem) -> DeviceKey {
        switch write.attribute {
        case .driverOverride(let address):
            guard state[address] != nil else { throw Self.refused(write, "ENOENT") }
            return address.key
        case .unbind(let driver):
            guard drivers.contains(driver) else { throw Self.refused(write, "ENOENT") }
            return try addressed(by: write).key
        case .driversProbe: return try addressed(by: write).key
        case .unbindInterface(let driver), .bindInterface(let driver):
            guard drivers.contains(driver) else { throw Self.refused(write, "ENOENT") }
            return .usb(try interface(of: write).device)
        case .interfacesProbe: return .usb(try interface(of: write).device)
        }
    }

    private func interface(of write: PendingWrite) throws(Problem) -> USBInterfaceAddress {
        guard let address = USBInterfaceAddress(kernelName: write.text), state.interface(address) != nil else {
            throw Self.refused(write, "ENODEV")
        }
        return address
    }

    private func addressed(by write: PendingWrite) throws(Problem) -> PCIAddress {
        guard let address = PCIAddress(printed: write.text), state[address] != nil else {
            throw Self.refused(write, "ENODEV")
        }
        return address
    }

    /// What the kernel does when nothing is in the way.
    func perform(_ write: PendingWrite) throws(Problem) {
        _ = try target(of: write)
        switch write.attribute {
        case .driverOverride(let address):
            update(address) { $0.driverOverride = write.text.isEmpty ? nil : write.text }
        case .unbind(let driver):
            let address = try addressed(by: write)
            guard state[address]?.driver == driver else { throw Self.refused(write, "ENODEV") }
            update(address) { $0.driver = nil }
        case .driversProbe:
            let address = try addressed(by: write)
            guard let function = state[address], function.driver == nil else { return }
            if let driver = driver(for: function) { update(address) { $0.driver = driver } }
        case .unbindInterface(let driver):
            let interface = try interface(of: write)
            guard state.interface(interface)?.driver == driver else { throw Self.refused(write, "ENODEV") }
            update(interface, nil)
        case .bindInterface(let driver):
            let interface = try interface(of: write)
            guard state.interface(interface)?.driver == nil else { throw Self.refused(write, "EBUSY") }
            update(interface, driver)
        case .interfacesProbe: return
        }
    }

    /// The driver whose probe takes the function now; an override shuts out all others.
    private func driver(for function: PCIFunction) -> String? {
        let candidates =
            function.driverOverride.map { [$0] }
            ?? tables.filter { $0.value.contains(function.id) }.keys.sorted()
        return candidates.first { drivers.contains($0) && accepts(function, $0) }
    }

    private func accepts(_ function: PCIFunction, _ driver: String) -> Bool {
        guard PCIFunction.isVFIO(driver) else { return !isGroupOpen(besides: function) }
        guard !function.isBridge, function.iommuGroup != nil else { return false }
        guard case .physical(_, let active, _) = function.role else { return true }
        return active == 0
    }

    private func isGroupOpen(besides function: PCIFunction) -> Bool {
        guard let id = function.iommuGroup, let group = state.group(id) else { return false }
        return group.members.contains { $0 != function.address && holders[$0.key]?.isEmpty == false }
    }
}

extension Inventory {
    func interface(_ address: USBInterfaceAddress) -> USBInterface? {
        self[address.device]?.interfaces.first {
            $0.number == address.number && $0.configuration == address.configuration
        }
    }
}
