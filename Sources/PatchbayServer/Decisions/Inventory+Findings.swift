import PatchbayCore

extension Inventory {
    /// What its agent says about reading it. A host speaks of itself only.
    var ownFindings: [Finding] {
        (findings ?? []).map { finding in
            var finding = finding
            let isOwn = finding.subject == host.name || finding.subject.hasPrefix("\(host.name)/")
            if !isOwn { finding.subject = host.name }
            return finding
        }
    }

    /// Why the host is not ready, as the doctor found; empty when it is.
    func readinessFindings(_ report: DoctorReport) -> [Finding] {
        guard !report.isReady else { return [] }
        let told = refusal
        let others = report.checks.filter { check in
            check.verdict == .failure && !["iommu", "vfio", "interrupt-remapping"].contains(check.code)
        }
        return told
            + others.map { check in
                Finding(
                    check.code, .problem, subject: host.name, "\(host.name): \(check.reason)",
                    next: [NextStep("See how to fix it", .examine(host: host.name))])
            }
    }

    /// Why its kernel would hand nothing over.
    private var refusal: [Finding] {
        guard !readiness.isReady || refusesUnremappedInterrupts else { return [] }
        let name = host.name
        if readiness.iommu != .active {
            return [
                Finding(
                    "no-iommu", .problem, subject: name, "\(name): \(readiness.iommu.sentence)",
                    next: readiness.iommu.next(on: name))
            ]
        }
        if refusesUnremappedInterrupts {
            return [
                Finding(
                    "no-interrupt-remapping", .problem, subject: name,
                    "Interrupt remapping is off on \(name), so its kernel refuses to hand devices over.",
                    next: [NextStep("See why it is off, and how to turn it on", .examine(host: name))])
            ]
        }
        return [
            Finding(
                "no-vfio", .problem, subject: name, "The kernel of \(name) has no vfio-pci driver.",
                next: [NextStep("Install the kernel package that has vfio-pci, then", .refreshHost(name))])
        ]
    }
}
