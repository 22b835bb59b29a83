/// Whether groups mean what they say, and which of them cannot be handed over.
enum IsolationChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        guard patient.inventory.readiness.iommu == .active else { return [] }
        return [override(patient), weakened(patient), groups(patient), reserved(patient), ungrouped(patient)]
            .compactMap { $0 }
    }

    private static func override(_ patient: Patient) -> DoctorCheck? {
        guard let value = patient.platform.iommu.acsOverride ?? patient.running("pcie_acs_override") else { return nil }
        return DoctorCheck(
            "acs-override", "ACS override", .warning,
            "Groups are split artificially, if this kernel has the patch for it: devices in different groups can still"
                + " access each other's memory.",
            evidence: ["started with pcie_acs_override=\(value)"],
            fix: ["Lend devices behind one port to one guest, or to guests that trust each other; or:"]
                + patient.recipe.change(removing: ["pcie_acs_override=\(value)"]))
    }

    private static func weakened(_ patient: Patient) -> DoctorCheck? {
        let values = patient.platform.iommu.weakenedACS
        guard !values.isEmpty else { return nil }
        return DoctorCheck(
            "weakened-acs", "ACS", .warning,
            "Kernel parameters weaken isolation: devices may access each other without passing the IOMMU.",
            evidence: values.map { "pci=\($0)" })
    }

    /// Groups with more than one device: they go together or not at all.
    private static func groups(_ patient: Patient) -> DoctorCheck? {
        let inventory = patient.inventory
        let shared = inventory.groups.filter { group in
            group.members.count { inventory[$0]?.isBridge == false } > 1
        }
        guard !shared.isEmpty else {
            return DoctorCheck("groups", "IOMMU groups", .pass, "Every device is alone in its group.")
        }
        let lines = shared.map { line(of: $0, patient) }
        let blocked = lines.count(where: \.isBlocked)
        return DoctorCheck(
            "groups", "IOMMU groups", .note,
            "\(shared.count) \(shared.count == 1 ? "group has" : "groups have") several devices, which are lent together."
                + (blocked == 0
                    ? ""
                    : " In \(blocked) of them the host needs one device, so the others cannot be lent either."),
            evidence: Patient.few(lines.map(\.text), 12),
            fix: blocked == 0
                ? []
                : [
                    NextStep(
                        "Move the card to another slot (one on a port of the processor), or see why", .showGroup(nil))
                ])
    }

    /// A group with its members, those that stay parked while the others are lent, and what keeps all of them.
    private static func line(of group: IOMMUGroup, _ patient: Patient) -> (text: String, isBlocked: Bool) {
        let members = group.members.compactMap { patient.inventory[$0] }.filter { !$0.isBridge }
        let (parked, others) = (
            members.filter(patient.inventory.staysWithHost), members.filter { !patient.inventory.staysWithHost($0) }
        )
        let names = { (functions: [PCIFunction]) in
            Patient.few(functions.map(\.address.short), 6).joined(separator: ", ")
        }
        guard !others.isEmpty else { return ("group \(group.id): \(names(parked)), parts of the board", false) }
        let text = "group \(group.id): \(names(others))" + (parked.isEmpty ? "" : "; parked: \(names(parked))")
        for member in others {
            guard case .mateUse(let mate, _, let use)? = patient.obstacles[member.address] else { continue }
            return ("\(text); the host \(use.severity.verb) \(mate.short), so the others cannot be lent", true)
        }
        return (text, false)
    }

    private static func reserved(_ patient: Patient) -> DoctorCheck? {
        let direct = patient.inventory.groups.filter { group in
            group.reservedRegions?.contains { $0.kind == .direct } == true
        }
        guard !direct.isEmpty else { return nil }
        let members = direct.flatMap { group in
            group.members.compactMap { patient.inventory[$0] }.filter { !$0.isBridge }.map {
                "group \(group.id): \(Patient.line($0))"
            }
        }
        return DoctorCheck(
            "reserved-memory", "Reserved memory (RMRR)", .warning,
            "The firmware reserves memory for some devices, so the kernel refuses to hand them over.",
            evidence: Patient.few(members),
            fix: [
                NextStep(
                    "Look in the firmware's setup for \"shared memory\" or \"HPE Shared Memory\" features of these slots and turn"
                        + " them off, or ask the hardware's vendor.")
            ])
    }

    private static func ungrouped(_ patient: Patient) -> DoctorCheck? {
        let alone = patient.candidates.filter { $0.iommuGroup == nil }
        guard !alone.isEmpty else { return nil }
        return DoctorCheck(
            "no-group", "Devices without a group", .warning,
            "The IOMMU has no group for \(alone.count == 1 ? "a device" : "\(alone.count) devices"), whose memory "
                + "access therefore cannot be confined.",
            evidence: Patient.few(alone.map(Patient.line)))
    }
}
