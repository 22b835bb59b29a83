/// Whether Patchbay supports this kind of machine as a host. What it does not is read and shown all the same.
enum PlatformChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        guard let architecture = patient.architecture, !architecture.isSupported else { return [] }
        return [
            DoctorCheck(
                "host-support", "Support", .warning,
                "Patchbay reads and shows this host (\(architecture.rawValue)); lending from it is not supported: that is for"
                    + " hosts with x86-64 processors.")
        ]
    }
}
