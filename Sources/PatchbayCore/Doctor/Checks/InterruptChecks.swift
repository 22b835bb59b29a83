/// Whether a guest that has a device is kept from sending any interrupt, and from reaching any memory.
enum InterruptChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        guard patient.inventory.readiness.iommu == .active else { return [] }
        return [remapping(patient)].compactMap { $0 } + unsafeInterrupts(patient) + withoutIOMMU(patient)
    }

    private static func remapping(_ patient: Patient) -> DoctorCheck? {
        let facts = patient.platform.iommu
        let can = facts.platformCanRemapInterrupts.map {
            "according to the firmware's table the board \($0 ? "supports it" : "does not support it")"
        }
        let evidence = [can].compactMap { $0 }
        guard let isOn = facts.hasInterruptRemapping else {
            // POWER's bridges keep interrupts apart, and its VFIO driver does not ask.
            guard patient.hasSurvey, patient.maker != .power else { return nil }
            return DoctorCheck(
                "interrupt-remapping", "Interrupt remapping", .unknown,
                "Whether interrupts are remapped could not be determined.", evidence: evidence)
        }
        guard !isOn else {
            return DoctorCheck(
                "interrupt-remapping", "Interrupt remapping", .pass,
                patient.maker == .mainframe || patient.maker == .arm
                    ? "The machine keeps interrupts of devices apart." : "Interrupts of devices are remapped.",
                evidence: [sign(patient)])
        }
        let culprits = patient.running.filter { $0 == "nointremap" || $0 == "intremap=off" || $0 == "intremap=nosid" }
        let fix =
            culprits.isEmpty
            ? patient.outerHypervisor?.iommuSteps(patient.maker)
                ?? patient.menu.steps(.interruptRemapping, patient.iommuMaker)
            : patient.recipe.change(removing: culprits)
        return DoctorCheck(
            "interrupt-remapping", "Interrupt remapping", .failure,
            "Interrupt remapping is off: a guest with a device could forge interrupts, so the kernel refuses to hand one over.",
            evidence: ["/proc/interrupts lists no interrupt chip whose name begins with IR-"] + evidence
                + culprits.map { "started with \($0)" },
            fix: fix)
    }

    /// What tells that they are.
    private static func sign(_ patient: Patient) -> String {
        switch patient.maker {
        case .arm: "/proc/interrupts lists interrupt chips whose names begin with ITS-"
        case .mainframe: "interrupts of PCI functions are adapter interrupts, which the machine checks"
        case .intel, .amd, .power, .other, nil: "/proc/interrupts lists interrupt chips whose names begin with IR-"
        }
    }

    private static func unsafeInterrupts(_ patient: Patient) -> [DoctorCheck] {
        unsafe(
            "unsafe-interrupts", "Unsafe interrupts", .unsafeInterrupts, patient,
            isOn: patient.platform.iommu.allowsUnsafeInterrupts,
            "vfio_iommu_type1 allows unsafe interrupts: a guest with a device can crash the host or take control of "
                + "it.")
    }

    private static func withoutIOMMU(_ patient: Patient) -> [DoctorCheck] {
        unsafe(
            "no-iommu-mode", "VFIO without IOMMU", .noIOMMU, patient,
            isOn: patient.platform.iommu.allowsNoIOMMU,
            "vfio may hand devices over without an IOMMU: they can access all memory of the host.")
    }

    /// An option that must not be on: in effect, or from the next load of its module on.
    private static func unsafe(
        _ code: String, _ title: String, _ setting: ModuleBoolean, _ patient: Patient, isOn: Bool?, _ reason: String
    ) -> [DoctorCheck] {
        let (module, option) = (setting.module, setting.option)
        let read = patient.moduleLines.filter(\.isRead)
        // At the module's next load on this boot, or on the next one.
        let isToBe = [patient.running, patient.platform.boot.configured].compactMap { $0 }.contains { parameters in
            setting.value(lines: read.map(\.setting), parameters: parameters) == true
        }
        guard isOn == true || isOn == nil && isToBe else { return [] }
        let kernel = patient.parameters.filter { setting.value(inParameter: $0) == true }
        let lines = read.filter { setting.value(inLine: $0.setting) == true }
        let places = kernel.map { "\($0), \(patient.recipe.place(of: $0) ?? "on the kernel command line")" }
        let ways = patient.recipe.steps(removing: kernel, takingOut: lines)
        let unplaced: [NextStep] = ["Remove \(option)=1 from /etc/modprobe.d and from the kernel command line."]
        return [
            DoctorCheck(
                code, title, .failure, isOn == true ? reason : "\(reason.dropLast()), as soon as the module is loaded.",
                evidence: (isOn == true ? ["\(option) of \(module) is Y"] : []) + places
                    + lines.map { "\($0.setting), \($0.place)" },
                fix: (ways.isEmpty ? unplaced : ways)
                    + (isOn == true
                        ? ["Turn it off until then:  echo N | sudo tee /sys/module/\(module)/parameters/\(option)"]
                        : [])
                    + (ways.isEmpty ? [] : patient.recipe.reboot))
        ]
    }
}
