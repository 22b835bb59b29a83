import Foundation
import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

/// What makes a system's boot settings, where they stand, and who else writes them.
@Suite struct `Boot settings` {
    private func boot(_ files: [String: String], _ more: (SampleTree) throws -> Void = { _ in }) throws -> BootFacts {
        let tree = try SampleTree()
        for (path, text) in files { try tree.file(path, text) }
        try more(tree)
        return try tree.platform().boot
    }

    private static let grub = [
        "etc/default/grub": "# defaults\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n", "boot/grub/grub.cfg": "",
        "etc/kernel/cmdline": "root=/dev/sda1\n", "boot/loader/entries/a.conf": "options root=/dev/a\n",
    ]

    @Test(
        .requirements("N16"),
        arguments: [
            ("ID=nixos\n", [:], .nixos), ("ID=guix\n", [:], .guix),
            ("ID=talos\n", [:], .talos), ("ID=bottlerocket\n", [:], .bottlerocket),
            ("ID=flatcar\n", ["oem/grub.cfg": ""], .flatcar), ("ID=steamos\nID_LIKE=arch\n", [:], .steamOS),
            ("ID=incus-os\n", [:], .incusOS), ("ID=slackware\n", ["etc/unraid-version": ""], .unraid),
            ("ID=debian\n", ["usr/bin/midclt": ""], .truenas), ("ID=xenenterprise\n", [:], .xenServer),
            ("ID=sle-micro-rancher\n", ["oem/harvester.config": "", "oem/grubenv": ""], .harvester),
            ("ID=kairos\n", [:], .elemental),
            ("ID=x\n", ["proc/cmdline": "BOOT_IMAGE=/a cos-img/filename=/cOS/active.img\n"], .elemental),
            ("ID=fedora\n", ["run/ostree-booted": "", "usr/bin/rpm-ostree": "", "usr/bin/bootc": ""], .ostree),
            ("ID=centos\n", ["run/ostree-booted": "", "usr/bin/bootc": "", "usr/bin/ostree": ""], .bootc),
            ("ID=endless\n", ["run/ostree-booted": "", "usr/bin/ostree": ""], .plainOSTree),
            ("ID=opensuse-microos\nID_LIKE=\"suse opensuse\"\n", [:], .transactional),
            ("ID=opensuse-tumbleweed\nID_LIKE=suse\n", ["usr/bin/sdbootutil": ""], .sdbootutil),
            ("ID=opensuse-leap\nID_LIKE=suse\n", [:], .suse),
            ("ID=pop\nID_LIKE=\"ubuntu debian\"\n", ["etc/kernelstub/configuration": "{}"], .kernelstub),
            ("ID=clear-linux-os\n", ["usr/bin/clr-boot-manager": ""], .clearBoot),
            (
                "ID=arch\n", ["sys/firmware/efi/efivars/StubInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f": "x"],
                .unifiedImage
            ),
            ("ID=debian\n", ["etc/default/grub.d/truenas.cfg": ""], .truenas),
            ("ID=sles\nPRETTY_NAME=\"Harvester v1.4.0\"\n", [:], .harvester),
            ("ID=debian\nPRETTY_NAME=IncusOS\n", [:], .incusOS), ("ID=pop\nID_LIKE=ubuntu\n", [:], .kernelstub),
            (
                "ID=void\n",
                ["etc/zfsbootmenu/config.yaml": "", "proc/cmdline": "root=zfs:zroot/ROOT/void quiet\n"], .zfsBootMenu
            ),
            (
                "ID=void\n",
                ["etc/zfsbootmenu/config.yaml": "", "proc/cmdline": "BOOT_IMAGE=/vmlinuz root=ZFS=zroot\n"], .grub
            ),
            ("ID=debian\n", [:], .grub),
        ] as [(String, [String: String], BootFacts.Loader)]
    ) func `are told by what makes them, whatever else lies on disk`(
        _ release: String, _ files: [String: String], _ loader: BootFacts.Loader
    ) throws {
        var all = Self.grub.merging(files) { $1 }
        all["etc/os-release"] = release
        #expect(try boot(all).loader == loader)
    }

    @Test(
        arguments: [
            (["etc/default/limine": "", "boot/limine.conf": ""], BootFacts.Loader.limine, "/etc/default/limine"),
            (["boot/limine.conf": ""], .limine, "/boot/limine.conf"),
            (["boot/refind_linux.conf": ""], .refind, "/boot/refind_linux.conf"),
            (
                ["etc/update-extlinux.conf": "", "boot/extlinux/extlinux.conf": ""], .extlinux,
                "/etc/update-extlinux.conf"
            ),
            (["boot/firmware/cmdline.txt": "root=x\n"], .boardFile, "/boot/firmware/cmdline.txt"),
            (["boot/efi/EFI/CLOVER/config.plist": ""], .clover, "/boot/efi/EFI/CLOVER/config.plist"),
            (["proc/cpuinfo": "vendor_id : IBM/S390\n", "etc/zipl.conf": ""], .zipl, "/etc/zipl.conf"),
        ] as [([String: String], BootFacts.Loader, String)]) func `of other loaders are found by their files`(
            _ files: [String: String], _ loader: BootFacts.Loader, _ file: String
        ) throws
    {
        let boot = try boot(files)
        #expect(boot.loader == loader && boot.configurationFile == file)
    }

