/// The IOMMU, by the decision table over the firmware's table, the units and the groups.
enum IOMMUChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] { [iommu(patient)] }

    private static func iommu(_ patient: Patient) -> DoctorCheck {
        let check = { (verdict: DoctorCheck.Verdict, reason: String, fix: [NextStep]) in
            DoctorCheck("iommu", "IOMMU", verdict, reason, evidence: evidence(patient), fix: fix)
        }
        let name = patient.words.iommu
        let called = name == "IOMMU" ? "The IOMMU" : "The IOMMU (\(name))"
        switch patient.inventory.readiness.iommu {
        case .active:
            return check(
                .pass,
                name == "IOMMU" ? "The IOMMU is on, with \(count(patient))." : "\(name) is on, with \(count(patient)).",
                [])
        case .hidden: return check(.failure, xen, xenFix(patient))
        case .offInFirmware: return missing(patient, called, check)
        case .offInKernel: return check(.failure, offReason(patient, called), turnOn(patient))
        case .emptyGroups:
            return check(
                .failure,
                "\(called) is there, but the kernel made no groups for PCI devices: it is misconfigured, or not"
                    + " for them.",
                [
                    log(patient),
                    patient.iommuMaker == .arm || !patient.words.hasSetup
                        ? "If the board's PCI bus has no IOMMU, no device on it can be lent."
                        : "Update the firmware, or turn its IOMMU off and on again, then reboot.",
                ])
        }
    }

    /// Neither a table nor units nor groups.
    private static func missing(
        _ patient: Patient, _ called: String, _ check: (DoctorCheck.Verdict, String, [NextStep]) -> DoctorCheck
    ) -> DoctorCheck {
        if let hypervisor = patient.outerHypervisor {
            return check(
                .failure,
                "This virtual machine\(hypervisor.inParentheses) has no IOMMU, so its devices cannot be lent to "
                    + "guests.",
                hypervisor.iommuSteps(patient.maker))
        }
        guard patient.words.hasSetup else {
            return check(.failure, "The kernel made no IOMMU groups for PCI devices.", [log(patient)])
        }
        return check(
            .failure, "\(called) is off in the firmware, or the board has none.",
            patient.menu.steps(.iommu, patient.iommuMaker))
    }

    private static let xen =
        "The IOMMU belongs to Xen: this Linux is its control domain. Patchbay lends to guests of KVM, which does not run here."

    private static func xenFix(_ patient: Patient) -> [NextStep] {
        let command = "sudo /opt/xensource/libexec/xen-cmdline"
        let hide: [NextStep] =
            patient.platform.boot.loader == .xenServer
            ? [
                "See which devices are hidden already:  \(command) --get-dom0 xen-pciback.hide",
                NextStep(
                    "Hide the device as well, in addition to those:  "
                        + "\(command) --set-dom0 \"xen-pciback.hide=…(DDDD:BB:SS.F)\""),
                "Reboot the host.",
            ] : ["Detach it from the control domain:  sudo xl pci-assignable-add DDDD:BB:SS.F"]
        return ["Give a device to a Xen guest with Xen's own tools, which first reserve it for guests."] + hide
            + ["To lend it with Patchbay, run this machine's Linux on the hardware with KVM."]
    }

    private static func log(_ patient: Patient) -> NextStep {
        "Look for errors in the kernel log:  sudo dmesg | grep -iE '\(patient.words.logWords)'"
    }

    private static func count(_ patient: Patient) -> String {
        let count = max(patient.inventory.groups.count, patient.platform.iommu.groupCount)
        return "\(count) \(count == 1 ? "group" : "groups")"
    }

    private static func evidence(_ patient: Patient) -> [String] {
        let facts = patient.platform.iommu
        guard patient.hasSurvey else { return [] }
        guard !patient.isXenControl else { return ["this Linux is the control domain of Xen (dom0)"] }
        return [
            "firmware tables: \(facts.firmwareTables.isEmpty ? "none" : facts.firmwareTables.joined(separator: ", "))",
            "IOMMU units: \(facts.units.isEmpty ? "none" : Patient.few(facts.units, 4).joined(separator: ", "))",
            "IOMMU groups: \(facts.groupCount)",
        ]
    }

    /// Parameters that keep the kernel from turning it on; those of another maker's machines do not.
    private static func culprits(_ patient: Patient) -> [String] {
        let maker = patient.iommuMaker
        let foreign = maker == .amd ? "intel_iommu=" : maker == .intel ? "amd_iommu=" : nil
        return patient.running.filter { parameter in
            guard foreign.map(parameter.hasPrefix) != true else { return false }
            return parameter == "noiommu"
                || ["intel_iommu=", "amd_iommu=", "iommu="].contains { parameter.hasPrefix($0) }
                    && parameter.split(separator: "=").last?.split(separator: ",").contains("off") == true
        }
    }

    private static func offReason(_ patient: Patient, _ called: String) -> String {
        let culprits = culprits(patient)
        guard culprits.isEmpty else {
            return "\(called) is off in the kernel: it was started with \(culprits.joined(separator: " "))."
        }
        if let asked = asked(in: patient.running, patient) {
            return "\(called) is off in the kernel, though it was started with \(asked)."
        }
        // Arm's table is of interrupts, too: it is there without an SMMU.
        guard patient.iommuMaker != .arm else {
            return "\(called) is off: the firmware's table does not offer it, or the kernel did not turn it on."
        }
        return "\(called) is off in the kernel: the firmware offers it, and the kernel did not turn it on."
    }

    /// The parameter that turns Intel's on, where it is among these and nothing keeps it off.
    private static func asked(in parameters: [String], _ patient: Patient) -> String? {
        guard patient.iommuMaker == .intel || patient.iommuMaker == nil else { return nil }
        return parameters.prefix { $0 != "--" }.last { parameter in
            parameter.hasPrefix("intel_iommu=")
                && parameter.dropFirst("intel_iommu=".count).split(separator: ",").contains("on")
        }
    }

    /// It was asked for: the log says why not, or it takes a reboot.
    private static func askedAlready(_ patient: Patient) -> [NextStep]? {
        if asked(in: patient.running, patient) != nil {
            return [log(patient), "If the log names the firmware's table, update the firmware."] + BootRecipe.afterwards
        }
        guard asked(in: patient.platform.boot.configured ?? [], patient) != nil else { return nil }
        return BootParameterChecks.refresh(patient) + BootRecipe.afterwards
    }

    private static func turnOn(_ patient: Patient) -> [NextStep] {
        let culprits = culprits(patient)
        switch patient.iommuMaker {
        case .intel, nil:
            if culprits.isEmpty, let steps = askedAlready(patient) { return steps }
            let isThere = asked(in: patient.platform.boot.configured ?? patient.running, patient) != nil
            let added = !isThere && (culprits.isEmpty || culprits.contains { $0.hasPrefix("intel_iommu=") })
            return patient.recipe.change(adding: added ? ["intel_iommu=on"] : [], removing: culprits)
        case .amd:
            guard culprits.isEmpty else { return patient.recipe.change(removing: culprits) }
            return patient.recipe.change(adding: ["amd_iommu=force_enable"])
        case .arm, .power, .mainframe, .other:
            guard culprits.isEmpty else { return patient.recipe.change(removing: culprits) }
            return [log(patient)] + (patient.iommuMaker == .arm ? patient.menu.steps(.iommu, .arm) : [])
        }
    }
}
