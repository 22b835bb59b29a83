import PatchbayCore
import PatchbayHost

extension SimulatedKernel {
    /// The function a write is about; a text that is no address of a function is `ENODEV`, a missing directory `ENOENT`.
    func target(of write: PendingWrite) throws(Problem) -> PCIAddress {
        switch write.attribute {
        case .driverOverride(let address):
            guard state[address] != nil else { throw Self.refused(write, "ENOENT") }
            return address
        case .unbind(let driver):
            guard drivers.contains(driver) else { throw Self.refused(write, "ENOENT") }
            return try addressed(by: write)
        case .driversProbe: return try addressed(by: write)
        }
    }

    private func addressed(by write: PendingWrite) throws(Problem) -> PCIAddress {
        guard let address = PCIAddress(printed: write.text), state[address] != nil else {
            throw Self.refused(write, "ENODEV")
        }
        return address
    }

    /// What the kernel does when nothing is in the way.
    func perform(_ write: PendingWrite) throws(Problem) {
        let address = try target(of: write)
        switch write.attribute {
        case .driverOverride: update(address) { $0.driverOverride = write.text.isEmpty ? nil : write.text }
        case .unbind(let driver):
            guard state[address]?.driver == driver else { throw Self.refused(write, "ENODEV") }
            update(address) { $0.driver = nil }
        case .driversProbe:
            guard let function = state[address], function.driver == nil else { return }
            if let driver = driver(for: function) { update(address) { $0.driver = driver } }
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
        return group.members.contains { $0 != function.address && holders[$0]?.isEmpty == false }
    }
}