    @Test func `of a unified kernel image are in the files that it is made from`() throws {
        let image = ["efi/EFI/Linux/arch-linux.efi": ""]
        let whole = try boot(image.merging(["etc/kernel/cmdline": "root=/dev/a iommu=pt\n"]) { $1 })
        #expect(whole.loader == .unifiedImage && whole.configured == ["root=/dev/a", "iommu=pt"])
        let parts = try boot(
            image.merging(["etc/cmdline.d/a.conf": "root=/dev/a\n", "etc/cmdline.d/b.conf": "iommu=pt\n"]) { $1 })
        #expect(parts.configurationFile == "/etc/cmdline.d/a.conf" && parts.configured == ["root=/dev/a", "iommu=pt"])
        #expect(try boot(image).loader == .unifiedImage)
        #expect(try boot(image.merging(Self.grub) { $1 }).loader == .grub, "there is an entry that could be started")
    }

    @Test func `are of the loader that the firmware started`() throws {
        let variables = "sys/firmware/efi/efivars"
        let suffix = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
        var files = Self.grub
        files["boot/refind_linux.conf"] = "\"Boot\" \"root=/dev/a\"\n"
        #expect(try boot(files).loader == .grub)
        let refind = try boot(files) { tree in
            try tree.file("\(variables)/BootCurrent-\(suffix)", Data([6, 0, 0, 0, 0x0a, 0]))
            let path = Array("rEFInd\\EFI\\refind\\refind_x64.efi".utf8).flatMap { (byte) -> [UInt8] in [byte, 0] }
            try tree.file("\(variables)/Boot000A-\(suffix)", Data([7, 0, 0, 0] + path))
        }
        #expect(refind.loader == .refind && refind.configurationFile == "/boot/refind_linux.conf")
        files["boot/efi/EFI/CLOVER/config.plist"] = ""
        let clover = { (commandLine: String) in
            files["proc/cmdline"] = commandLine
            return try boot(files) { tree in
                try tree.file("\(variables)/BootCurrent-\(suffix)", Data([6, 0, 0, 0, 0x0a, 0]))
                let path = Array("Clover\\EFI\\CLOVER\\CLOVERX64.efi".utf8).flatMap { (byte) -> [UInt8] in [byte, 0] }
                try tree.file("\(variables)/Boot000A-\(suffix)", Data([7, 0, 0, 0] + path))
            }.loader
        }
        #expect(try clover("root=/dev/a\n") == .clover)
        #expect(try clover("BOOT_IMAGE=/boot/vmlinuz root=/dev/a\n") == .grub, "Clover started GRUB")
        files["boot/grub/grub.cfg"] = nil
        files["boot/syslinux/syslinux.cfg"] = "append root=/dev/a\n"
        #expect(try clover("BOOT_IMAGE=../vmlinuz root=/dev/a\n") == .extlinux, "Clover started SYSLINUX")
    }

    @Test func `of GRUB stand in the last file that starts its line anew`() throws {
        var files = Self.grub
        files["etc/default/grub.d/50-cloudimg-settings.cfg"] =
            "\nGRUB_CMDLINE_LINUX_DEFAULT=\"console=ttyS0 iommu=pt\"\n"
        files["etc/default/grub.d/90-more.cfg"] = "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT vfio=1\"\n"
        let boot = try boot(files)
        #expect(boot.loader == .grub)
        #expect(boot.configurationFile == "/etc/default/grub.d/50-cloudimg-settings.cfg")
        #expect(boot.configured == ["console=ttyS0", "iommu=pt", "vfio=1"])
        let holding = { (word: String) in
            boot.settings?.first { $0.setting.split(separator: " ").contains(word[...]) }?.place
        }
        #expect(holding("quiet") == "line 2 of /etc/default/grub")
        #expect(holding("iommu=pt") == "line 2 of /etc/default/grub.d/50-cloudimg-settings.cfg")
        #expect(holding("vfio=1") == "line 1 of /etc/default/grub.d/90-more.cfg")
    }

