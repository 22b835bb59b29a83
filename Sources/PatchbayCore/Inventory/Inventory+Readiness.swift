extension Inventory {
    /// Whether the host can lend devices: the same answer wherever it is given, and it is the doctor's.
    package var isReady: Bool { Doctor.examine(self).isReady }

    /// Interrupts are not remapped, and vfio was not told to hand devices over nevertheless: the kernel then refuses every
    /// device, with `EPERM` from `VFIO_SET_IOMMU` (`drivers/vfio/vfio_iommu_type1.c`). False where that is not known.
    package var refusesUnremappedInterrupts: Bool {
        guard let platform = survey?.platform, platform.iommu.hasInterruptRemapping == false else { return false }
        if let isAllowed = platform.iommu.allowsUnsafeInterrupts { return !isAllowed }
        // The module is not loaded: what it will be told counts.
        let boot = platform.boot
        return ModuleBoolean.unsafeInterrupts.value(lines: boot.moduleOptions, parameters: boot.running ?? []) != true
    }
}
