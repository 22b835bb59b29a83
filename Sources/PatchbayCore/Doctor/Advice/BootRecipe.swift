/// How kernel parameters are changed on one host: the file and the command of its boot loader and distribution.
struct BootRecipe: Sendable {
    private let boot: BootFacts

    init(_ boot: BootFacts) { self.boot = boot }

    /// The last lines of every change.
    static let afterwards = ["Reboot the host, then look again:  patchbay doctor"]

    /// What to do, one step a line, the reboot included.
    func change(adding: [String] = [], removing: [String] = []) -> [String] {
        steps(adding.joined(separator: " "), removing.joined(separator: " ")) + Self.afterwards
    }

    private func steps(_ added: String, _ removed: String) -> [String] {
        switch boot.loader {
        case .grub: editGRUB(added, removed) + ["Write GRUB's configuration:  sudo \(grubCommand)"]
        case .suse: editGRUB(added, removed) + ["Write GRUB's configuration:  sudo update-bootloader --refresh"]
        case .bls:
            both(
                added, removed, add: { "Add it to every entry:  sudo grubby --update-kernel=ALL --args=\"\($0)\"" },
                remove: { "Remove it from every entry:  sudo grubby --update-kernel=ALL --remove-args=\"\($0)\"" })
        case .systemdBoot: editLine(added, removed) + systemdBoot
        case .proxmoxBoot:
            editLine(added, removed) + ["Copy it to the boot partitions:  sudo proxmox-boot-tool refresh"]
        case .ostree: [ostree(added, removed)]
        case nil: unknown(added, removed)
        }
    }

    private func editGRUB(_ added: String, _ removed: String) -> [String] {
        let file = boot.configurationFile ?? "/etc/default/grub"
        return both(
            added, removed,
            add: { "In \(file) add it to the line:  GRUB_CMDLINE_LINUX_DEFAULT=\"… \($0)\"" },
            remove: { "In \(file) take out of the lines GRUB_CMDLINE_LINUX…:  \($0)" })
    }

    /// Debian and its relatives wrap the command; Fedora's and others' names and places differ.
    private var grubCommand: String {
        let names = [boot.distribution ?? ""] + boot.distributionFamily
        if names.contains(where: { ["debian", "ubuntu", "proxmox", "linuxmint"].contains($0) }) {
            return "update-grub"
        }
        if names.contains(where: { ["fedora", "rhel", "centos", "suse", "opensuse", "mageia"].contains($0) }) {
            return "grub2-mkconfig -o /boot/grub2/grub.cfg"
        }
        return "grub-mkconfig -o /boot/grub/grub.cfg"
    }

    /// `/etc/kernel/cmdline`, or the entry itself where there is no such file.
    private func editLine(_ added: String, _ removed: String) -> [String] {
        let file = boot.configurationFile ?? "/etc/kernel/cmdline"
        let place = file.hasSuffix(".conf") ? "the line \"options\" of \(file)" : "the one line of \(file)"
        return both(
            added, removed, add: { "In \(place) add:  \($0)" }, remove: { "In \(place) take out:  \($0)" })
    }

    private var systemdBoot: [String] {
        if boot.configurationFile?.hasSuffix(".conf") == true { return [] }
        return [
            "Write the entry of the kernel anew:  sudo kernel-install add \"$(uname -r)\" "
                + "\"/usr/lib/modules/$(uname -r)/vmlinuz\""
        ]
    }

    private func ostree(_ added: String, _ removed: String) -> String {
        let options =
            added.split(separator: " ").map { "--append-if-missing=\($0)" }
            + removed.split(separator: " ").map { "--delete-if-present=\($0)" }
        return "Change the deployment:  sudo rpm-ostree kargs \(options.joined(separator: " "))"
    }

    private func unknown(_ added: String, _ removed: String) -> [String] {
        both(
            added, removed, add: { "Add to the kernel command line:  \($0)" },
            remove: { "Take out of the kernel command line:  \($0)" }) + [
                "Which boot loader this host has cannot be told. GRUB: GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub,"
                    + " then update-grub or grub2-mkconfig. systemd-boot: /etc/kernel/cmdline, then kernel-install. Fedora"
                    + " and its relatives: grubby --update-kernel=ALL."
            ]
    }

    private func both(
        _ added: String, _ removed: String, add: (String) -> String, remove: (String) -> String
    ) -> [String] {
        (removed.isEmpty ? [] : [remove(removed)]) + (added.isEmpty ? [] : [add(added)])
    }
}