    @Test(.requirements("N16")) func `that nothing reads are told with what reads others`() throws {
        var files = Self.grub
        files["etc/default/grub"] =
            "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet iommu=pt\"\nGRUB_CMDLINE_LINUX=\"\"\nGRUB_CMDLINE_LINUX_DEFAULT=quiet\n"
        files["etc/default/grub.d/10-a.cfg"] = "GRUB_CMDLINE_LINUX=\"hugepages=4\"\n"
        files["etc/default/grub.d/20-b.cfg"] = "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX video=a\"\n"
        files["etc/default/grub.d/30-c.conf"] = "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX iommu=pt\"\n"
        files["etc/default/grub.d/40-d.cfg.dpkg-old"] = "GRUB_CMDLINE_LINUX=\"iommu=pt\"\n"
        let boot = try boot(files)
        #expect(boot.configured == ["hugepages=4", "video=a", "quiet"])
        let told = (boot.unread ?? []).map { "\($0.place): \($0.unreadBecause ?? "")" }
        #expect(
            told == [
                "line 1 of /etc/default/grub: line 3 of the same file replaces it",
                "line 2 of /etc/default/grub: line 1 of /etc/default/grub.d/10-a.cfg replaces it",
                "line 1 of /etc/default/grub.d/30-c.conf: only files of that folder whose names end with .cfg are read",
                "line 1 of /etc/kernel/cmdline: GRUB starts this host and does not read it",
            ])
    }

    @Test(arguments: [
        ("$GRUB_CMDLINE_LINUX_DEFAULT", true), ("${GRUB_CMDLINE_LINUX_DEFAULT}", true), ("$GRUB_CMDLINE_LINUX", false),
        ("${GRUB_CMDLINE_LINUX}", false), ("${GRUB_CMDLINE_LINUX:-quiet}", false),
    ]) func `of GRUB go on from a variable of the same whole name`(_ variable: String, _ isReplaced: Bool) throws {
        var files = Self.grub
        files["etc/kernel/cmdline"] = nil
        files["etc/default/grub"] = "GRUB_CMDLINE_LINUX=\"iommu=pt\"\n"
        files["etc/default/grub.d/10-a.cfg"] = "GRUB_CMDLINE_LINUX=\"\(variable) video=a\"\n"
        let reasons = try boot(files).unread?.map(\.unreadBecause) ?? []
        #expect(reasons == (isReplaced ? ["line 1 of /etc/default/grub.d/10-a.cfg replaces it"] : []))
    }

    @Test(arguments: [
        (
            ["etc/os-release": "ID=fedora\n", "boot/grub2/x": "", "usr/sbin/grubby": ""],
            "parameters are in the boot entries, and none of those read has this parameter"
        ),
        (["etc/os-release": "ID=nixos\n"], "this system does not take parameters from that file"),
    ]) func `of GRUB do nothing where entries or the system hold the parameters`(
        _ files: [String: String], _ reason: String
    ) throws {
        let boot = try boot(Self.grub.merging(files) { $1 })
        #expect(boot.unread?.map(\.place) == ["line 2 of /etc/default/grub"])
        #expect(boot.unread?.first?.unreadBecause == reason)
    }

    @Test func `tell who else writes them`() throws {
        #expect(try boot(Self.grub).owner == nil)
        var managed = Self.grub
        managed["etc/default/grub"] = "# Ansible managed\nGRUB_CMDLINE_LINUX_DEFAULT=quiet\n"
        let change = "make this change there, or it will be lost."
        #expect(
            try boot(managed).owner == "Another program writes /etc/default/grub (\"Ansible managed\"): \(change)")
        var linked = Self.grub
        linked["etc/default/grub"] = nil
        linked["nix/store/abc/grub"] = "GRUB_CMDLINE_LINUX_DEFAULT=quiet\n"
        let told = try boot(linked) { try $0.link("etc/default/grub", to: "nix/store/abc/grub") }
        #expect(told.configured == ["quiet"])
        #expect(
            told.owner
                == "/etc/default/grub leads to /nix/store/abc/grub, which is generated from the system "
                + "configuration: \(change)")
    }

    @Test(
        arguments: [
            ("/etc", "tmpfs", "rw", "in memory"), ("/", "squashfs", "ro", "read-only image"),
            ("/", "overlay", "rw,lowerdir=/rofs,upperdir=/cow/upper", "in memory"),
            ("/etc", "overlay", "rw,lowerdir=/sysroot/etc,upperdir=/var/lib/overlays/etc/upper", nil),
            ("/", "btrfs", "rw", nil),
        ] as [(String, String, String, String?)]) func `tell that /etc does not last`(
            _ target: String, _ type: String, _ options: String, _ words: String?
        ) throws
    {
        var files = Self.grub
        files["proc/1/mountinfo"] =
            "20 1 0:30 / / rw - ext4 /dev/sda1 rw\n21 20 0:31 / \(target) rw - \(type) x \(options)\n"
        let owner = try boot(files).owner
        if let words { #expect(owner?.contains(words) == true, "\(owner ?? "")") } else { #expect(owner == nil) }
    }
}
