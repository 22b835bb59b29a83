import Foundation
import PatchbayCore
import PatchbayHost
import Testing

@Suite struct `A recorded survey` {
    @Test func `says what the host said`() async throws {
        let tree = try SampleTree()
        try tree.function("0000:00:01.0")
        for (path, text) in [
            "etc/default/grub": "# defaults\n\n# ansible managed\nGRUB_CMDLINE_LINUX=\"intel_iommu=on\"\n",
            "boot/grub/x": "", "proc/cmdline": "quiet\n",
            "run/modprobe.d/a.conf": "options vfio-pci ids=10de:2204\n", "sys/devices/cpu_atom/cpus": "2-3\n",
            "usr/lib/systemd/system/libvirtd.service": "[Service]\nLimitMEMLOCK=64M\n",
            "sys/fs/cgroup/system.slice/libvirtd.service/cgroup.procs": "1\n",
            "usr/lib/systemd/system/multipathd.service": "", "sys/module/nvidia/version": "550.90.07\n",
            "proc/9/comm": "virtqemud\n", "proc/9/limits": "Max locked memory   1   2   bytes\n",
            "usr/share/pve-edk2-firmware/OVMF_CODE.fd": "",
            "var/lib/dpkg/status": "Package: pve-qemu-kvm\nStatus: install ok installed\nVersion: 9.0.2-4\n",
        ] { try tree.file(path, text) }
        let host = try #require(try tree.survey().inventory.survey)
        #expect(host.platform.software.lockableBytes == 2 && host.platform.units["libvirtd.service"] == "active")
        #expect(host.platform.boot.loader == .grub && host.platform.software.qemu == SoftwareVersion(9, 0, 2))
        #expect(host.platform.boot.settings?.first?.lineNumber == 4 && host.platform.boot.owner != nil)
        let file = "\(tree.root)-recording.tar.xz"
        _ = try await HostRecording(root: tree.root, isAnonymous: false).write(to: file)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let replay = try await Replay(archive: file)
        let again = try InventoryReader(root: replay.root, hostName: "atlas").survey().inventory.survey
        #expect(again?.platform.boot == host.platform.boot)
        #expect(again?.platform.software == host.platform.software)
        #expect(again?.platform.units == host.platform.units)
        #expect(again?.platform.cpu == host.platform.cpu)
    }
}
