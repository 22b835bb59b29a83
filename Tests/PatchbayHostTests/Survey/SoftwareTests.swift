import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `Software` {
    private static let status = """
        Package: libvirt-daemon
        Status: install ok installed
        Architecture: amd64
        Version: 9.0.0-4+deb12u2

        Package: qemu-system-x86
        Status: deinstall ok config-files
        Version: 1:5.2+dfsg-11

        Package: qemu-system-common
        Status: install ok installed
        Version: 1:7.2+dfsg-7+deb12u12

        """

    @Test func `versions come from the package database, of what is installed`() throws {
        let tree = try SampleTree()
        try tree.file("var/lib/dpkg/status", Self.status)
        let software = try tree.platform().software
        #expect(software.libvirt == SoftwareVersion(9, 0, 0) && software.qemu == SoftwareVersion(7, 2))
    }

    @Test func `the program itself is asked where no package tells`() async throws {
        let tree = try SampleTree()
        let programs = ProgramRunner { program, arguments in
            guard arguments == ["--version"] else { return nil }
            return switch program {
            case "qemu-system-aarch64": "QEMU emulator version 9.1.2 (qemu-9.1.2-3.fc41)\nCopyright (c) 2003-2024\n"
            case "virtqemud": "virtqemud (libvirt) 10.7.0\n"
            default: nil
            }
        }
        let software = try await tree.survey(programs: programs).platform.software
        #expect(software.qemu == SoftwareVersion(9, 1, 2) && software.libvirt == SoftwareVersion(10, 7))
        #expect(try tree.platform().software.qemu == nil, "a recorded tree is not asked")
    }

    @Test func `firmware for guests: descriptors, or images that hold code`() throws {
        let tree = try SampleTree()
        for name in ["OVMF_CODE.fd", "OVMF_VARS.fd", "readme"] { try tree.file("usr/share/OVMF/\(name)", "") }
        #expect(try tree.platform().software.guestFirmware == ["/usr/share/OVMF/OVMF_CODE.fd"])
        try tree.file("usr/share/qemu/firmware/60-edk2-x86_64.json", "{}")
        #expect(try tree.platform().software.guestFirmware == ["/usr/share/qemu/firmware/60-edk2-x86_64.json"])
    }

    @Test func `memory that may be locked: by the daemon, else by its unit`() throws {
        let tree = try SampleTree()
        let unit = "usr/lib/systemd/system/libvirtd.service"
        try tree.file(unit, "[Service]\nLimitMEMLOCK=64M\n")
        #expect(try tree.platform().software.lockableBytes == 64 << 20)
        try tree.file("etc/systemd/system/libvirtd.service.d/limits.conf", "[Service]\nLimitMEMLOCK=8M:infinity\n")
        #expect(try tree.platform().software.lockableBytes == -1)
        try tree.file("proc/812/comm", "libvirtd\n")
        try tree.file("proc/812/limits", "Limit   Soft  Hard  Units\nMax locked memory   65536   131072   bytes\n")
        #expect(try tree.platform().software.lockableBytes == 131_072)
        try tree.file("proc/812/comm", "bash\n")
        try tree.file(unit, "[Service]\nLimitMEMLOCK=999999999999T\n")
        try tree.file("etc/systemd/system/libvirtd.service.d/limits.conf", "")
        #expect(try tree.platform().software.lockableBytes == nil)
    }

    @Test func `only drivers from outside the kernel have a version`() throws {
        let tree = try SampleTree()
        try tree.file("sys/module/nvidia/version", "550.90.07\n")
        try tree.directory("sys/module/nouveau")
        #expect(try tree.platform().software.vendorDrivers == ["nvidia": "550.90.07"])
    }

    @Test func `units are active by their control group`() throws {
        let tree = try SampleTree()
        for unit in ["libvirtd.service", "multipathd.service", "gdm.service", "unrelated.service"] {
            try tree.file("usr/lib/systemd/system/\(unit)", "")
        }
        try tree.link("etc/systemd/system/display-manager.service", to: "usr/lib/systemd/system/gdm.service")
        try tree.file("etc/driverctl.d/pci-0000:41:00.0", "vfio-pci\n")
        #expect(try tree.platform().units["libvirtd.service"] == "installed", "without control groups nobody knows")
        for unit in ["libvirtd.service", "gdm.service", "dcgm.service"] {
            try tree.directory("sys/fs/cgroup/system.slice/\(unit)")
        }
        #expect(
            try tree.platform().units == [
                "libvirtd.service": "active", "multipathd.service": "inactive", "display-manager.service": "active",
                "dcgm.service": "active", "driverctl@pci-0000:41:00.0.service": "configured",
            ])
    }
}
