import PatchbayCore
import PatchbayTesting
import PatchbayText
import Testing

/// The exact way to a kernel parameter, for every kind of boot settings.
@Suite struct `Kernel parameters are changed` {
    private static func fix(
        _ loader: BootFacts.Loader?, distribution: String? = nil, file: String? = nil, owner: String? = nil,
        running: [String] = ["quiet"], vendor: String = "GenuineIntel", isUEFI: Bool? = nil,
        settings: [SettingLine]? = nil
    ) -> [String] {
        let platform = HostPlatform(
            cpu: CPULayout(architecture: .x86, vendor: vendor, hasVirtualization: true, isGuest: false),
            boot: BootFacts(
                distribution: distribution, loader: loader, configurationFile: file, running: running,
                settings: settings, owner: owner,
                isUEFI: isUEFI),
            iommu: IOMMUFacts(firmwareTables: ["DMAR"]))
        let inventory = Inventory(
            host: HostFacts(name: "atlas"),
            readiness: Readiness(iommu: .offInKernel, vfioLoaded: true, vfioAvailable: true), functions: [], groups: [],
            survey: HostSurvey(platform: platform))
        return Doctor.examine(inventory).checks.first { $0.code == "iommu" }?.fix.lines ?? []
    }

    @Test(
        .requirements("N16"),
        arguments: [
            (
                BootFacts.Loader.nixos, nil,
                [
                    "add to the list boot.kernelParams:  \"intel_iommu=on\"",
                    "Build the new system:  sudo nixos-rebuild boot",
                ]
            ),
            (
                .guix, nil,
                ["add to the list kernel-arguments", ":  \"intel_iommu=on\"", "sudo guix system reconfigure"]
            ),
            (.transactional, nil, ["GRUB_CMDLINE_LINUX_DEFAULT", "sudo transactional-update grub.cfg"]),
            (.sdbootutil, nil, ["Append to the line in /etc/kernel/cmdline:  ", "sudo sdbootutil update-all-entries"]),
            (.bootc, nil, ["/usr/lib/bootc/kargs.d/", "kargs = [\"intel_iommu=on\"]", "sudo bootc upgrade"]),
            (.plainOSTree, nil, ["sudo ostree admin kargs edit-in-place --append-if-missing=intel_iommu=on"]),
            (.harvester, nil, ["grub2-editenv /oem/grubenv list", "set third_party_kernel_args="]),
            (
                .elemental, "/run/elemental/efi/grub_oem_env",
                ["remount,rw /run/elemental/efi", "grub2-editenv /run/elemental/efi/grub_oem_env set extra_cmdline="]
            ),
            (.talos, nil, ["customization.extraKernelArgs", "machine.install.extraKernelArgs", "talosctl upgrade"]),
            (
                .truenas, nil,
                [
                    "Set it to that value, with intel_iommu=on added:  sudo midclt",
                    "midclt call system.advanced.update '{\"kernel_extra_options\":",
                ]
            ),
            (.flatcar, nil, ["/oem/grub.cfg:  set linux_append=\"$linux_append intel_iommu=on\""]),
            (.incusOS, nil, ["cannot be changed: intel_iommu=on"]),
            (.steamOS, nil, ["sudo update-grub", "/etc/atomic-update.conf.d/"]),
            (.unraid, nil, ["/boot/syslinux/syslinux.cfg", "Main > Flash"]),
            (.bottlerocket, nil, ["\"intel_iommu\" = [\"on\"]", "apiclient apply"]),
            (.xenServer, nil, ["xen-cmdline --set-dom0 intel_iommu=on"]),
            (.unifiedImage, "/etc/kernel/cmdline", ["Rebuild the unified kernel image"]),
            (.unifiedImage, nil, ["where the unified kernel image is built"]),
            (.limine, "/etc/default/limine", ["KERNEL_CMDLINE[default]+=\" intel_iommu=on\"", "sudo limine-update"]),
            (.limine, "/boot/limine.conf", ["the lines \"cmdline\" of /boot/limine.conf"]),
            (.refind, nil, ["In each line of /boot/refind_linux.conf add it inside the second pair of quotes:"]),
            (.clover, nil, ["config.plist"]),
            (.kernelstub, nil, ["sudo kernelstub -a \"intel_iommu=on\""]),
            (
                .zfsBootMenu, nil,
                [
                    "zfs get -H -o value org.zfsbootmenu:commandline",
                    "Set it to that value, with intel_iommu=on added:  sudo zfs set",
                ]
            ),
            (.clearBoot, nil, ["/etc/kernel/cmdline.d/", "sudo clr-boot-manager update"]),
            (.zipl, "/etc/zipl.conf", ["\"parameters\" of /etc/zipl.conf", "sudo zipl"]),
            (.zipl, "/boot/loader/entries/a.conf", ["sudo grubby --update-kernel=ALL", "sudo zipl"]),
            (.extlinux, "/etc/update-extlinux.conf", ["default_kernel_opts", "sudo update-extlinux"]),
            (.extlinux, "/etc/default/u-boot", ["U_BOOT_PARAMETERS", "sudo u-boot-update"]),
            (.boardFile, "/boot/armbianEnv.txt", ["\"extraargs\" of /boot/armbianEnv.txt"]),
        ] as [(BootFacts.Loader, String?, [String])]
    ) func `in the place that lasts on this system`(_ loader: BootFacts.Loader, _ file: String?, _ words: [String]) {
        let fix = Self.fix(loader, file: file).joined(separator: "\n")
        for word in words { #expect(fix.contains(word), "\(fix)") }
        #expect(fix.contains("intel_iommu=on") || loader == .bottlerocket)
        // What cannot be changed needs no reboot.
        #expect(fix.hasSuffix("Reboot the host, then check again:  patchbay doctor") == (loader != .incusOS))
    }

    @Test(arguments: BootFacts.Loader.allCases) func `by taking out, too`(_ loader: BootFacts.Loader) {
        let fix = Self.fix(loader, running: ["quiet", "iommu=off"]).joined(separator: "\n")
        #expect(fix.contains("iommu"), "\(fix)")
        #expect(!fix.contains("intel_iommu=on"), "\(fix)")
    }

    /// The fix of a line in modprobe.d that binds by id.
    private static func takeOut(
        _ loader: BootFacts.Loader?, distribution: String?, started: [String] = []
    ) -> [String] {
        let line = "options vfio-pci ids=10de:1f99"
        let platform = HostPlatform(
            boot: BootFacts(
                distribution: distribution, loader: loader, running: started, moduleOptions: [line],
                settings: [SettingLine(file: "/etc/modprobe.d/vfio.conf", lineNumber: 2, setting: line)]))
        let inventory = Inventory(
            host: HostFacts(name: "atlas"),
            readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: [], groups: [],
            survey: HostSurvey(platform: platform))
        return Doctor.examine(inventory).checks.first { $0.code == "vfio-ids" }?.fix.lines ?? []
    }

    @Test(
        arguments: [
            (BootFacts.Loader.grub, "debian", "sudo update-initramfs -u -k all"),
            (.bls, "fedora", "sudo dracut --force --regenerate-all"), (.systemdBoot, "arch", "sudo mkinitcpio -P"),
            (.ostree, "fedora", "sudo rpm-ostree initramfs-etc"), (.bootc, "fedora", "sudo bootc upgrade"),
            (.nixos, "nixos", "sudo nixos-rebuild boot"), (.guix, "guix", "sudo guix system reconfigure"),
            (.transactional, "opensuse-microos", "sudo transactional-update --continue initrd"),
            (.sdbootutil, "opensuse-tumbleweed", "sudo sdbootutil mkinitrd"),
            (.steamOS, "steamos", "sudo steamos-readonly disable && sudo mkinitcpio -P"),
            (.unifiedImage, "gentoo", "Rebuild the unified kernel image"),
            (nil, nil, "mkinitcpio -P."),
        ] as [(BootFacts.Loader?, String?, String)])
    func `with the initial RAM disk that module options are in`(
        _ loader: BootFacts.Loader?, _ distribution: String?, _ words: String
    ) {
        let fix = Self.takeOut(loader, distribution: distribution)
        #expect(fix.first?.contains("options vfio-pci ids=10de:1f99") == true, "\(fix)")
        #expect(fix.count { $0.contains(words) } == 1, "\(fix)")
        #expect(fix.contains("Reboot the host, then check again:  patchbay doctor"))
        let isDistribution = [.grub, .bls, .systemdBoot, nil].contains(loader)
        #expect(isDistribution || fix.allSatisfy { !$0.contains("dracut --force") && !$0.contains("update-initramfs") })
    }

    @Test(
        arguments: [.talos, .flatcar, .unraid, .truenas, .harvester, .elemental, .bottlerocket, .clearBoot]
            as [BootFacts.Loader])
    func `without an initial RAM disk where nobody makes one on the host`(_ loader: BootFacts.Loader) {
        let fix = Self.takeOut(loader, distribution: "debian").joined(separator: "\n")
        for word in ["initramfs", "dracut", "mkinitcpio", "initial RAM disk"] {
            #expect(!fix.contains(word), "\(fix)")
        }
    }

    @Test(
        arguments: [
            ([(1, "GRUB_CMDLINE_LINUX= rhgb quiet")], "add it to the line:  GRUB_CMDLINE_LINUX=\"… intel_iommu=on\""),
            ([], "add a line:  GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT intel_iommu=on\""),
            (
                [(1, "export GRUB_CMDLINE_LINUX_DEFAULT= cryptdevice=/dev/sda2:root")],
                "add it to the line:  GRUB_CMDLINE_LINUX_DEFAULT=\"… intel_iommu=on\""
            ),
            (
                [
                    (1, "GRUB_CMDLINE_LINUX_DEFAULT= quiet"),
                    (2, "GRUB_CMDLINE_LINUX_DEFAULT+= cryptdevice=/dev/sda2:root"),
                ],
                "add it to line 2, the last with this name:  GRUB_CMDLINE_LINUX_DEFAULT+=\"… intel_iommu=on\""
            ),
            (
                [(1, "export GRUB_CMDLINE_LINUX= rhgb")],
                "add it to the line:  GRUB_CMDLINE_LINUX=\"… intel_iommu=on\""
            ),
            (
                [(1, "GRUB_CMDLINE_LINUX="), (2, "GRUB_CMDLINE_LINUX_DEFAULT=quiet")],
                "add it to the line:  GRUB_CMDLINE_LINUX_DEFAULT=\"… intel_iommu=on\""
            ),
        ] as [([(Int, String)], String)])
    func `in the line that GRUB's file has`(_ lines: [(Int, String)], _ words: String) {
        let file = "/etc/default/grub"
        let fix = Self.fix(
            .grub, distribution: "fedora", file: file,
            settings: lines.map { SettingLine(file: file, lineNumber: $0.0, setting: $0.1) })
        #expect(fix.first == "In /etc/default/grub \(words)", "\(fix)")
    }

    @Test func `by the names that files have on this distribution`() {
        let image = Self.fix(.unifiedImage, distribution: "debian", file: "/etc/kernel/cmdline").joined(separator: "\n")
        #expect(image.contains("\"/boot/vmlinuz-$(uname -r)\""), "\(image)")
        let uefi = Self.fix(.grub, distribution: "centos", isUEFI: true)
        #expect(uefi.contains("Write GRUB's configuration:  sudo grub2-mkconfig -o /etc/grub2-efi.cfg"), "\(uefi)")
    }

    @Test func `on the boot medium where Alpine runs from memory`() {
        let fix = Self.fix(nil, distribution: "alpine").joined(separator: "\n")
        #expect(fix.contains("boot/syslinux/syslinux.cfg") && !fix.contains("grubby"), "\(fix)")
    }

    @Test func `with one build of a system that is declared`() {
        let fix = Self.takeOut(.nixos, distribution: "nixos", started: ["vfio-pci.ids=10de:1f99"])
        #expect(fix.count { $0.contains("nixos-rebuild") } == 1, "\(fix)")
    }

    @Test func `with a file for each on Clear Linux`() {
        let fix = Self.fix(.clearBoot, running: ["iommu=off", "intel_iommu=off"])
        #expect(fix.contains("Create the folder if it does not exist:  sudo mkdir -p /etc/kernel/cmdline-removal.d"))
        #expect(fix.contains { $0.hasSuffix("sudo tee /etc/kernel/cmdline-removal.d/iommu-off.conf") })
        #expect(fix.contains { $0.hasSuffix("sudo tee /etc/kernel/cmdline-removal.d/intel_iommu-off.conf") })
        #expect(fix.contains { $0.hasSuffix("sudo tee /etc/kernel/cmdline.d/intel_iommu-on.conf") })
    }

    @Test func `where the file says that it is somebody else's`() {
        let owner =
            "Another program writes /etc/default/grub (\"Ansible managed\"): make this change there, or it will be "
            + "lost."
        let fix = Self.fix(.grub, distribution: "debian", file: "/etc/default/grub", owner: owner)
        #expect(fix.first == "\(owner) The change is:")
        #expect(
            Self.fix(.ostree, owner: owner).first?.contains("rpm-ostree kargs") == true, "nobody edits a file there")
    }

