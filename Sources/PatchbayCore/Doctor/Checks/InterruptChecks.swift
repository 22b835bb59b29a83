/// Whether a guest that has a device is kept from sending any interrupt, and from reaching any memory.
enum InterruptChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        guard patient.inventory.readiness.iommu == .active else { return [] }
        return [remapping(patient)].compactMap { $0 } + unsafeInterrupts(patient) + withoutIOMMU(patient)
    }

    private static func remapping(_ patient: Patient) -> DoctorCheck? {
        let facts = patient.platform.iommu
        let can = facts.platformCanRemapInterrupts.map {
            "the firmware's table says the board \($0 ? "can" : "cannot")"
        }
        let evidence = [can].compactMap { $0 }
        guard let isOn = facts.hasInterruptRemapping else {
            guard patient.hasSurvey else { return nil }
            return DoctorCheck(
                "interrupt-remapping", "Interrupt remapping", .unknown,
                "Whether interrupts are remapped cannot be told from what was read.", evidence: evidence)
        }
        guard !isOn else {
            return DoctorCheck(
                "interrupt-remapping", "Interrupt remapping", .pass, "Interrupts of devices are remapped.",
                evidence: ["/proc/interrupts names chips that begin with IR-"])
        }
        let culprits = patient.running.filter { $0 == "nointremap" || $0 == "intremap=off" || $0 == "intremap=nosid" }
        let fix =
            culprits.isEmpty
            ? patient.menu.steps(.interruptRemapping, patient.maker) : patient.recipe.change(removing: culprits)
        return DoctorCheck(
            "interrupt-remapping", "Interrupt remapping", .failure,
            "Interrupt remapping is off: a guest with a device could forge interrupts, so the kernel refuses to hand one over.",
            evidence: ["/proc/interrupts names no chip that begins with IR-"] + evidence
                + culprits.map { "started with \($0)" },
            fix: fix)
    }

    private static func unsafeInterrupts(_ patient: Patient) -> [DoctorCheck] {
        guard patient.platform.iommu.allowsUnsafeInterrupts == true else { return [] }
        return [
            DoctorCheck(
                "unsafe-interrupts", "Unsafe interrupts", .failure,
                "vfio_iommu_type1 allows unsafe interrupts: a guest with a device can crash the host or take it over.",
                evidence: ["allow_unsafe_interrupts of vfio_iommu_type1 is Y"],
                fix: [
                    "Take allow_unsafe_interrupts=1 out of /etc/modprobe.d and out of the kernel command line.",
                    "Turn it off until then:  echo N | sudo tee"
                        + " /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts",
                ])
        ]
    }

    private static func withoutIOMMU(_ patient: Patient) -> [DoctorCheck] {
        guard patient.platform.iommu.allowsNoIOMMU == true else { return [] }
        return [
            DoctorCheck(
                "no-iommu-mode", "VFIO without IOMMU", .failure,
                "vfio may hand devices over without an IOMMU: they reach all memory of the host.",
                evidence: ["enable_unsafe_noiommu_mode of vfio is Y"],
                fix: [
                    "Take enable_unsafe_noiommu_mode=1 out of /etc/modprobe.d and out of the kernel command line.",
                    "Turn it off until then:  echo N | sudo tee /sys/module/vfio/parameters/enable_unsafe_noiommu_mode",
                ])
        ]
    }
}
