/// Kernel parameters: what was asked for against what took effect, and what does more harm than good.
enum BootParameterChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        [pending(patient), moduleOptions(patient), ids(patient), idle(patient), folklore(patient)].compactMap { $0 }
    }

    /// Parameters that decide about passthrough, by how they begin.
    private static let relevant = [
        "intel_iommu=", "amd_iommu=", "iommu=", "iommu.", "intremap=", "nointremap", "vfio", "pcie_acs_override=",
        "pci=",
        "pcie_aspm", "pcie_port_pm", "video=", "initcall_blacklist=", "nomodeset", "fbcon=", "hugepages", "hugepagesz=",
        "default_hugepagesz=", "isolcpus=", "nohz_full=", "rcu_nocbs=", "irqaffinity=", "kvm", "modprobe.blacklist=",
        "module_blacklist=", "rd.driver.", "mitigations=",
    ]

    static func isRelevant(_ parameter: String) -> Bool {
        relevant.contains { parameter.hasPrefix($0) }
    }

    /// The boot loader's file says one thing and the running kernel another.
    private static func pending(_ patient: Patient) -> DoctorCheck? {
        let boot = patient.platform.boot
        guard let configured = boot.configured, let running = boot.running else { return nil }
        let missing = configured.filter { isRelevant($0) && !running.contains($0) }
        let extra = running.filter { isRelevant($0) && !configured.contains($0) }
        let file = boot.configurationFile ?? "the boot loader's configuration"
        guard !missing.isEmpty || !extra.isEmpty else {
            return DoctorCheck(
                "boot-parameters", "Boot parameters", .pass,
                "The kernel was started with the parameters in \(file).",
                evidence: running.filter(isRelevant))
        }
        let evidence =
            missing.map { "in the file, but not in effect: \($0)" }
            + extra.map { "in effect, but not in the file: \($0)" }
        guard !missing.isEmpty else {
            return DoctorCheck(
                "boot-parameters", "Boot parameters", .note,
                "The kernel was started with parameters that are not in \(file): they end with the next boot, or "
                    + "come from another file.", evidence: evidence)
        }
        return DoctorCheck(
            "boot-parameters", "Boot parameters", .warning,
            "Parameters in \(file) are not in effect: a reboot is pending, or the boot loader does not use that file.",
            evidence: evidence, fix: refresh(patient) + [NextStep("Reboot the host, then check again", .examine())])
    }

    /// What brings the loader's file into effect, without changing it.
    static func refresh(_ patient: Patient) -> [NextStep] {
        patient.recipe.apply.filter { $0.contains("sudo ") }.map {
            NextStep("If it was rebooted since, \($0.startingLower)")
        }
    }

    /// `options vfio-pci ids=…` of modprobe.d against what the loaded module has.
    private static func moduleOptions(_ patient: Patient) -> DoctorCheck? {
        var differences: [String] = []
        let read = patient.moduleLines.filter(\.isRead)
        // What another line replaces is told there. Without places all that is known are the words.
        let lines =
            read.isEmpty
            ? patient.platform.boot.moduleOptions
            : read.filter { ModuleLineCheck.mistake(in: $0, patient) == nil }.map(\.setting)
        for line in lines {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count > 2, words[0] == "options", words[1].contains("vfio") else { continue }
            let module = words[1].replacingDashes
            for option in words.dropFirst(2) {
                let parts = option.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, let now = patient.platform.vfio.parameters["\(module).\(parts[0])"],
                    !isSame(now, String(parts[1]))
                else { continue }
                let told = "\(module).\(parts[0]): \(parts[1]) in the file, \(now) in effect"
                if !differences.contains(told) { differences.append(told) }
            }
        }
        guard !differences.isEmpty else { return nil }
        return DoctorCheck(
            "module-options", "Module options", .warning,
            "Options of VFIO modules are not in effect: the module was loaded earlier, or from the initial RAM disk.",
            evidence: differences,
            fix: patient.recipe.initramfs.map { NextStep($0) } + patient.recipe.reboot)
    }

    private static func isSame(_ now: String, _ asked: String) -> Bool {
        // The kernel shows a boolean this way.
        if now == "Y" || now == "N" { return ModuleBoolean.reading(asked) == (now == "Y") }
        return now.lowercased() == asked.lowercased()
    }

    /// Binding by id takes every device of a model, the host's own too.
    private static func ids(_ patient: Patient) -> DoctorCheck? {
        let started = patient.running.filter { $0.replacingDashes.hasPrefix("vfio_pci.ids=") }
        let options = patient.platform.boot.moduleOptions.filter(isOfIDs)
        let placed = patient.moduleLines.filter { $0.isRead && isOfIDs($0.setting) }
        // What is mistaken, too, is taken out there.
        let right = (
            started: started.filter { MistakenParameters.mistake(in: $0, patient) == nil },
            lines: placed.filter { ModuleLineCheck.mistake(in: $0, patient) == nil },
            isPlaced: options.isEmpty || !placed.isEmpty
        )
        let list = (started + options).flatMap { $0.split { ", =".contains($0) } }.filter { $0.contains(":") }
        let caught = patient.endpoints.filter { function in
            list.contains { $0.lowercased().hasPrefix("\(function.id)") }
        }
        guard !caught.isEmpty || !right.started.isEmpty || !right.lines.isEmpty || !right.isPlaced else { return nil }
        return DoctorCheck(
            "vfio-ids", "Binding by id", .warning,
            "vfio-pci is set to bind every device with certain ids at every boot, including the host's own and later "
                + "ones.",
            evidence: started + options + Patient.few(caught.map { "takes \(Patient.line($0))" }),
            fix: takeOut(right.started, right.lines, isPlaced: right.isPlaced, patient) + [
                NextStep("Let Patchbay bind the devices one by one", .lendDevice(nil, pool: nil, creates: true))
            ])
    }

    private static func isOfIDs(_ line: String) -> Bool {
        line.replacingDashes.contains("vfio_pci") && line.contains("ids=")
    }

    /// Where the lines are known, line by line.
    private static func takeOut(
        _ started: [String], _ lines: [SettingLine], isPlaced: Bool, _ patient: Patient
    ) -> [NextStep] {
        guard !isPlaced else { return patient.recipe.change(removing: started, takingOut: lines) }
        return patient.recipe.steps(removing: started) + ["Remove \"ids=\" from /etc/modprobe.d."]
            + patient.recipe.initramfs.map { NextStep($0) } + patient.recipe.reboot
    }

    /// Parameters of another maker's machines, which this kernel passes over: no harm, and no effect.
    private static func idle(_ patient: Patient) -> DoctorCheck? {
        let found = patient.parameters.compactMap { parameter -> String? in
            let place = patient.recipe.place(of: parameter).map { " (\($0))" } ?? ""
            return idleness(of: parameter, patient).map { "\(parameter)\(place): \($0)" }
        }
        guard !found.isEmpty else { return nil }
        return DoctorCheck(
            "idle-parameters", "Parameters without effect", .note,
            "Parameters have no effect on this machine and can be removed: \(found.joined(separator: "; ")).")
    }

    /// Why a parameter has no effect on this machine, though there is one of that name. nil: it may have one.
    static func idleness(of parameter: String, _ patient: Patient) -> String? {
        let parts = parameter.split(separator: "=", maxSplits: 1)
        let name = parts.first?.replacingDashes ?? ""
        let value = parts.count == 2 ? parts[1] : ""
        if name == "amd_iommu", patient.iommuMaker == .amd, value == "on" || ParameterValue.isYes(value) {
            return "the kernel turns AMD-Vi on by itself, and the parameter has no such value"
        }
        let (wanted, actual): (Patient.Maker, Patient.Maker?)
        switch name {
        case "intel_iommu": (wanted, actual) = (.intel, patient.iommuMaker)
        case "amd_iommu": (wanted, actual) = (.amd, patient.iommuMaker)
        case _ where name.hasPrefix("kvm_intel."): (wanted, actual) = (.intel, patient.maker)
        case _ where name.hasPrefix("kvm_amd."): (wanted, actual) = (.amd, patient.maker)
        default: return nil
        }
        return actual == nil || actual == wanted ? nil : "it is for processors of another vendor"
    }

    private static func folklore(_ patient: Patient) -> DoctorCheck? {
        let notes: [(String, String)] = [
            (
                "iommu=pt",
                "iommu=pt is not needed for passthrough; it only changes how the host's own devices are mapped"
            ),
            ("iommu.passthrough=1", "iommu.passthrough=1 is not needed for passthrough"),
            ("kvm.ignore_msrs=1", "kvm.ignore_msrs=1 hides real errors of guests"),
            ("pcie_aspm=off", "pcie_aspm=off costs power; keep it only when links fail without it"),
        ]
        let found = notes.filter { patient.running.contains($0.0) }.map(\.1)
        guard !found.isEmpty else { return nil }
        return DoctorCheck(
            "needless-parameters", "Needless parameters", .note,
            "The kernel was started with parameters that passthrough does not need.", evidence: found)
    }
}

extension StringProtocol {
    /// Names of modules and their parameters: `-` and `_` are the same to the kernel.
    var replacingDashes: String { String(map { $0 == "-" ? "_" : $0 }) }
}
