import PatchbayCore

extension Plan {
    /// What the plan's steps, as far as they were done, make of the bindings; a key with nil: there is none any more.
    ///
    /// An override that was set to vfio-pci and stands is a binding, and so is a USB interface that was unbound; what was taken
    /// back is none. Devices that nobody touched yet are no keys.
    func bindings(after progress: [StepProgress]) -> [DeviceKey: Binding?] {
        var result: [DeviceKey: Binding?] = [:]
        for (address, writes) in overrideWrites(progress) {
            guard let first = writes.first, let last = writes.last else { continue }
            let standing = writes.last { $0.isDone }.map(\.new) ?? first.old
            guard standing == PCIFunction.vfioDriver else {
                result.updateValue(nil, forKey: address.key)
                continue
            }
            // Already on vfio-pci before: the plan gives it back, and that was taken back.
            let original = first.old == PCIFunction.vfioDriver ? last.new : first.old
            result.updateValue(
                Binding(kept: .pci(driver: hostDriver(of: address), override: original), plan: id), forKey: address.key)
        }
        for (device, drivers) in unboundInterfaces(progress) {
            result.updateValue(
                drivers.isEmpty ? nil : Binding(kept: .usb(drivers: drivers), plan: id), forKey: .usb(device))
        }
        return result
    }

    /// By device, the drivers that interfaces were unbound from and not bound to again, by the interface's number.
    private func unboundInterfaces(_ progress: [StepProgress]) -> [USBAddress: [Int: String]] {
        var unbound: [USBAddress: [Int: String]] = [:]
        for (step, state) in zip(steps, progress) {
            switch (step, state) {
            case (.unbindInterface(let interface, let driver), .done):
                unbound[interface.device, default: [:]][interface.number] = driver
            case (.unbindInterface(let interface, _), .undone), (.bindInterface(let interface, _), .done):
                unbound[interface.device, default: [:]][interface.number] = nil
            case (.bindInterface(let interface, let driver), .undone):
                unbound[interface.device, default: [:]][interface.number] = driver
            default: continue
            }
        }
        return unbound
    }

    private struct OverrideWrite {
        var old: String?
        var new: String?
        var isDone: Bool
    }

    /// By function, in order: the override writes that were performed, whether they stand or were taken back.
    private func overrideWrites(_ progress: [StepProgress]) -> [PCIAddress: [OverrideWrite]] {
        var writes: [PCIAddress: [OverrideWrite]] = [:]
        for (step, state) in zip(steps, progress) {
            guard case .setOverride(let address, let old, let new) = step else { continue }
            switch state {
            case .done: writes[address, default: []].append(OverrideWrite(old: old, new: new, isDone: true))
            case .undone: writes[address, default: []].append(OverrideWrite(old: old, new: new, isDone: false))
            case .waiting, .running, .failed: continue
            }
        }
        return writes
    }

    /// The driver that this plan takes the function from, or gives it back to.
    private func hostDriver(of address: PCIAddress) -> String? {
        for step in steps {
            switch step {
            case .unbind(address, let driver) where driver != PCIFunction.vfioDriver: return driver
            case .probe(address, let driver?) where driver != PCIFunction.vfioDriver: return driver
            case .unbind, .probe, .loadModule, .setOverride, .unbindInterface, .bindInterface, .defineVM, .undefineVM,
                .plug, .unplug, .attach, .detach, .seat, .unseat, .startVM, .resetVM, .stopVM:
                continue
            }
        }
        return nil
    }
}
