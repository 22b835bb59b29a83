import PatchbayCore

extension Plan {
    /// What the plan's steps, as far as they were done, make of the bindings; a key with nil: there is none any more.
    ///
    /// An override that was set to vfio-pci and stands is a binding; one that was taken away is none. Functions whose
    /// overrides nobody touched yet are no keys.
    func bindings(after progress: [StepProgress]) -> [DeviceKey: Binding?] {
        var result: [DeviceKey: Binding?] = [:]
        for (address, writes) in overrideWrites(progress) {
            guard let first = writes.first, let last = writes.last else { continue }
            let standing = writes.last { $0.isDone }.map(\.new) ?? first.old
            guard standing == vfioDriver else {
                result.updateValue(nil, forKey: address.key)
                continue
            }
            // Already on vfio-pci before: the plan gives it back, and that was taken back.
            let original = first.old == vfioDriver ? last.new : first.old
            result.updateValue(
                Binding(originalDriver: hostDriver(of: address), originalOverride: original, plan: id),
                forKey: address.key)
        }
        return result
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
            case .unbind(address, let driver) where driver != vfioDriver: return driver
            case .probe(address, let driver?) where driver != vfioDriver: return driver
            case .unbind, .probe, .loadModule, .setOverride, .defineVM, .undefineVM, .plug, .unplug, .seat, .unseat,
                .startVM, .resetVM, .stopVM:
                continue
            }
        }
        return nil
    }
}

/// The driver that lends a function to a guest: `drivers/vfio/pci` in the kernel.
let vfioDriver = "vfio-pci"
