/// VT-x or AMD-V, and whether the host is a machine at all.
enum ProcessorChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        guard patient.hasSurvey else { return [] }
        // Xen shows its control domain neither VT-x nor SVM.
        guard !patient.isXenControl else { return [] }
        return [virtualization(patient)] + place(patient)
    }

    private static func virtualization(_ patient: Patient) -> DoctorCheck {
        let cpu = patient.platform.cpu
        let name = patient.words.virtualization
        let evidence = [cpu.model.map { "processor: \($0)" }].compactMap { $0 }
        switch cpu.hasVirtualization {
        case true?:
            return DoctorCheck("cpu-virtualization", "CPU virtualization", .pass, "\(name) is on.", evidence: evidence)
        case nil:
            return DoctorCheck(
                "cpu-virtualization", "CPU virtualization", .unknown,
                "Whether the processor can run guests could not be determined.", evidence: evidence)
        case false?:
            let facts = evidence + [flagsWord(patient)]
            if let hypervisor = patient.outerHypervisor {
                return DoctorCheck(
                    "cpu-virtualization", "CPU virtualization", .warning,
                    "\(name) is off for this virtual machine: guests on it are emulated, which is slow.",
                    evidence: facts, fix: hypervisor.nestingSteps)
            }
            guard patient.words.hasSetup else {
                return DoctorCheck(
                    "cpu-virtualization", "CPU virtualization", .failure,
                    "\(name) is not available to this system: guests cannot run on it.", evidence: facts)
            }
            return DoctorCheck(
                "cpu-virtualization", "CPU virtualization", .failure,
                "\(name) is off in the firmware, or the processor has none: guests cannot run.",
                evidence: facts, fix: patient.menu.steps(.virtualization, patient.maker))
        }
    }

    private static func flagsWord(_ patient: Patient) -> String {
        patient.maker == .mainframe
            ? "sie is not among the processor's features" : "neither vmx nor svm is among the processor's flags"
    }

    private static func place(_ patient: Patient) -> [DoctorCheck] {
        guard let hypervisor = patient.outerHypervisor else { return [] }
        return [
            DoctorCheck(
                "virtual-host", "Host", .note,
                "This host is itself a virtual machine\(hypervisor.inParentheses): only devices that were passed into it, or are"
                    + " emulated, can be lent.",
                evidence: [patient.platform.firmware.systemVendor, patient.platform.firmware.productName]
                    .compactMap { $0 }.map { "firmware: \($0)" })
        ]
    }
}
