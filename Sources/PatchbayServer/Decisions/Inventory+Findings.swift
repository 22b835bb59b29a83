import PatchbayCore

extension Inventory {
    /// Why the host could lend nothing; empty when it can.
    var readinessFindings: [Finding] {
        guard !isReady else { return [] }
        let name = host.name
        if readiness.iommu != .active {
            return [
                Finding(
                    "no-iommu", .problem, subject: name, "\(name): \(readiness.iommu.sentence)",
                    next: readiness.iommu.next)
            ]
        }
        if refusesUnremappedInterrupts {
            return [
                Finding(
                    "no-interrupt-remapping", .problem, subject: name,
                    "\(name): interrupts are not remapped, so its kernel refuses to hand devices over.",
                    next: ["See what turns it off, and how to turn it on:  patchbay doctor \(name)"])
            ]
        }
        return [
            Finding(
                "no-vfio", .problem, subject: name, "The kernel of \(name) has no vfio-pci driver.",
                next: ["Install the kernel package that has vfio-pci, then: patchbay host refresh \(name)"])
        ]
    }
}
