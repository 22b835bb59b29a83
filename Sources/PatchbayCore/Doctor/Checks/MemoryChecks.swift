/// Memory for guests whose RAM is locked, by NUMA node.
enum MemoryChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        guard patient.hasSurvey else { return [] }
        return [memory(patient), hugepages(patient)].compactMap { $0 }
    }

    private static func memory(_ patient: Patient) -> DoctorCheck? {
        let cells = patient.platform.numaCells.filter { $0.freeMiB != nil }
        guard !cells.isEmpty else { return nil }
        return DoctorCheck(
            "memory", "Memory", .note,
            "All RAM of a guest that holds a device is locked: no overcommitting, no ballooning, no swapping.",
            evidence: cells.map { cell in
                "NUMA node \(cell.node): \(cell.freeMiB ?? 0) MiB free of \(cell.memoryMiB.map { "\($0)" } ?? "?") MiB"
            })
    }

    private static func hugepages(_ patient: Patient) -> DoctorCheck? {
        let lines = patient.platform.numaCells.flatMap { cell in
            cell.hugepages.filter { $0.total > 0 }.map {
                "NUMA node \(cell.node): \($0.free) of \($0.total) pages of \($0.sizeKiB / 1024) MiB free"
            }
        }
        guard !lines.isEmpty else { return nil }
        return DoctorCheck(
            "hugepages", "Hugepages", .note, "Huge pages are reserved; only guests that request them use that memory.",
            evidence: lines)
    }
}
