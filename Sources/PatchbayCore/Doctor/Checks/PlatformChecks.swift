/// Whether Patchbay supports this kind of machine as a host. What it does not is read and shown all the same.
enum PlatformChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        guard let architecture = patient.architecture, !patient.isSupported else { return [] }
        return [
            DoctorCheck(
                "host-support", "Support", .warning,
                "Patchbay lends from hosts with x86-64 processors; this one has \(architecture.rawValue).")
        ]
    }
}
