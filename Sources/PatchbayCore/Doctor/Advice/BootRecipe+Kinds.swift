/// Every kind of boot settings, once. Sources: the manuals of the tools, and the documentation of the systems that make them:
/// grub-mkconfig(8), grubby(8), kernel-install(8), rpm-ostree(1), bootc's and NixOS's manuals, and of the others what their
/// own pages say of kernel parameters.
extension BootRecipe {
    var way: BootWay {
        switch boot.loader {
        case .grub: grub("Write GRUB's configuration:  sudo \(grubCommand)")
        case .suse: grub("Write GRUB's configuration:  sudo update-bootloader --refresh")
        case .transactional: transactional
        case .steamOS: steamOS
        case .bls: entries([])
        case .zipl: zipl
        case .systemdBoot: systemdBoot
        case .sdbootutil: sdbootutil
        case .proxmoxBoot: commandLine(["Copy it to the boot partitions:  sudo proxmox-boot-tool refresh"])
        case .unifiedImage: unifiedImage
        case .limine: limine
        case .refind: refind
        case .clover: .line("the key Arguments of this system's entry in \(file("/boot/efi/EFI/CLOVER/config.plist"))")
        case .kernelstub:
            BootWay(
                add: { ["Change the boot entries:  sudo kernelstub -a \"\($0.joined(separator: " "))\""] },
                remove: { ["Change the boot entries:  sudo kernelstub -d \"\($0.joined(separator: " "))\""] })
        case .clearBoot: clearBoot
        case .zfsBootMenu: zfsBootMenu
        case .extlinux: extlinux
        case .boardFile: boardFile
        case .nixos: nixos
        case .guix: guix
        case .ostree:
            BootWay(
                add: { ["Change the deployment:  sudo rpm-ostree kargs \(Self.each("--append-if-missing=", $0))"] },
                remove: { ["Change the deployment:  sudo rpm-ostree kargs \(Self.each("--delete-if-present=", $0))"] },
                initramfs: [
                    "Rebuild the initial RAM disk:  sudo rpm-ostree initramfs-etc --track=/etc/modprobe.d"
                ])
        case .plainOSTree: plainOSTree
        case .bootc: bootc
        case .harvester: harvester
        case .elemental: elemental
        case .talos: talos
        case .truenas: truenas
        case .flatcar: flatcar
        case .incusOS: incusOS
        case .unraid: unraid
        case .bottlerocket: bottlerocket
        case .xenServer: xenServer
        case nil: unknown
        }
    }

    private static func each(_ option: String, _ parameters: [String]) -> String {
        parameters.map { option + $0 }.joined(separator: " ")
    }

    /// Its command only adds; what is to go is left out of a new deployment.
    private var plainOSTree: BootWay {
        BootWay(
            add: {
                [
                    "Change the deployments:  sudo ostree admin kargs edit-in-place \(Self.each("--append-if-missing=", $0))"
                ]
            },
            remove: {
                [
                    "Deploy again with ostree admin deploy --karg-none and --karg= for each other parameter, without:  "
                        + $0.joined(separator: " ")
                ]
            }, initramfs: ["Deploy a system commit whose initial RAM disk has these settings."])
    }

    func file(_ usual: String) -> String { boot.configurationFile ?? usual }

    // MARK: Files that a boot loader's tool reads

    private func grub(_ apply: String) -> BootWay {
        let file = file("/etc/default/grub")
        let note = file == "/etc/default/grub" ? "" : " (it replaces that line of /etc/default/grub)"
        return BootWay(
            add: { ["In \(file)\(note) \(addition($0.joined(separator: " "), in: file))"] },
            remove: { ["In \(file) remove from the lines GRUB_CMDLINE_LINUX…:  \($0.joined(separator: " "))"] },
            apply: [apply], isFile: true)
    }

    /// To the line that is there: a file may give it several values, of which the last counts, or have the line for every
    /// boot alone, as Fedora's and RHEL's.
    private func addition(_ words: String, in file: String) -> String {
        let (usual, always) = ("GRUB_CMDLINE_LINUX_DEFAULT", "GRUB_CMDLINE_LINUX")
        guard let settings = boot.settings else { return "add it to the line:  \(usual)=\"… \(words)\"" }
        let lines = settings.filter { $0.file == file && Self.assignment(in: $0)?.name == usual }
        if let last = lines.max(by: { $0.lineNumber < $1.lineNumber }), let assignment = Self.assignment(in: last) {
            let place = lines.count > 1 ? "line \(last.lineNumber), the last with this name" : "the line"
            return "add it to \(place):  \(usual)\(assignment.sign)\"… \(words)\""
        }
        if let last = settings.last(where: { Self.assignment(in: $0)?.name == always }), last.file == file,
            let assignment = Self.assignment(in: last)
        {
            return "add it to the line:  \(always)\(assignment.sign)\"… \(words)\""
        }
        // What another file gave it stays.
        return "add a line:  \(usual)=\"$\(usual) \(words)\""
    }

