import PatchbayCore

extension Inventory {
    /// Why the host could lend nothing; empty when it can.
    var readinessFindings: [Finding] {
        guard !readiness.isReady else { return [] }
        let name = host.name
        if readiness.iommu != .active {
            return [
                Finding(
                    "no-iommu", .problem, subject: name, "\(name): \(readiness.iommu.sentence)",
                    next: readiness.iommu.next)
            ]
        }
        return [
            Finding(
                "no-vfio", .problem, subject: name, "The kernel of \(name) has no vfio-pci driver.",
                next: ["Install the kernel package that has vfio-pci, then: patchbay host refresh \(name)"])
        ]
    }
}
