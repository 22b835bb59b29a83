/// Kernel parameters and module options that do nothing, though a person believes they do: misspelt, of another module,
/// with values or ids that do not exist. What is not known here is not complained about.
enum MistakenParameters {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        let kernel = patient.parameters.compactMap { parameter in
            mistake(in: parameter, patient).map { (parameter, $0) }
        }
        let lines = patient.moduleLines.compactMap { line in
            ModuleLineCheck.mistake(in: line, patient).map { (line, $0) }
        }
        let unread = unread(patient)
        guard !kernel.isEmpty || !lines.isEmpty || !unread.isEmpty else { return [] }
        let told =
            kernel.map { parameter, why in
                "\(parameter) (\(patient.recipe.place(of: parameter) ?? "on the kernel command line")): \(why)"
            } + lines.map { line, why in "\(line.setting) (\(line.place)): \(why)" } + unread.map(\.told)
        return [
            DoctorCheck(
                "mistaken-parameters", "Mistaken parameters", .warning,
                told.count == 1
                    ? "A setting has no effect, although it looks as if it had."
                    : "\(told.count) settings have no effect, although they look as if they had.",
                evidence: told, fix: fix(kernel.map(\.0), lines.map(\.0), unread, patient))
        ]
    }

    /// Taken out where they are wrong, and written where they are read.
    private static func fix(
        _ kernel: [String], _ lines: [SettingLine], _ unread: [Unread], _ patient: Patient
    ) -> [NextStep] {
        let recipe = patient.recipe
        let wanted = unread.map(\.parameter).filter { isWanted($0, patient) }
        let files = Set(unread.filter { !$0.isReadElsewhere }.map(\.line.file)).sorted()
        let left = unread.filter { $0.isReadElsewhere && !wanted.contains($0.parameter) }
        let places = Dictionary(grouping: left, by: \.line.place).sorted { $0.key < $1.key }
        let cleanUps: [NextStep] = places.map { place, unread in
            "Remove from \(place), where it has no effect:  \(unread.map(\.parameter).joined(separator: " "))"
        }
        let steps =
            recipe.steps(adding: wanted, removing: kernel, takingOut: lines) + cleanUps
            + (files.isEmpty ? [] : ["Remove them from \(files.joined(separator: " and ")), where nothing reads them."])
            + (kernel.isEmpty && lines.isEmpty
                ? []
                : [
                    "Write what was meant instead, if you still need it; Patchbay binds devices one by one."
                ])
        return steps + (wanted.isEmpty && kernel.isEmpty && lines.isEmpty ? [] : recipe.reboot)
    }

    /// Whether what nothing reads is to be written where it is read: not where another value of it counts already, nor what
    /// is against lending devices or makes it unsafe, which may have been replaced for that reason.
    private static func isWanted(_ parameter: String, _ patient: Patient) -> Bool {
        guard mistake(in: parameter, patient) == nil, BootParameterChecks.idleness(of: parameter, patient) == nil else {
            return false
        }
        let name = parameter.prefix { $0 != "=" }.replacingDashes
        let value = parameter.dropFirst(name.count + 1)
        let isThere = patient.parameters.contains { $0.prefix { $0 != "=" }.replacingDashes == name }
        let isHarmful =
            ["nointremap", "pcie_acs_override", "vfio_pci.ids", "pci_stub.ids"].contains(name)
            || [ModuleBoolean.unsafeInterrupts, .noIOMMU].contains { name == "\($0.module).\($0.option)" }
        let isOff =
            value.split { ",:".contains($0) }.contains { ["off", "nosid"].contains($0) }
            || name.contains(".") && ["0", "n", "N"].contains(value)
        return !isThere && !isHarmful && !isOff
    }

    private struct Unread {
        let parameter: String
        let line: SettingLine
        /// Other lines of its file count.
        let isReadElsewhere: Bool
        let told: String
    }

    /// What somebody wrote where nothing reads it: for GRUB on a host that it does not start, in a file of another name, in
    /// a line that a later one replaces.
    private static func unread(_ patient: Patient) -> [Unread] {
        let boot = patient.platform.boot
        var known = Set(patient.parameters)
        return (boot.unread ?? []).flatMap { line in
            KernelParameters(parsing: line.setting).words.filter {
                BootParameterChecks.isRelevant($0) && known.insert($0).inserted
            }
            .map {
                let why =
                    line.unreadBecause
                    ?? "GRUB does not start this host; its parameters are in \(patient.recipe.source)"
                return Unread(
                    parameter: $0, line: line,
                    isReadElsewhere: (boot.settings ?? []).contains { $0.file == line.file },
                    told: "\($0) (\(line.place)): \(why)")
            }
        }
    }

    /// A list of ids replaces the one before it. nil: nothing replaces it, wherever it stands.
    private static func replacement(of parameter: String, named name: String, _ patient: Patient) -> String? {
        let lists = [patient.running, patient.platform.boot.configured ?? []].map { words in
            words.prefix { $0 != "--" }.filter { $0.prefix { $0 != "=" }.replacingDashes == name }
        }.filter { $0.contains(parameter) }
        guard !lists.isEmpty, lists.allSatisfy({ $0.last != parameter }) else { return nil }
        return
            "a later list of ids replaces it; one list holds all, as in \(ParameterName.written(name))=VVVV:DDDD,VVVV:DDDD"
    }

    /// nil: nothing that is known to be wrong.
    static func mistake(in parameter: String, _ patient: Patient) -> String? {
        // Told among those without effect.
        guard BootParameterChecks.idleness(of: parameter, patient) == nil else { return nil }
        if PassthroughID.isList(parameter) {
            return "ids without a name; the list of vfio-pci.ids= must not contain spaces"
        }
        let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].replacingDashes
        let value = parts.count == 2 ? String(parts[1]) : nil
        if let why = ParameterName.mistake(in: name) { return why }
        if ["vfio_pci.ids", "pci_stub.ids"].contains(name) {
            return PassthroughID.mistake(in: value ?? "", patient) ?? replacement(of: parameter, named: name, patient)
        }
        return ParameterValue.mistake(in: name, value ?? "")
    }
}

