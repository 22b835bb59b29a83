/// How kernel parameters and module options are changed on one host: by what makes them on its system.
struct BootRecipe: Sendable {
    let boot: BootFacts

    init(_ boot: BootFacts) { self.boot = boot }

    static let afterwards = [NextStep("Reboot the host, then check again", .examine())]

    /// What to do, one step a line, the reboot included: parameters of the kernel that are added and taken out, and lines
    /// of modprobe.d that are taken out, which may come from several files. Empty where nothing is to change.
    func change(adding: [String] = [], removing: [String] = [], takingOut lines: [SettingLine] = []) -> [NextStep] {
        let steps = steps(adding: adding, removing: removing, takingOut: lines)
        return steps.isEmpty ? [] : steps + reboot
    }

    /// What brings a change into effect: the last lines of each. Empty where nothing can be changed.
    var reboot: [NextStep] { way.isFixed ? [] : Self.afterwards }

    /// The same without the reboot.
    func steps(adding: [String] = [], removing: [String] = [], takingOut lines: [SettingLine] = []) -> [NextStep] {
        let way = way
        let parameters = (removing.isEmpty ? [] : way.remove(removing)) + (adding.isEmpty ? [] : way.add(adding))
        var effects = parameters.isEmpty ? [] : way.apply
        for step in lines.isEmpty ? [] : initramfs where !effects.contains(step) { effects.append(step) }
        let all = (parameters.isEmpty ? [] : owned(way)) + parameters + edits(of: lines, way) + effects
        return all.map { NextStep($0) }
    }

    private func edits(of lines: [SettingLine], _ way: BootWay) -> [String] {
        guard !lines.isEmpty else { return [] }
        return way.modules?(lines.map(\.setting))
            ?? lines.map { line in "In \(line.file), line \(line.lineNumber), remove:  \(line.setting)" }
    }

    /// Where the parameters are, in words.
    var source: String {
        if let file = boot.configurationFile { return file }
        if boot.loader == .zfsBootMenu { return "the property \(Self.zfsBootMenuProperty) of the root's dataset" }
        return boot.loader == .unifiedImage ? "its unified kernel image" : "its entries"
    }

    /// What brings the loader's settings into effect, without changing them.
    var apply: [String] { way.apply }

    /// Who has the last word on what people would edit. A change that is lost is worse than none.
    private func owned(_ way: BootWay) -> [String] {
        guard way.isFile, let owner = boot.owner else { return [] }
        return ["\(owner) The change is:"]
    }

    /// `line 3 of /etc/default/grub` for a parameter of the kernel. nil: no file that was read has it.
    func place(of parameter: String) -> String? {
        (boot.settings ?? []).first { line in
            !line.isOfModule && KernelParameters(parsing: line.setting).words.contains(parameter)
        }?.place
    }

    /// Steps that make the initial RAM disk anew, which holds module options, too. Empty where options are not in it, or
    /// nobody can make it on the host.
    var initramfs: [String] {
        if let steps = way.initramfs { return steps }
        let write = "Rebuild the initial RAM disk"
        if isFamily(["debian", "ubuntu", "proxmox"]) { return ["\(write):  sudo update-initramfs -u -k all"] }
        if isFamily(["arch", "archlinux"]) { return ["\(write):  sudo mkinitcpio -P"] }
        if isFamily(["alpine"]) { return ["\(write):  sudo mkinitfs"] }
        if boot.distribution != nil { return ["\(write):  sudo dracut --force --regenerate-all"] }
        return ["\(write), by update-initramfs -u -k all, dracut --force --regenerate-all or mkinitcpio -P."]
    }

    /// Of this distribution, or made from one of these.
    func isFamily(_ names: [String]) -> Bool {
        ([boot.distribution ?? ""] + boot.distributionFamily).contains { names.contains($0) }
    }
}

/// What is done to the settings of one kind of system.
struct BootWay {
    /// Steps that add parameters, and steps that take them out.
    var add: ([String]) -> [String]
    var remove: ([String]) -> [String]
    /// The commands that bring it into effect at the next boot.
    var apply: [String] = []
    /// People edit the loader's file, so it matters who else writes it.
    var isFile = false
    /// Nothing can be changed on the host.
    var isFixed = false
    /// How lines of modprobe.d are taken out. nil: they are edited where they stand.
    var modules: (([String]) -> [String])?
    /// The steps that make the initial RAM disk anew; empty: none. nil: as the distribution does.
    var initramfs: [String]?

    /// A file that is one line.
    static func oneLine(_ file: String, apply: [String] = []) -> BootWay {
        BootWay(
            add: { ["Append to the line in \(file):  \($0.joined(separator: " "))"] },
            remove: { ["Remove from the line in \(file):  \($0.joined(separator: " "))"] }, apply: apply, isFile: true)
    }

    /// A line of a file.
    static func line(_ place: String, apply: [String] = []) -> BootWay {
        BootWay(
            add: { ["In \(place) add:  \($0.joined(separator: " "))"] },
            remove: { ["In \(place) remove:  \($0.joined(separator: " "))"] }, apply: apply, isFile: true)
    }
}
