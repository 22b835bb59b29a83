/// The packages that run guests, in the words of a host's distribution and for its architecture.
enum Packages {
    /// The command, or what to look for where the distribution is not known.
    static func install(_ patient: Patient) -> String {
        let recipe = patient.recipe
        let architecture = patient.architecture
        if let declared = declared(recipe.boot.loader) { return declared }
        if recipe.isFamily(["debian", "ubuntu"]) {
            return "sudo apt install " + debian(architecture).joined(separator: " ")
        }
        if recipe.isFamily(["fedora", "rhel", "centos"]) {
            let command = recipe.boot.loader == .ostree ? "sudo rpm-ostree install" : "sudo dnf install"
            return "\(command) qemu-kvm libvirt" + suffix(architecture, x86: " edk2-ovmf", arm: " edk2-aarch64")
        }
        if ([recipe.boot.distribution ?? ""] + recipe.boot.distributionFamily).contains(where: { $0.contains("suse") })
        {
            let command =
                recipe.boot.loader == .transactional ? "sudo transactional-update pkg install" : "sudo zypper install"
            return "\(command) qemu-kvm libvirt"
                + suffix(architecture, x86: " qemu-ovmf-x86_64", arm: " qemu-uefi-aarch64")
        }
        if recipe.isFamily(["arch"]) {
            return "sudo pacman -S qemu-base libvirt" + suffix(architecture, x86: " edk2-ovmf", arm: " edk2-aarch64")
        }
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
