/// The packages that run guests, in the words of a host's distribution and for its architecture.
enum Packages {
    /// One step: the command behind `lead`, or why nothing is installed on such a system and what is done instead.
    static func step(_ lead: String, _ patient: Patient) -> String {
        ofImage(patient.recipe.boot.loader, patient) ?? "\(lead):  \(install(patient))"
    }

    /// Systems that have no packages, or lose what is installed. nil: an ordinary one.
    private static func ofImage(_ loader: BootFacts.Loader?, _ patient: Patient) -> String? {
        switch loader {
        case .truenas: "TrueNAS includes QEMU and libvirt and does not allow packages to be installed: update TrueNAS."
        case .unraid: "Unraid includes QEMU and libvirt: turn them on in Settings > VM Manager."
        case .incusOS: "IncusOS includes QEMU for Incus and does not allow packages to be installed: update IncusOS."
        case .harvester:
            "Harvester runs QEMU and libvirt in containers with KubeVirt; nothing is installed on the host itself."
        case .talos, .bottlerocket:
            "This system runs only containers: guests run with KubeVirt, which includes QEMU and libvirt."
        case .flatcar:
            "Flatcar has no packages: put QEMU and libvirt into a system extension image in /etc/extensions, or run guests"
                + " with KubeVirt."
        case .steamOS:
            "Updates of SteamOS remove installed packages. Until the next update:  sudo steamos-readonly disable"
                + " && sudo \(pacman(patient.architecture))"
        case .bootc:
            "Add to the image's Containerfile, build it, then switch this host to it (sudo bootc upgrade):  "
                + "RUN dnf install -y "
                + fedora(patient.architecture)
        case .elemental: "Add QEMU, libvirt and UEFI firmware for guests to the image that this host is upgraded from."
        case .plainOSTree: "Add QEMU, libvirt and UEFI firmware for guests to the tree that this host is deployed from."
        case .grub, .bls, .systemdBoot, .proxmoxBoot, .suse, .sdbootutil, .transactional, .ostree, .unifiedImage,
            .limine, .refind, .clover, .kernelstub, .clearBoot, .zfsBootMenu, .zipl, .extlinux, .boardFile, .nixos,
            .guix, .xenServer,
            nil:
            nil
        }
    }

    /// The command, or what to look for where the distribution is not known.
    private static func install(_ patient: Patient) -> String {
        let recipe = patient.recipe
        let architecture = patient.architecture
        if let declared = declared(recipe.boot.loader) { return declared }
        if recipe.isFamily(["debian", "ubuntu"]) {
            return "sudo apt install " + debian(architecture).joined(separator: " ")
        }
        if recipe.isFamily(["fedora", "rhel", "centos"]) {
            let command = recipe.boot.loader == .ostree ? "sudo rpm-ostree install" : "sudo dnf install"
            return "\(command) \(fedora(architecture))"
        }
        if ([recipe.boot.distribution ?? ""] + recipe.boot.distributionFamily).contains(where: { $0.contains("suse") })
        {
            let command =
                recipe.boot.loader == .transactional ? "sudo transactional-update pkg install" : "sudo zypper install"
            return "\(command) qemu-kvm libvirt"
                + suffix(architecture, x86: " qemu-ovmf-x86_64", arm: " qemu-uefi-aarch64")
        }
        if recipe.isFamily(["alpine"]) {
            let machine = architecture?.rawValue ?? Architecture.x86.rawValue
            return "sudo apk add qemu-system-\(machine) libvirt-daemon"
                + suffix(architecture, x86: " ovmf", arm: " aavmf")
        }
        if recipe.isFamily(["void"]) { return "sudo xbps-install -S qemu libvirt" }
        if recipe.isFamily(["gentoo"]) { return "sudo emerge --ask app-emulation/qemu app-emulation/libvirt" }
        if recipe.isFamily(["arch"]) { return "sudo \(pacman(architecture))" }
        return hasGuestFirmware(architecture) ? "QEMU, libvirt and UEFI firmware for guests" : "QEMU and libvirt"
    }

    /// Guests of POWER and of mainframes start without UEFI.
    static func hasGuestFirmware(_ architecture: Architecture?) -> Bool {
        architecture != .power && architecture != .mainframe
    }

    private static func declared(_ loader: BootFacts.Loader?) -> String? {
        if loader == .nixos {
            return
                "virtualisation.libvirtd.enable = true; in /etc/nixos/configuration.nix, then sudo nixos-rebuild switch"
        }
        guard loader == .guix else { return nil }
        return "libvirt-service-type among the services of /etc/config.scm, then sudo guix system reconfigure"
    }

    private static func fedora(_ architecture: Architecture?) -> String {
        "qemu-kvm libvirt" + suffix(architecture, x86: " edk2-ovmf", arm: " edk2-aarch64")
    }

    private static func pacman(_ architecture: Architecture?) -> String {
        "pacman -S qemu-base libvirt" + suffix(architecture, x86: " edk2-ovmf", arm: " edk2-aarch64")
    }

    private static func debian(_ architecture: Architecture?) -> [String] {
        switch architecture {
        case .arm: ["qemu-system-arm", "libvirt-daemon-system", "qemu-efi-aarch64"]
        case .power: ["qemu-system-ppc", "libvirt-daemon-system"]
        case .mainframe: ["qemu-system-s390x", "libvirt-daemon-system"]
        case .riscv, .loongarch: ["qemu-system-misc", "libvirt-daemon-system"]
        case .x86, nil: ["qemu-system-x86", "libvirt-daemon-system", "ovmf"]
        }
    }

    private static func suffix(_ architecture: Architecture?, x86: String, arm: String) -> String {
        switch architecture {
        case .x86, nil: x86
        case .arm: arm
        case .power, .mainframe, .riscv, .loongarch: ""
        }
    }
}
