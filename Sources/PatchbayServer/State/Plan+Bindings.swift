import PatchbayCore

extension Plan {
    /// What the plan's steps, as far as they were done, make of the bindings; a key with nil: there is none any more.
    ///
    /// An override set to vfio-pci that stands is a binding; one that was taken away is none. Steps that nobody
    /// performed yet say nothing.
    func bindings(after progress: [StepProgress]) -> [PCIAddress: Binding?] {
        var result: [PCIAddress: Binding?] = [:]
        for (step, state) in zip(steps, progress) {
            guard case .setOverride(let address, let old, let new) = step else { continue }
            switch state {
            case .done: result.updateValue(standing(address, override: new, before: old), forKey: address)
            case .undone: result.updateValue(standing(address, override: old, before: new), forKey: address)
            case .waiting, .running, .failed: continue
            }
        }
        return result
    }

    /// The binding that an override stands for; nil: it is not ours, or gone.
    private func standing(_ address: PCIAddress, override: String?, before: String?) -> Binding? {
        guard override == vfioDriver, before != vfioDriver else { return nil }
        return Binding(originalDriver: hostDriver(of: address), originalOverride: before, plan: id)
    }

    /// The driver that this plan takes the function from, or gives it back to.
    private func hostDriver(of address: PCIAddress) -> String? {
        for step in steps {
            switch step {
            case .unbind(address, let driver) where driver != vfioDriver: return driver
            case .probe(address, let driver?) where driver != vfioDriver: return driver
            default: continue
            }
        }
        return nil
    }
}

/// The driver that lends a function to a guest: `drivers/vfio/pci` in the kernel.
let vfioDriver = "vfio-pci"
