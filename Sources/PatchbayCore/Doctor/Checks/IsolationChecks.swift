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
            "Groups are split by force, if this kernel has the patch for it: devices in different groups can still"
                + " reach each other's memory.",
            evidence: ["started with pcie_acs_override=\(value)"],
            fix: ["Give devices behind one port to one guest, or to guests that trust each other; or:"]
                + patient.recipe.change(removing: ["pcie_acs_override=\(value)"]))
    }

    private static func weakened(_ patient: Patient) -> DoctorCheck? {
        let values = patient.platform.iommu.weakenedACS
        guard !values.isEmpty else { return nil }
        return DoctorCheck(
            "weakened-acs", "ACS", .warning,
            "Kernel parameters weaken what keeps devices apart: they may reach each other without passing the IOMMU.",
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
        let blocked = shared.filter { group in
            let verdicts = group.members.filter { inventory[$0]?.isBridge == false }.map { inventory.verdict(of: $0) }
            return verdicts.contains { $0 == .critical || $0 == .inUse } && verdicts.contains { $0 == .free }
        }
        let evidence = shared.map { group in
            let names = group.members.filter { inventory[$0]?.isBridge == false }.map(\.short)
            let held = blocked.contains(group) ? "; one is needed by the host, so none can be lent" : ""
            return "group \(group.id): \(Patient.few(names, 6).joined(separator: ", "))\(held)"
        }
        return DoctorCheck(
            "groups", "IOMMU groups", .note,
            "\(shared.count) \(shared.count == 1 ? "group has" : "groups have") several devices, which are lent together."
                + (blocked.isEmpty ? "" : " In \(blocked.count) of them the host needs one, so the others stay, too."),
            evidence: Patient.few(evidence, 12),
            fix: blocked.isEmpty
                ? []
                : [
                    "Put the card into another slot (one on a port of the processor), or see why:  patchbay group show N"
                ])
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
            "The firmware keeps memory of its own mapped for some devices: the kernel refuses to hand them over.",
            evidence: Patient.few(members),
            fix: [
                "Look in the firmware's setup for \"shared memory\" or \"HPE Shared Memory\" features of these slots and turn"
                    + " them off, or ask the hardware's vendor."
            ])
    }

    private static func ungrouped(_ patient: Patient) -> DoctorCheck? {
        let alone = patient.candidates.filter { $0.iommuGroup == nil }
        guard !alone.isEmpty else { return nil }
        return DoctorCheck(
            "no-group", "Devices without a group", .warning,
            "The IOMMU has no group for \(alone.count == 1 ? "a device" : "\(alone.count) devices"), which cannot be confined.",
            evidence: Patient.few(alone.map(Patient.line)))
    }
}
