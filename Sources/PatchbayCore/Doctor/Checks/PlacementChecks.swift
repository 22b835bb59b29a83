/// What placement can rely on: NUMA nodes of devices, CPUs kept for guests.
enum PlacementChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        [unplaced(patient), isolated(patient)].compactMap { $0 }
    }

    private static func unplaced(_ patient: Patient) -> DoctorCheck? {
        guard patient.inventory.host.numaNodes.count > 1 else { return nil }
        let unplaced = patient.candidates.filter { $0.numaNode == nil }
        guard !unplaced.isEmpty else { return nil }
        return DoctorCheck(
            "numa-unknown", "NUMA", .note,
            "The firmware does not report the NUMA node of \(unplaced.count) devices: a request for NUMA affinity "
                + "cannot be met with them.", evidence: Patient.few(unplaced.map(Patient.line)))
    }

    private static func isolated(_ patient: Patient) -> DoctorCheck? {
        let cpu = patient.platform.cpu
        guard !cpu.isolated.isEmpty || !cpu.nohzFull.isEmpty else { return nil }
        let list = { (cpus: [Int]) in cpus.map { String($0) }.joined(separator: ",") }
        return DoctorCheck(
            "isolated-cpus", "Isolated CPUs", .note,
            "\(cpu.isolated.count) CPUs are isolated from the scheduler: only what is pinned to them runs there.",
            evidence: ["isolated: \(list(cpu.isolated))"]
                + (cpu.nohzFull.isEmpty ? [] : ["nohz_full: \(list(cpu.nohzFull))"]))
    }
}