/// Names of kernel parameters that decide about passthrough, and what people write for them.
enum ParameterName {
    /// Options of the modules that hand devices over (`modinfo`), by the module's name with underscores.
    static let options: [String: [String]] = [
        "vfio": ["enable_unsafe_noiommu_mode"],
        "vfio_pci": ["ids", "disable_vga", "disable_idle_d3", "nointxmask", "enable_sriov", "disable_denylist"],
        "vfio_iommu_type1": ["allow_unsafe_interrupts", "disable_hugepages", "dma_entry_limit"],
    ]

    private static let modular = options.flatMap { module, options in options.map { "\(module).\($0)" } }
    /// Worth looking for what is almost one of these.
    private static let targets =
        modular + [
            "intel_iommu", "amd_iommu", "iommu.passthrough", "iommu.strict", "intremap", "pcie_acs_override",
            "module_blacklist", "modprobe.blacklist", "initcall_blacklist", "default_hugepagesz", "rd.driver.pre",
            "rd.driver.blacklist", "kvm.ignore_msrs", "kvm_intel.nested", "kvm_amd.nested",
        ]
    /// Right as they are, though close to one above.
    private static let others: Set<String> = [
        "nointremap", "iommu", "hugepages", "hugepagesz", "amd_iommu_dump", "amd_iommu_intr", "s390_iommu",
    ]
    /// What is further off, and known to be meant.
    private static let meant: [String: String] = [
        "vfio.ids": "vfio-pci.ids", "vfio_pci.device": "vfio-pci.ids", "vfio_pci.devices": "vfio-pci.ids",
        "vfio_pci.options": "vfio-pci.ids", "allow_unsafe_interrupts": "vfio_iommu_type1.allow_unsafe_interrupts",
        "iommu_pt": "iommu=pt", "acs_override": "pcie_acs_override", "hugepagesize": "hugepagesz",
        "hugepage_size": "hugepagesz", "kvm.nested": "kvm_intel.nested or kvm_amd.nested",
    ]