    @Test func `with the program for it installed first, where it is missing`() {
        let platform = HostPlatform(boot: BootFacts(loader: .bls, running: ["iommu=off"], lacksGrubby: true))
        let inventory = Inventory(
            host: HostFacts(name: "atlas"),
            readiness: Readiness(iommu: .offInKernel, vfioLoaded: true, vfioAvailable: true), functions: [], groups: [],
            survey: HostSurvey(platform: platform))
        let fix = Doctor.examine(inventory).checks.first { $0.code == "iommu" }?.fix.lines ?? []
        #expect(fix.first == "Install the program that changes boot entries:  sudo dnf install grubby")
    }

    @Test func `in the file that stands in for GRUB's defaults`() {
        let file = "/etc/default/grub.d/50-cloudimg-settings.cfg"
        let fix = Self.fix(.grub, distribution: "ubuntu", file: file)
        #expect(fix.first?.hasPrefix("In \(file) (it replaces that line of /etc/default/grub) add it") == true)
        #expect(fix.dropFirst().first == "Write GRUB's configuration:  sudo update-grub")
    }

    @Test func `not in an entry that kernel-install writes`() {
        let entry = "/boot/loader/entries/abc-6.1.conf"
        let made = Self.fix(
            .systemdBoot, distribution: "fedora", file: entry, owner: "\(entry) says: File created by x")
        #expect(made.first?.contains("a new file /etc/kernel/cmdline") == true, "\(made)")
        #expect(made.joined().contains("kernel-install add"))
        let own = Self.fix(.systemdBoot, distribution: "arch", file: entry)
        #expect(own.first == "In the line \"options\" of \(entry) add:  intel_iommu=on")
    }
}