    /// The variable of a line of shell, and whether the line sets it or adds to it. nil: it is no such line.
    private static func assignment(in line: SettingLine) -> (name: String, sign: String)? {
        var text = line.setting[...]
        if text.hasPrefix("export ") { text = text.dropFirst("export ".count) }
        guard let equals = text.firstIndex(of: "=") else { return nil }
        let name = String(text[..<equals])
        guard name.hasSuffix("+") else { return (name, "=") }
        return (String(name.dropLast()), "+=")
    }

    /// Debian and its relatives wrap the command; Fedora's and others' names and places differ.
    private var grubCommand: String {
        if isFamily(["debian", "ubuntu", "proxmox", "linuxmint"]) { return "update-grub" }
        // Up to RHEL 8 the file of UEFI is another one; the link leads to the right one everywhere.
        if boot.isUEFI == true, isFamily(["fedora", "rhel", "centos"]) {
            return "grub2-mkconfig -o /etc/grub2-efi.cfg"
        }
        let others = ["suse", "opensuse", "mageia", "openmandriva", "azurelinux", "mariner", "amzn", "openEuler"]
        if isFamily(["fedora", "rhel", "centos"] + others) {
            return "grub2-mkconfig -o /boot/grub2/grub.cfg"
        }
        return "grub-mkconfig -o /boot/grub/grub.cfg"
    }

    private var transactional: BootWay {
        var way = grub("Write GRUB's configuration in a new snapshot:  sudo transactional-update grub.cfg")
        way.initramfs = ["Rebuild the initial RAM disk:  sudo transactional-update --continue initrd"]
        return way
    }

    /// Updates replace the root, and keep of /etc what is listed.
    private var steamOS: BootWay {
        var way = grub("Write GRUB's configuration:  sudo update-grub")
        way.initramfs = [
            "Rebuild the initial RAM disk, after every update of SteamOS again:  sudo steamos-readonly disable"
                + " && sudo mkinitcpio -P && sudo steamos-readonly enable"
        ]
        way.apply.append(
            "Keep the file when the system is updated:  "
                + "echo /etc/default/grub | sudo tee /etc/atomic-update.conf.d/kernel-parameters.conf"
        )
        return way
    }

    private func entries(_ apply: [String]) -> BootWay {
        let before =
            boot.lacksGrubby == true
            ? ["Install the program that changes boot entries:  sudo dnf install grubby"] : []
        return BootWay(
            add: {
                before + [
                    "Add it to every entry:  sudo grubby --update-kernel=ALL --args=\"\($0.joined(separator: " "))\""
                ]
            },
            remove: {
                before + [
                    "Remove it from every entry:  sudo grubby --update-kernel=ALL --remove-args=\"\($0.joined(separator: " "))\""
                ]
            }, apply: apply)
    }

    private var zipl: BootWay {
        let apply = ["Write the boot record:  sudo zipl"]
        guard boot.configurationFile?.hasSuffix("zipl.conf") == true else { return entries(apply) }
        return .line("the line \"parameters\" of \(file("/etc/zipl.conf"))", apply: apply)
    }

    /// `/etc/kernel/cmdline`, or the entry itself where there is no such file.
    private func commandLine(_ apply: [String]) -> BootWay {
        let file = file("/etc/kernel/cmdline")
        guard file.hasSuffix(".conf") else { return .oneLine(file, apply: apply) }
        return .line("the line \"options\" of \(file)")
    }

    /// It copies initial RAM disks to the boot partition, where alone they count.
    private var sdbootutil: BootWay {
        var way = commandLine(["Rebuild the boot entries:  sudo sdbootutil update-all-entries"])
        way.initramfs = ["Rebuild the initial RAM disk:  sudo sdbootutil mkinitrd"]
        return way
    }

    private var kernelInstall: String {
        let image =
            isFamily(["debian", "ubuntu"]) ? "/boot/vmlinuz-$(uname -r)" : "/usr/lib/modules/$(uname -r)/vmlinuz"
        return "sudo kernel-install add \"$(uname -r)\" \"\(image)\""
    }

    private var systemdBoot: BootWay {
        let install = "Rebuild the kernel's boot entry:  \(kernelInstall)"
        guard boot.owner != nil, boot.configurationFile?.hasSuffix(".conf") == true else {
            return commandLine([install])
        }
        // The entry is made by kernel-install, from the running kernel's parameters as long as there is no such file.
        let file = "a new file /etc/kernel/cmdline (one line: that of /proc/cmdline without initrd= and BOOT_IMAGE=)"
        var way = BootWay.line(file, apply: [install])
        way.isFile = false
        return way
    }

    /// Who makes the image knows where its command line comes from.
    private var unifiedImage: BootWay {
        guard let file = boot.configurationFile else {
            let words = "where the unified kernel image is built, with the kernel and its command line inside,"
            return BootWay(
                add: { ["Add, \(words) and rebuild it:  \($0.joined(separator: " "))"] },
                remove: { ["Remove, \(words) and rebuild it:  \($0.joined(separator: " "))"] },
                initramfs: ["Rebuild the unified kernel image, which has the initial RAM disk inside."])
        }
        let command = isFamily(["arch", "archlinux"]) ? "sudo mkinitcpio -P" : kernelInstall
        var way = BootWay.oneLine(file, apply: ["Rebuild the unified kernel image:  \(command)"])
        way.initramfs = way.apply
        return way
    }

