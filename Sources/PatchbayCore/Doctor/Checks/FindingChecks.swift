/// What was found without the doctor: what could not be read of the host.
enum FindingChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] { [unread(patient)].compactMap { $0 } }

    private static func unread(_ patient: Patient) -> DoctorCheck? {
        let findings = (patient.inventory.findings ?? []).filter { $0.severity > .note }
        guard !findings.isEmpty else { return nil }
        return DoctorCheck(
            "not-read", "What could not be read", .unknown,
            "Not all of this host could be read, so less of it can be lent than there may be.",
            evidence: Patient.few(findings.map(\.sentence)), fix: steps(findings))
    }

    /// Those of the first few, each once.
    private static func steps(_ findings: [Finding]) -> [String] {
        findings.prefix(4).flatMap(\.next).reduce(into: []) { steps, step in
            if !steps.contains(step) { steps.append(step) }
        }
    }
}