    /// - Parameter name: with underscores.
    static func mistake(in name: String) -> String? {
        if targets.contains(name) || others.contains(name) { return nil }
        if let meant = meant[name] { return "there is no such parameter; you probably mean \(meant)" }
        let parts = name.split(separator: ".", maxSplits: 1)
        if parts.count == 2, let why = option(String(parts[1]), of: String(parts[0])) { return why }
        if let near = nearest(to: name) { return "there is no such parameter; you probably mean \(written(near))" }
        guard name == "vfio" || name.hasPrefix("vfio_"), parts.count == 1 else { return nil }
        return "there is no such parameter; options of a module are written MODULE.NAME, as in vfio-pci.ids="
    }

    /// An option that another module has, or none.
    static func option(_ option: String, of module: String) -> String? {
        if let meant = meant["\(module).\(option)"] { return "there is no such option; you probably mean \(meant)" }
        if let known = options[module] {
            if known.contains(option) { return nil }
            if let owner = owner(of: option) { return "\(option) belongs to \(written(owner))" }
            return "\(written(module)) has no option \(option)"
        }
        if module.hasPrefix("vf"), let near = nearest(to: "\(module).\(option)") {
            return "there is no such option; you probably mean \(written(near))"
        }
        guard ["iommu", "pci", "kvm", "vfio_iommu", "vfio_pci_core"].contains(module) else { return nil }
        return owner(of: option).map { "\(option) belongs to \(written($0))" }
    }

    private static func owner(of option: String) -> String? { options.first { $0.value.contains(option) }?.key }

    /// As it is usually written: `vfio-pci.ids`.
    static func written(_ name: String) -> String {
        name.hasPrefix("vfio_pci") ? "vfio-pci" + name.dropFirst("vfio_pci".count) : name
    }

    /// What differs by its separators, or by a letter or two of many.
    private static func nearest(to name: String) -> String? {
        let bare = squeezed(name)
        return targets.first { squeezed($0) == bare }
            ?? targets.first { target in
                let wanted = squeezed(target)
                return wanted.count >= 8 && EditDistance.isAtMost(wanted.count >= 14 ? 2 : 1, bare, wanted)
            }
    }

    private static func squeezed(_ name: String) -> [Character] {
        name.lowercased().filter { !"_.-:".contains($0) }.map { $0 }
    }
}

/// Values that parameters do not have.
enum ParameterValue {
    private static let yes: Set<Substring> = ["1", "true", "yes", "y", "enable", "enabled"]

    /// What people write for "turn it on".
    static func isYes(_ value: Substring) -> Bool { yes.contains(value) }

    /// Only what people are known to write.
    static func mistake(in name: String, _ value: String) -> String? {
        let words = value.split(separator: ",")
        switch name {
        case "pcie_acs_override":
            let known = ["downstream", "multifunction", "id:"]
            guard let other = words.first(where: { word in !known.contains(where: word.hasPrefix) }) else { return nil }
            return "\(other) is not one of its values: downstream, multifunction and id:VVVV:DDDD"
        case "intel_iommu":
            if words.contains(where: { yes.contains($0) }) {
                return "it has no such value; you probably mean intel_iommu=on"
            }
            return words.contains("pt") ? "pt is a value of iommu; you probably mean intel_iommu=on iommu=pt" : nil
        case "iommu":
            let isYes = words.contains { yes.contains($0) || $0 == "on" }
            return isYes ? "it has no such value; intel_iommu=on turns Intel's on, and AMD's is on by itself" : nil
        case "amd_iommu":
            let isWrong = words.contains { yes.contains($0) || $0 == "pt" }
            return isWrong ? "it has no such value; AMD's IOMMU is on by itself" : nil
        default: return nil
        }
    }
}