    private var refind: BootWay {
        let place = { (words: String) in
            "In each line of \(file("/boot/refind_linux.conf")) \(words) the second pair of quotes:"
        }
        return BootWay(
            add: { ["\(place("add it inside"))  \($0.joined(separator: " "))"] },
            remove: { ["\(place("take out of"))  \($0.joined(separator: " "))"] }, isFile: true)
    }

    private var limine: BootWay {
        let file = file("/boot/limine.conf")
        guard file.hasPrefix("/etc/default/limine") else { return .line("the lines \"cmdline\" of \(file)") }
        return BootWay(
            add: { ["Add a line to \(file):  KERNEL_CMDLINE[default]+=\" \($0.joined(separator: " "))\""] },
            remove: { ["In \(file) remove from the lines KERNEL_CMDLINE…:  \($0.joined(separator: " "))"] },
            apply: ["Rebuild the boot entries:  sudo limine-update"], isFile: true)
    }

    /// A file for each parameter, so that none replaces another.
    private var clearBoot: BootWay {
        let write = { (parameters: [String], folder: String) in
            ["Create the folder if it does not exist:  sudo mkdir -p /etc/kernel/\(folder)"]
                + parameters.map { parameter in
                    let name = String(parameter.map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "-" })
                    return "Add a file to it:  echo \"\(parameter)\" | sudo tee /etc/kernel/\(folder)/\(name).conf"
                }
        }
        return BootWay(
            add: { write($0, "cmdline.d") }, remove: { write($0, "cmdline-removal.d") },
            apply: ["Rebuild the boot entries:  sudo clr-boot-manager update"], initramfs: [])
    }

    private var extlinux: BootWay {
        let file = file("/boot/extlinux/extlinux.conf")
        switch file {
        case "/etc/update-extlinux.conf":
            return .line(
                "the line \"default_kernel_opts\" of \(file)",
                apply: ["Rebuild the boot menu:  sudo update-extlinux"])
        case "/etc/default/u-boot":
            return .line(
                "the line \"U_BOOT_PARAMETERS\" of \(file)", apply: ["Rebuild the boot menu:  sudo u-boot-update"])
        default: return .line("the lines \"append\" of \(file)")
        }
    }

    private var boardFile: BootWay {
        let file = file("/boot/firmware/cmdline.txt")
        return file.hasSuffix("Env.txt") ? .line("the line \"extraargs\" of \(file)") : .oneLine(file)
    }

    // MARK: Systems that are declared

    private static func quoted(_ words: [String]) -> String { words.map { "\"\($0)\"" }.joined(separator: " ") }

    private var guix: BootWay {
        let apply = ["Build the new system:  sudo guix system reconfigure /etc/config.scm"]
        let list = "kernel-arguments of the operating-system"
        return BootWay(
            add: {
                [
                    "In /etc/config.scm add to the list \(list):  \(Self.quoted($0))",
                    "If there is no such list yet, begin it with (kernel-arguments (append '(…)"
                        + " %default-kernel-arguments)).",
                ]
            },
            remove: { ["In /etc/config.scm remove from the list \(list):  \(Self.quoted($0))"] }, apply: apply,
            modules: { lines in lines.map { "In /etc/config.scm remove what makes this line of modprobe.d:  \($0)" }
            },
            initramfs: apply)
    }

    private var nixos: BootWay {
        let place = "/etc/nixos/configuration.nix, or in the flake of this host,"
        let apply = ["Build the new system:  sudo nixos-rebuild boot"]
        return BootWay(
            add: { ["In \(place) add to the list boot.kernelParams:  \(Self.quoted($0))"] },
            remove: { ["In \(place) remove from the list boot.kernelParams:  \(Self.quoted($0))"] }, apply: apply,
            modules: { lines in
                lines.map { line in
                    let option =
                        line.hasPrefix("blacklist ") ? "boot.blacklistedKernelModules" : "boot.extraModprobeConfig"
                    return "In \(place) remove from \(option):  \(line)"
                }
            }, initramfs: apply)
    }

    // MARK: What is not known

    private var unknown: BootWay {
        BootWay(
            add: { ["Add to the kernel command line:  \($0.joined(separator: " "))"] },
            remove: { ["Remove from the kernel command line:  \($0.joined(separator: " "))"] },
            apply: isFamily(["alpine"])
                ? [
                    "If Alpine runs from memory, the command line is in boot/syslinux/syslinux.cfg (line APPEND) or"
                        + " boot/grub/grub.cfg (line linux) of its boot medium below /media, which has to be mounted writable"
                        + " for that."
                ]
                : [
                    "The boot loader of this host could not be determined. GRUB: GRUB_CMDLINE_LINUX_DEFAULT in "
                        + "/etc/default/grub,"
                        + " then update-grub or grub2-mkconfig. systemd-boot: /etc/kernel/cmdline, then kernel-install. Fedora"
                        + " and derived distributions: grubby --update-kernel=ALL."
                ])
    }
}
