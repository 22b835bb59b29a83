/// The programs that run guests, and what is missing below certain versions.
enum SoftwareChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        guard patient.hasSurvey else { return [] }
        // Guests of Xen are run by Xen's own programs.
        guard !patient.isXenControl else { return [secureBoot(patient)].compactMap { $0 } }
        return [
            version("qemu", .qemu, patient), version("libvirt", .libvirt, patient), firmware(patient),
            lockable(patient), secureBoot(patient),
        ].compactMap { $0 }
    }

    private static func version(
        _ code: String, _ program: SoftwareFloor.Program, _ patient: Patient
    ) -> DoctorCheck {
        let name = program.rawValue
        guard let version = patient.platform.software.version(of: program) else {
            return DoctorCheck(
                code, name, .unknown, "No \(name) was found, or its version could not be determined.",
                fix: [NextStep(Packages.step("Install it if the host is to run guests", patient))])
        }
        let missed = patient.platform.software.missedFloors.filter { $0.program == program }
        let evidence = missed.map { "since \($0.version.major).\($0.version.minor): \($0.brings)" }
        guard let floor = missed.last(where: \.isRequired) else {
            return DoctorCheck(code, name, .pass, "\(name) \(version).", evidence: evidence)
        }
        return DoctorCheck(
            code, name, .warning,
            "\(name) \(version) is older than \(floor.version.major).\(floor.version.minor): attaching devices to "
                + "existing VMs is known to fail with it.", evidence: evidence,
            fix: ["Install a newer \(name), from a newer distribution."])
    }

    private static func firmware(_ patient: Patient) -> DoctorCheck? {
        let software = patient.platform.software
        guard software.guestFirmware.isEmpty else {
            return DoctorCheck(
                "guest-firmware", "Guest firmware", .pass, "UEFI firmware for guests is installed.",
                evidence: Patient.few(software.guestFirmware, 4))
        }
        guard software.qemu != nil, Packages.hasGuestFirmware(patient.architecture) else { return nil }
        return DoctorCheck(
            "guest-firmware", "Guest firmware", .warning,
            "No UEFI firmware for guests (OVMF) was found: guests with large BARs or most graphics cards need it.",
            fix: [NextStep(Packages.step("Install it", patient))])
    }

    /// All RAM of a guest with a device is locked.
    private static func lockable(_ patient: Patient) -> DoctorCheck? {
        guard let bytes = patient.platform.software.lockableBytes else { return nil }
        guard bytes >= 0 else {
            return DoctorCheck(
                "lockable-memory", "Lockable memory", .pass, "Locked memory is not limited.")
        }
        return DoctorCheck(
            "lockable-memory", "Lockable memory", .note,
            "The daemon that starts guests may lock \(bytes >> 20) MiB; libvirt raises the limit for each guest with a device.",
            fix: [
                "If a guest fails with \"cannot lock memory\":  sudo systemctl edit libvirtd, and set LimitMEMLOCK=infinity"
            ])
    }

    private static func secureBoot(_ patient: Patient) -> DoctorCheck? {
        let boot = patient.platform.boot
        let isLocked = boot.lockdown.map { $0 != "none" } ?? false
        guard boot.isSecureBoot == true || isLocked else { return nil }
        let evidence = [
            boot.isSecureBoot.map { "Secure Boot is \($0 ? "on" : "off")" },
            boot.lockdown.map { "kernel lockdown: \($0)" },
        ].compactMap { $0 }
        return DoctorCheck(
            "secure-boot", "Secure Boot", .note,
            "Secure Boot does not prevent passthrough; modules from outside the distribution have to be signed, and the"
                + " kernel hides some memory from programs.", evidence: evidence)
    }
}
