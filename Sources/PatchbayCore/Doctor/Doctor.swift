/// Looks a host over: what stands in the way of lending its devices, and the exact way to put it right on this host.
///
/// A pure function of what was read. Nothing is changed: every fix is text for a person.
package enum Doctor {
    /// - Parameter clashes: where others count on its devices, too, as only a server knows.
    package static func examine(_ inventory: Inventory, clashes: [Finding] = []) -> DoctorReport {
        let patient = Patient(inventory, clashes: clashes)
        let checks = checks.flatMap { $0(patient) }
        // Stable: among checks of one verdict what comes first is needed first.
        let sorted = DoctorCheck.Verdict.allCases.reversed().flatMap { verdict in
            checks.filter { $0.verdict == verdict }
        }
        return DoctorReport(
            host: inventory.host.name, system: patient.system, headline: headline(patient, sorted),
            next: next(patient, sorted), checks: sorted,
            lendable: patient.lendable.count, devices: patient.endpoints.count)
    }

    /// In the order in which things are needed: what must be right for anything to work comes first.
    private static let checks: [@Sendable (Patient) -> [DoctorCheck]] = [
        PlatformChecks.examine, ProcessorChecks.examine, IOMMUChecks.examine, InterruptChecks.examine,
        VFIOChecks.examine,
        BootParameterChecks.examine, MistakenParameters.examine, IsolationChecks.examine, DeviceChecks.examine,
        DisplayChecks.examine,
        HealthChecks.examine, SoftwareChecks.examine, MemoryChecks.examine, PlacementChecks.examine,
        UnitChecks.examine, BindingChecks.examine, FindingChecks.examine,
    ]

    private static func headline(_ patient: Patient, _ checks: [DoctorCheck]) -> String {
        guard patient.isSupported else { return "Patchbay can show this host but does not support lending from it." }
        if let first = checks.first, first.verdict == .failure {
            let rest = checks.count { $0.verdict == .failure } - 1
            let others = rest == 0 ? "" : " \(rest) more \(rest == 1 ? "check fails" : "checks fail")."
            return "Not ready: \(first.reason.startingLower)\(others)"
        }
        let warnings = checks.count { $0.verdict == .warning }
        let told = warnings == 0 ? "" : ", with \(warnings) \(warnings == 1 ? "warning" : "warnings")"
        switch patient.lendable.count {
        case 0: return "This host is ready\(told), but no device can be lent now."
        case 1: return "This host is ready\(told): 1 device can be lent."
        case let count: return "This host is ready\(told): \(count) devices can be lent."
        }
    }

    /// The one thing to do first.
    private static func next(_ patient: Patient, _ checks: [DoctorCheck]) -> [NextStep] {
        guard patient.isSupported else { return [] }
        if let first = checks.first, first.verdict == .failure { return first.fix }
        let suggestion = Suggestion(patient)
        if let device = suggestion.device {
            return [NextStep("Lend one", .lendDevice(device.address.short, pool: nil, creates: true))]
        }
        let fix = checks.first { $0.verdict == .warning && !$0.fix.isEmpty }?.fix
        return [NextStep(suggestion.reason)] + (fix ?? [NextStep("See why", .listDevices())])
    }
}

extension String {
    /// For a sentence that goes on: `The IOMMU is off.` → `the IOMMU is off.`, but `VT-x is off.` stays.
    var startingLower: String {
        guard let second = dropFirst().first, !second.isUppercase else { return self }
        return prefix(1).lowercased() + dropFirst()
    }
}
