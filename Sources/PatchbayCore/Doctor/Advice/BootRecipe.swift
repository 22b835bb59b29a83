/// How kernel parameters and module options are changed on one host: by what makes them on its system.
struct BootRecipe: Sendable {
    let boot: BootFacts

    init(_ boot: BootFacts) { self.boot = boot }

    /// The last lines of every change.
    static let afterwards = ["Reboot the host, then look again:  patchbay doctor"]

    /// What to do, one step a line, the reboot included.
    func change(adding: [String] = [], removing: [String] = []) -> [String] {
        let way = way
        let edits = (removing.isEmpty ? [] : way.remove(removing)) + (adding.isEmpty ? [] : way.add(adding))
        return owned(way) + edits + way.apply + Self.afterwards
    }

    /// What brings the loader's settings into effect, without changing them.
    var apply: [String] { way.apply }

    /// Who has the last word on what people would edit. A change that is lost is worse than none.
    private func owned(_ way: BootWay) -> [String] {
        guard way.isFile, let owner = boot.owner else { return [] }
        return ["Make the change where it lasts, for \(owner)"]
    }

    /// How lines of modprobe.d are taken out. `lines` may come from several files.
    func takeOut(_ lines: [SettingLine]) -> [String] {
        guard !lines.isEmpty else { return [] }
        let edits = lines.map { line in "In \(line.file), line \(line.lineNumber), take out:  \(line.setting)" }
        return way.modules?(lines.map(\.setting)) ?? edits + ["Write the initial RAM disk anew:  \(initramfs)"]
    }

    /// `line 3 of /etc/default/grub` for a parameter of the kernel. nil: no file that was read has it.
    func place(of parameter: String) -> String? {
        (boot.settings ?? []).first { line in
            !line.isOfModule && KernelParameters(parsing: line.setting).words.contains(parameter)
        }?.place
    }

    /// The command that makes the initial RAM disk anew, which holds module options, too.
    var initramfs: String {
        if boot.loader == .transactional { return "sudo transactional-update initrd" }
        if boot.loader == .ostree { return "sudo rpm-ostree initramfs-etc --track=/etc/modprobe.d" }
        if isFamily(["debian", "ubuntu", "proxmox"]) { return "sudo update-initramfs -u -k all" }
        if isFamily(["arch", "archlinux"]) { return "sudo mkinitcpio -P" }
        if isFamily(["alpine"]) { return "sudo mkinitfs" }
        return "sudo dracut --force --regenerate-all"
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
    /// How lines of modprobe.d are taken out. nil: they are edited where they stand.
    var modules: (([String]) -> [String])?

    /// A line of a file.
    static func line(_ place: String, apply: [String] = []) -> BootWay {
        BootWay(
            add: { ["In \(place) add:  \($0.joined(separator: " "))"] },
            remove: { ["In \(place) take out:  \($0.joined(separator: " "))"] }, apply: apply, isFile: true)
    }
}
