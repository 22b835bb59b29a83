import PatchbayAPI
import PatchbayCore
import PatchbayText

/// Parts of claims in words: one place for lists, pages and explanations.
enum ClaimWords {
    /// `VM trainer-01`, `system slurm/job-17`
    static func owner(_ owner: API.ClaimOwner) -> String {
        PatchbayCore.ClaimOwner(kind: owner.kind, name: owner.name, tenant: owner.tenant).words
    }

    /// `41:00.0, 42:00.0`: the primaries, without their host.
    static func addresses(_ devices: [API.ClaimDevice]) -> String {
        devices.filter { !$0.isCompanion }.map { short($0.device).drop { $0 != "/" }.dropFirst() }
            .joined(separator: ", ")
    }

    /// `atlas/41:00.0` for `atlas/0000:41:00.0`.
    static func short(_ device: String) -> String {
        do { return try DeviceID(device).short } catch { return device }
    }

    /// How long it lasts, or its place in the queue.
    static func note(_ claim: API.Claim, now: Int) -> String? {
        if let position = claim.position { return "queue place \(position)" }
        return claim.expiresAt.map { end($0, now: now) }
    }

    /// `ends in 4 h`, `ended 3 min ago`
    static func end(_ time: Int, now: Int) -> String {
        time > now ? "ends in \(TimeWords.age(from: now, to: time))" : "ended \(TimeWords.ago(time, now: now))"
    }

    /// `atlas/41:00.0  NVIDIA A100  for gpus-1`
    static func device(_ device: API.ClaimDevice) -> String {
        var parts = [short(device.device), device.name]
        parts.append(device.isCompanion ? "companion" : "for \(device.request)")
        if let reservation = device.reservation { parts.append("from \(reservation)") }
        return parts.joined(separator: "  ")
    }

    /// One line a NUMA cell, then the CPUs that nobody else gets.
    static func seat(_ seat: API.Seat) -> [String] {
        var lines = seat.cells.map { cell in
            let cpus = cell.cpus.isEmpty ? "any CPU" : "CPUs \(cell.cpus.numberList)"
            return "node \(cell.node): vCPUs \(cell.vcpus.numberList) on \(cpus)"
                + ", \(SizeWords.mebibytes(cell.memoryMiB))"
                + (seat.hugepages.map { " in pages of \($0)" } ?? "")
        }
        if !seat.dedicatedCPUs.isEmpty { lines.append("dedicated: CPUs \(seat.dedicatedCPUs.numberList)") }
        return lines
    }

    /// Which hosts may serve it; nil: any.
    static func hosts(_ names: [String], _ labels: [String: String]) -> String? {
        let wanted = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let parts = [
            names.isEmpty ? nil : names.joined(separator: " or "),
            wanted.isEmpty ? nil : "with \(wanted.joined(separator: ", "))",
        ].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}
