/// Systems that come as an image: what is edited in it is lost, and each has a place of its own for kernel parameters.
///
/// Sources: the documentation of bootc, Harvester, Elemental, Talos, TrueNAS, Flatcar, IncusOS, Unraid, Bottlerocket and
/// XCP-ng on kernel parameters.
extension BootRecipe {
    var bootc: BootWay {
        BootWay(
            add: { parameters in
                let list = parameters.map { "\"\($0)\"" }.joined(separator: ", ")
                return ["Add a file /usr/lib/bootc/kargs.d/10-passthrough.toml to the image:  kargs = [\(list)]"]
            },
            remove: { ["Remove from /usr/lib/bootc/kargs.d of the image:  \($0.joined(separator: " "))"] },
            apply: ["Build the image, then switch this host to it:  sudo bootc upgrade"],
            modules: { lines in lines.map { "Remove from /etc/modprobe.d of the image:  \($0)" } },
            initramfs: [
                "Rebuild the initial RAM disk in the image's Containerfile (dracut), build the image, then switch "
                    + "this host to it:  sudo bootc upgrade"
            ])
    }

    var harvester: BootWay { environment("/oem/grubenv", "third_party_kernel_args", before: []) }

    var elemental: BootWay {
        let file = file("/run/initramfs/cos-state/grub_oem_env")
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        return environment(
            file, "extra_cmdline", before: ["Make its file system writable:  sudo mount -o remount,rw /\(folder)"])
    }

    /// A variable of GRUB's environment, whose whole value is set.
    private func environment(_ file: String, _ variable: String, before: [String]) -> BootWay {
        let look = "Show the present value of \(variable):  sudo grub2-editenv \(file) list"
        let set = { (words: String) in
            "Set it to that value, \(words):  sudo grub2-editenv \(file) set \(variable)=\"…\""
        }
        return BootWay(
            add: { before + [look, set("with \($0.joined(separator: " "))")] },
            remove: { before + [look, set("without \($0.joined(separator: " "))")] },
            modules: { lines in
                lines.map { "Remove from the file below /oem that writes it into /etc/modprobe.d:  \($0)" }
            }, initramfs: [])
    }

    /// Upgrades go by image; with a unified kernel image the parameters are in it.
    var talos: BootWay {
        let install = "talosctl upgrade --nodes NODE --image IMAGE"
        let steps = { (parameters: [String]) in
            [
                "If it boots a unified kernel image (UEFI, Talos 1.10 and later): put \(parameters.joined(separator: " ")) into"
                    + " customization.extraKernelArgs of an Image Factory schematic and install its image:  \(install)",
                "If it boots by GRUB: put \(parameters.joined(separator: " ")) into machine.install.extraKernelArgs of the"
                    + " machine configuration, then:  \(install)",
            ]
        }
        return BootWay(
            add: steps, remove: { steps($0.map { "-\($0)" }) },
            modules: { lines in lines.map { "Remove from machine.kernel.modules of the machine configuration:  \($0)" }
            },
            initramfs: [])
    }

    /// One value, which is replaced as a whole. GRUB's files are made from it.
    var truenas: BootWay {
        let look = "Show the present setting:  midclt call system.advanced.config | jq -r .kernel_extra_options"
        let set = { (words: String) in
            "Set it to that value, \(words):  "
                + "sudo midclt call system.advanced.update '{\"kernel_extra_options\": \"…\"}'"
        }
        return BootWay(
            add: { [look, set("with \($0.joined(separator: " ")) added")] },
            remove: { [look, set("without \($0.joined(separator: " "))")] },
            modules: { lines in
                lines.map {
                    "Remove what writes it at start (System > Advanced Settings > Init/Shutdown Scripts):  \($0)"
                }
            }, initramfs: [])
    }

    static let zfsBootMenuProperty = "org.zfsbootmenu:commandline"

    /// One value of the root's dataset, which is replaced as a whole.
    var zfsBootMenu: BootWay {
        let property = Self.zfsBootMenuProperty
        let look = "Show the present setting:  zfs get -H -o value \(property) \"$(findmnt -no SOURCE /)\""
        let set = { (words: String) in
            "Set it to that value, \(words):  sudo zfs set \(property)=\"…\" \"$(findmnt -no SOURCE /)\""
        }
        return BootWay(
            add: { [look, set("with \($0.joined(separator: " ")) added")] },
            remove: { [look, set("without \($0.joined(separator: " "))")] })
    }

    var flatcar: BootWay {
        let file = file("/oem/grub.cfg")
        return BootWay(
            add: { ["Add a line to \(file):  set linux_append=\"$linux_append \($0.joined(separator: " "))\""] },
            remove: { ["In \(file) remove from the lines linux_append:  \($0.joined(separator: " "))"] },
            initramfs: [])
    }

    var incusOS: BootWay {
        let fixed = { (parameters: [String]) in
            [
                "The command line of IncusOS is in its signed image and cannot be changed: \(parameters.joined(separator: " "))"
                    + " have to come with an update. The settings that can be changed:  "
                    + "incus admin os system kernel show"
            ]
        }
        return BootWay(add: fixed, remove: fixed, isFixed: true, modules: fixed, initramfs: [])
    }

    /// The root is in memory; the USB stick holds what lasts.
    var unraid: BootWay {
        let file = file("/boot/syslinux/syslinux.cfg")
        let place = "the line \"append\" of the default label in \(file) (Main > Flash > Syslinux Configuration)"
        var way = BootWay.line(place)
        way.modules = { lines in lines.map { "Remove from /boot/config/modprobe.d:  \($0)" } }
        way.initramfs = []
        way.isFile = false
        return way
    }

    var bottlerocket: BootWay {
        let place = "settings.boot.kernel-parameters, with settings.boot.reboot-to-reconcile = true"
        let apply = ["Apply the settings:  apiclient apply"]
        return BootWay(
            add: { ["Add to \(place):  \($0.map(Self.setting).joined(separator: ", "))"] },
            remove: { ["Remove from \(place):  \($0.map(Self.setting).joined(separator: ", "))"] }, apply: apply,
            modules: { lines in lines.map { "Remove from settings.boot.kernel-parameters, as MODULE.NAME:  \($0)" } },
            initramfs: [])
    }

    /// `"intel_iommu" = ["on"]`
    private static func setting(_ parameter: String) -> String {
        let parts = parameter.split(separator: "=", maxSplits: 1)
        return "\"\(parts[0])\" = [\(parts.count == 2 ? "\"\(parts[1])\"" : "")]"
    }

    var xenServer: BootWay {
        let command = "sudo /opt/xensource/libexec/xen-cmdline"
        let steps = { (parameters: [String], option: String) in
            parameters.map { "Change the control domain's parameters:  \(command) \(option) \($0)" }
        }
        return BootWay(
            add: { steps($0, "--set-dom0") },
            remove: { steps($0.map { String($0.prefix { $0 != "=" }) }, "--delete-dom0") })
    }
}
