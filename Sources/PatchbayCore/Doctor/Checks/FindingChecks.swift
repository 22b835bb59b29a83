/// What was found without the doctor: clashes over the host's devices, and what could not be read of it.
enum FindingChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] { [clashes(patient), unread(patient)].compactMap { $0 } }

    private static func clashes(_ patient: Patient) -> DoctorCheck? {
        let clashes = patient.clashes
        guard !clashes.isEmpty else { return nil }
        // The host can lend what nobody contests.
        return DoctorCheck(
            "clashes", "Clashes", .warning, contested(clashes),
            evidence: Patient.few(clashes.map(\.sentence)), fix: steps(clashes))
    }

    /// What is told of a host is of several devices.
    private static func contested(_ clashes: [Finding]) -> String {
        let subjects = Set(clashes.map(\.subject))
        guard subjects.allSatisfy({ $0.contains("/") }) else { return "Several devices have two users each." }
        return subjects.count == 1 ? "One device has two users." : "\(subjects.count) devices have two users each."
    }

    private static func unread(_ patient: Patient) -> DoctorCheck? {
        let findings = (patient.inventory.findings ?? []).filter { $0.severity > .note }
        guard !findings.isEmpty else { return nil }
        return DoctorCheck(
            "not-read", "Parts that could not be read", .unknown,
            "Not all of this host could be read, so fewer devices can be lent than there may be.",
            evidence: Patient.few(findings.map(\.sentence)), fix: steps(findings))
    }

    /// Those of the first few, each once.
    private static func steps(_ findings: [Finding]) -> [NextStep] {
        findings.prefix(4).flatMap(\.next).reduce(into: []) { steps, step in
            if !steps.contains(step) { steps.append(step) }
        }
    }
}
