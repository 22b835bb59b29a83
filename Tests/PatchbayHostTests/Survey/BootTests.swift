import Foundation
import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Booting` {
    private static let secureBoot = "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
    private static let loaderInfo = "sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

    private func boot(_ files: [String: String]) throws -> BootFacts {
        let tree = try SampleTree()
        for (path, text) in files { try tree.file(path, text) }
        return try tree.platform().boot
    }

    @Test(.requirements("N16")) func `what is configured is told apart from what runs`() throws {
        let boot = try boot([
            "etc/default/grub":
                "GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\" # later\nGRUB_CMDLINE_LINUX='a=b'\n",
            "etc/default/grub.d/50-more.cfg":
                "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT iommu=pt\"\n"
                + "export GRUB_CMDLINE_LINUX+=\" ${GRUB_CMDLINE_LINUX}c\"\n",
            "etc/default/grub.d/README": "GRUB_CMDLINE_LINUX=wrong\n", "boot/grub/grub.cfg": "",
            "proc/cmdline": "BOOT_IMAGE=/vmlinuz root=/dev/sda1 quiet dyndbg=\"file x.c +p\"\n",
            "etc/os-release": "ID=ubuntu\nID_LIKE=\"debian\"\n",
        ])
        #expect(boot.loader == .grub && boot.configurationFile == "/etc/default/grub")
        #expect(boot.configured == ["a=b", "a=bc", "quiet", "intel_iommu=on", "iommu=pt"])
        #expect(boot.running == ["BOOT_IMAGE=/vmlinuz", "root=/dev/sda1", "quiet", "dyndbg=\"file x.c +p\""])
        #expect(boot.distribution == "ubuntu" && boot.distributionFamily == ["debian"])
    }

    @Test func `GRUB's defaults without GRUB are no loader`() throws {
        #expect(try boot(["etc/default/grub": "GRUB_CMDLINE_LINUX=x\n"]).loader == nil)
    }

    private static let entries = [
        "boot/loader/entries/m-5.14.0-9.conf": "title old\nversion 5.14.0-9\noptions root=/dev/a\n",
        "boot/loader/entries/m-5.14.0-70.conf":
            "title new\nversion 5.14.0-70\noptions $kernelopts intel_iommu=on $unknown\n",
        "boot/grub2/grubenv": "# GRUB Environment Block\nkernelopts=root=/dev/b ro\n#####",
        "etc/default/grub": "GRUB_CMDLINE_LINUX=unused\n", "usr/sbin/grubby": "",
    ]

    @Test func `grubby's entries count, the one with the highest version or the chosen one`() throws {
        let newest = try boot(Self.entries)
        #expect(newest.loader == .bls)
        #expect(newest.configurationFile == "/boot/loader/entries/m-5.14.0-70.conf")
        #expect(newest.configured == ["root=/dev/b", "ro", "intel_iommu=on"])
        var files = Self.entries
        files["boot/grub2/grubenv"] = "saved_entry=m-5.14.0-9\n"
        #expect(try boot(files).configured == ["root=/dev/a"])
    }

    @Test(arguments: [("almalinux", "rhel centos fedora", true), ("debian", "", false)])
    func `GRUB boots entries on Fedora's relatives, without grubby, too`(
        _ id: String, _ family: String, _ isEntry: Bool
    ) throws {
        var files = Self.entries
        files["usr/sbin/grubby"] = nil
        files["etc/os-release"] = "ID=\"\(id)\"\nID_LIKE=\"\(family)\"\n"
        let boot = try boot(files)
        #expect(boot.loader == (isEntry ? .bls : .grub))
        #expect(boot.lacksGrubby == (isEntry ? true : nil))
        #expect(try self.boot(Self.entries).lacksGrubby == nil)
    }

    @Test func `ostree goes before what lies on disk beside it`() throws {
        var files = Self.entries
        files["run/ostree-booted"] = ""
        #expect(try boot(files).loader == .ostree)
        files = ["proc/cmdline": "ostree=/ostree/boot.1/x/0 rw\n"]
        let bare = try boot(files)
        #expect(bare.loader == .ostree && bare.configured == nil)
    }

    @Test func `Proxmox boots by systemd-boot, unless Secure Boot is on or the firmware is old`() throws {
        let tree = try SampleTree()
        try tree.file("etc/kernel/proxmox-boot-uuids", "1234-ABCD\n")
        try tree.file("etc/kernel/cmdline", "root=ZFS=rpool/ROOT/pve-1 boot=zfs intel_iommu=on\n")
        try tree.file("etc/default/grub", "GRUB_CMDLINE_LINUX=grub=1\n")
        try tree.directory("boot/grub")
        try tree.file(Self.secureBoot, Data([6, 0, 0, 0, 0]))
        let plain = try tree.platform().boot
        #expect(plain.loader == .proxmoxBoot && plain.configurationFile == "/etc/kernel/cmdline")
        #expect(plain.configured?.last == "intel_iommu=on" && plain.isSecureBoot == false && plain.isUEFI == true)
        try tree.file(Self.secureBoot, Data([6, 0, 0, 0, 1]))
        let secure = try tree.platform().boot
        #expect(secure.loader == .grub && secure.configured == ["grub=1"] && secure.isSecureBoot == true)
    }

    @Test(arguments: [
        ("BOOT_IMAGE=/vmlinuz-6.8.12-9-pve root=ZFS=rpool/ROOT/pve-1", UInt8(0), BootFacts.Loader.grub),
        ("initrd=\\EFI\\proxmox\\6.8.12-9-pve\\initrd.img root=ZFS=rpool/ROOT/pve-1", 1, .proxmoxBoot),
        ("root=ZFS=rpool/ROOT/pve-1", 0, .proxmoxBoot), ("root=ZFS=rpool/ROOT/pve-1", 1, .grub),
    ]) func `Proxmox boots by what started the running kernel`(
        _ commandLine: String, _ secureBoot: UInt8, _ loader: BootFacts.Loader
    ) throws {
        let tree = try SampleTree()
        try tree.file("etc/kernel/proxmox-boot-uuids", "1234-ABCD\n")
        try tree.file("etc/kernel/cmdline", "root=ZFS=rpool/ROOT/pve-1 boot=zfs\n")
        try tree.file("etc/default/grub", "GRUB_CMDLINE_LINUX=grub=1\n")
        try tree.directory("boot/grub")
        try tree.file("proc/cmdline", "\(commandLine)\n")
        try tree.file(Self.secureBoot, Data([6, 0, 0, 0, secureBoot]))
        let boot = try tree.platform().boot
        #expect(boot.loader == loader)
        #expect(boot.configurationFile == (loader == .grub ? "/etc/default/grub" : "/etc/kernel/cmdline"))
    }

    @Test func `SUSE has a way of its own`() throws {
        let boot = try boot([
            "etc/os-release": "ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n",
            "etc/default/grub": "GRUB_CMDLINE_LINUX_DEFAULT=splash\n", "boot/grub2/grub.cfg": "",
        ])
        #expect(boot.loader == .suse && boot.configured == ["splash"])
    }

    @Test func `systemd-boot is told by its files, and by what it told the firmware`() throws {
        let files = ["etc/kernel/cmdline": "root=/dev/sda2 amd_iommu=off\n"]
        #expect(try boot(files).loader == .systemdBoot)
        let entry = try boot(["efi/loader/entries/arch.conf": "title Arch\noptions root=/dev/x\n options iommu=pt\n"])
        #expect(entry.loader == .systemdBoot && entry.configured == ["root=/dev/x", "iommu=pt"])
        #expect(entry.configurationFile == "/efi/loader/entries/arch.conf")
        let tree = try SampleTree()
        for (path, text) in files { try tree.file(path, text) }
        try tree.file("etc/default/grub", "GRUB_CMDLINE_LINUX=left=over\n")
        try tree.directory("boot/grub")
        #expect(try tree.platform().boot.loader == .grub)
        let name: [UInt8] = [7, 0, 0, 0] + "systemd-boot 254".utf8.flatMap { (byte) -> [UInt8] in [byte, 0] }
        try tree.file(Self.loaderInfo, Data(name))
        #expect(try tree.platform().boot.loader == .systemdBoot)
    }

    @Test func `a tree that shows nothing tells nothing`() throws {
        #expect(try boot([:]) == BootFacts(settings: []))
    }

    @Test func `systemd-boot starts what its settings choose`() throws {
        let files = [
            "boot/loader/entries/nixos-generation-41.conf": "options init=/a\n",
            "boot/loader/entries/nixos-generation-42.conf": "options init=/b\n",
            "boot/loader/loader.conf": "timeout 5\ndefault nixos-generation-41.conf\n",
        ]
        #expect(try boot(files).configured == ["init=/a"])
        var pattern = files
        pattern["boot/loader/loader.conf"] = "default nixos-*\n"
        #expect(try boot(pattern).configured == ["init=/b"], "the highest of those that fit")
        pattern["boot/loader/loader.conf"] = "default @saved\n"
        #expect(try boot(pattern).configured == ["init=/b"])
    }

    @Test func `module options are about VFIO and graphics, each file name once`() throws {
        let boot = try boot([
            "etc/modprobe.d/vfio.conf":
                "# options vfio-pci ids=0\noptions  vfio-pci ids=10de:2204 \\\n  disable_vga=1\nsoftdep nvidia pre: vfio-pci\n",
            "etc/modprobe.d/other.conf": "options snd_usb_audio index=1\nblacklist nouveau\nblacklist floppy\n",
            "usr/lib/modprobe.d/vfio.conf": "options vfio-pci hidden=1\n", "etc/modprobe.d/notes": "blacklist nvidia\n",
        ])
        #expect(
            boot.moduleOptions == [
                "blacklist nouveau", "options vfio-pci ids=10de:2204 disable_vga=1", "softdep nvidia pre: vfio-pci",
            ])
        #expect(
            boot.settings?.map(\.place) == [
                "line 2 of /etc/modprobe.d/other.conf", "line 2 of /etc/modprobe.d/vfio.conf",
                "line 4 of /etc/modprobe.d/vfio.conf",
            ])
    }

    @Test func `module options end where a file is too long to be one of settings`() throws {
        let line = "options vfio-pci ids=10de:2204\n"
        let long = try boot(["etc/modprobe.d/vfio.conf": String(repeating: line, count: 40)])
        #expect(long.moduleOptions.count == 32)
        let late = try boot(["etc/modprobe.d/vfio.conf": String(repeating: "#\n", count: 1 << 15) + line])
        #expect(late.moduleOptions.isEmpty)
    }

    @Test func `options in files that name modules are told and do not count`() throws {
        let boot = try boot([
            "etc/modules": "vfio-pci\n# options vfio-pci ids=10de:2204\noptions vfio-pci ids=10de:2204\n",
            "etc/modules-load.d/vfio.conf": "vfio-pci\noptions vfio-pci ids=10de:2205\n",
            "etc/modprobe.conf": "options vfio-pci ids=10de:2206\n",
        ])
        #expect(
            boot.settings?.map(\.place) == [
                "line 1 of /etc/modprobe.conf", "line 3 of /etc/modules", "line 2 of /etc/modules-load.d/vfio.conf",
            ])
        #expect(boot.settings?.allSatisfy { $0.isOfModule && !$0.isRead } == true)
        #expect(boot.moduleOptions.isEmpty)
    }

    @Test func `a file that modprobe passes over is told where people seem to believe in it`() throws {
        let boot = try boot([
            "etc/modprobe.d/vfio": "options vfio-pci ids=10de:2204\n",
            "etc/modprobe.d/vfio.conf.bak": "options vfio-pci ids=10de:2205\n",
            "etc/modprobe.d/README": "options vfio-pci ids=10de:2206\n",
        ])
        #expect(boot.moduleOptions.isEmpty)
        #expect(boot.settings?.map(\.file) == ["/etc/modprobe.d/vfio"])
    }

    @Test func `lockdown is the word in brackets`() throws {
        let boot = try boot(["sys/kernel/security/lockdown": "none [integrity] confidentiality\n"])
        #expect(boot.lockdown == "integrity")
    }
}
