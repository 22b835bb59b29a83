/// Devices with data on them, which nobody is told to lend.
enum StoredDataChecks {
    /// nil: there are none.
    static func examine(_ patient: Patient) -> DoctorCheck? {
        let lines = patient.endpoints.compactMap { function -> String? in
            guard let use = patient.inventory.mostSevereUse(of: function.address), use.severity == .dataAtRisk else {
                return nil
            }
            return "\(function.address.short) \(use.sentence)"
        }
        guard !lines.isEmpty else { return nil }
        let devices = lines.count == 1 ? "1 device holds data" : "\(lines.count) devices hold data"
        return DoctorCheck(
            "data-at-risk", "Data at risk", .note,
            "\(devices) that a guest could overwrite: not lent unless you accept the loss (--allow data-at-risk).",
            evidence: Patient.few(lines, 12))
    }
}
