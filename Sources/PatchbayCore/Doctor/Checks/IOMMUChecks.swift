/// The IOMMU, by the decision table over the firmware's table, the units and the groups.
enum IOMMUChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] { [iommu(patient)] }

    private static func iommu(_ patient: Patient) -> DoctorCheck {
        let check = { (verdict: DoctorCheck.Verdict, reason: String, fix: [String]) in
            DoctorCheck("iommu", "IOMMU", verdict, reason, evidence: evidence(patient), fix: fix)
        }
        let name = name(patient)
        switch patient.inventory.readiness.iommu {
        case .active: return check(.pass, "\(name) is on, with \(count(patient)).", [])
        case .offInFirmware:
            return check(
                .failure, "The IOMMU (\(name)) is off in the firmware, or the board has none.",
                patient.menu.steps(.iommu, patient.maker))
        case .offInKernel: return check(.failure, offReason(patient, name), turnOn(patient))
        case .emptyGroups:
            return check(
                .failure, "The IOMMU (\(name)) is there, but the kernel made no groups: it is misconfigured.",
                [
                    "Look for errors in the kernel log:  sudo dmesg | grep -iE 'dmar|amd-vi|iommu|smmu'",
                    "Update the firmware, or turn its IOMMU off and on again, then reboot.",
                ])
        }
    }

    private static func name(_ patient: Patient) -> String {
        switch patient.maker {
        case .intel: "Intel VT-d"
        case .amd: "AMD-Vi"
        case .arm: "Arm SMMU"
        case nil: "VT-d or AMD-Vi"
        }
    }

    private static func count(_ patient: Patient) -> String {
        let count = max(patient.inventory.groups.count, patient.platform.iommu.groupCount)
        return "\(count) \(count == 1 ? "group" : "groups")"
    }

    private static func evidence(_ patient: Patient) -> [String] {
        let facts = patient.platform.iommu
        guard patient.hasSurvey else { return [] }
        return [
            "firmware tables: \(facts.firmwareTables.isEmpty ? "none" : facts.firmwareTables.joined(separator: ", "))",
            "IOMMU units: \(facts.units.isEmpty ? "none" : Patient.few(facts.units, 4).joined(separator: ", "))",
            "IOMMU groups: \(facts.groupCount)",
        ]
    }

    /// Parameters that keep the kernel from turning it on.
    private static func culprits(_ patient: Patient) -> [String] {
        patient.running.filter { parameter in
            parameter == "noiommu"
                || ["intel_iommu=", "amd_iommu=", "iommu="].contains { parameter.hasPrefix($0) }
                    && parameter.split(separator: "=").last?.split(separator: ",").contains("off") == true
        }
    }

    private static func offReason(_ patient: Patient, _ name: String) -> String {
        let culprits = culprits(patient)
        guard culprits.isEmpty else {
            return "The IOMMU (\(name)) is off in the kernel: it was started with \(culprits.joined(separator: " "))."
        }
        return "The IOMMU (\(name)) is off in the kernel: the firmware offers it, and the kernel did not turn it on."
    }

    private static func turnOn(_ patient: Patient) -> [String] {
        let culprits = culprits(patient)
        switch patient.maker {
        case .intel, nil:
            let added = culprits.contains { $0.hasPrefix("intel_iommu=") } || culprits.isEmpty
            return patient.recipe.change(adding: added ? ["intel_iommu=on"] : [], removing: culprits)
        case .amd:
            guard culprits.isEmpty else { return patient.recipe.change(removing: culprits) }
            return patient.recipe.change(adding: ["amd_iommu=force_enable"])
        case .arm:
            guard culprits.isEmpty else { return patient.recipe.change(removing: culprits) }
            return ["See why in the kernel log:  sudo dmesg | grep -iE 'smmu|iommu'"]
        }
    }
}
