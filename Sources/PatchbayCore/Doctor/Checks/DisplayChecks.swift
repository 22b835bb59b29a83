/// Graphics cards that show the host's own picture.
enum DisplayChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        let shown = patient.endpoints.filter { function in
            function.isBootDisplay == true
                || (patient.inventory.hostUses[function.address] ?? []).contains { $0.reason == .bootDisplay }
        }
        guard !shown.isEmpty else { return [] }
        let others = patient.endpoints.filter { function in
            if case .virtual = function.role { return false }
            return function.deviceClass.base == 0x03 && !shown.contains(function)
        }
        let isOnlyCard = others.isEmpty
        return [
            DoctorCheck(
                "boot-display", "Boot display", .note,
                "The host's display is on \(shown.map { Patient.line($0) }.joined(separator: " and "))"
                    + ", so it stays with the host unless you accept the risk.",
                evidence: isOnlyCard
                    ? ["it is the only graphics card"]
                    : Patient.few(
                        others.map { "not used for it: \(Patient.line($0))" }),
                fix: patient.isSupported ? fix(isOnlyCard: isOnlyCard, patient) : [])
        ]
    }

    private static func fix(isOnlyCard: Bool, _ patient: Patient) -> [NextStep] {
        guard isOnlyCard else {
            return ["To lend it, make another card the first one in the firmware's setup (Primary Display, Boot VGA)."]
        }
        return [
            NextStep(
                "To lend it anyway, run the host without a display: log in over the network or a serial console,"
                    + " and keep the kernel off the card:")
        ] + patient.recipe.change(adding: ["video=efifb:off", "initcall_blacklist=sysfb_init"]) + [
            "Then accept the risk for each plan:  --allow boot-display --reason TEXT"
        ]
    }
}
