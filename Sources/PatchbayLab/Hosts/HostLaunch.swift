/// The whole command line of an emulated host: what its description says, and what the lab itself needs.
package struct HostLaunch: Sendable {
    package var name: String
    package var number: Int
    package var description: HostDescription
    package var files: HostFiles
    package var products: LabProducts
    package var iommu: [String]

    /// How many commands can run in a host at once.
    package static let ports = 6

    package var arguments: [String] {
        base + description.qemuArguments(hostNumber: number) { files.image(of: $0) } + shares + serialPorts
    }

    /// Software emulation throughout: nested guests are emulated anyway, and it works everywhere.
    ///
    /// Until the host is up a reboot ends it, so that a kernel that panics at boot is seen at once and not tried for ever;
    /// then `LabHost.allowReboots` lets it reboot as a machine does.
    private var base: [String] {
        var arguments = [products.qemu]
        for directory in products.qemuData { arguments += ["-L", directory] }
        return arguments + [
            "-name", name, "-nodefaults", "-no-user-config", "-action", "reboot=shutdown", "-display", "none",
            "-accel", "tcg,thread=single,tb-size=256", "-cpu", "qemu64,-svm,+ssse3,+sse4.1,+sse4.2,+popcnt",
            "-kernel", products.hostKernel, "-initrd", products.hostInitramfs, "-append", kernelCommandLine,
            "-serial", "file:\(files.console.qemuEscaped)",
            "-qmp", "unix:\(files.qmpSocket.qemuEscaped),server=on,wait=off",
        ]
    }

    /// `fbcon=map:9`: no display gets the text console, neither at boot nor when it comes back from a guest; a map to a
    /// framebuffer that never exists says so (Documentation/fb/fbcon.rst). The host talks over its serial port.
    private var kernelCommandLine: String {
        var words = [
            "console=ttyS0", "fbcon=map:9", "quiet", "loglevel=4", "panic=-1", "mitigations=off", "no_timer_check",
            "tsc=reliable", "lab.name=\(name)",
        ]
        words += iommu
        if let disk = description.rootDisk.flatMap(description.device), let serial = disk.properties["serial"] {
            words.append("lab.root=\(serial)")
        }
        if let nic = description.defaultRoute, let mac = description.mac(of: nic, hostNumber: number) {
            words.append("lab.route=\(mac)")
        }
        return words.joined(separator: " ")
    }

    /// This machine's root and the kernel's modules, read-only; and a directory that both sides write.
    private var shares: [String] {
        share("hostroot", "/", ",readonly=on", slot: "1a")
            + share("kernel", products.kernelTree, ",readonly=on", slot: "1b")
            + share("share", files.share, "", slot: "1c")
    }

    private func share(_ tag: String, _ path: String, _ options: String, slot: String) -> [String] {
        [
            "-fsdev", "local,id=fs-\(tag),path=\(path.qemuEscaped),security_model=none,multidevs=remap\(options)",
            "-device", "virtio-9p-pci,fsdev=fs-\(tag),mount_tag=\(tag),bus=pcie.0,addr=\(slot)",
        ]
    }

    private var serialPorts: [String] {
        ["-device", "virtio-serial-pci,id=lab,bus=pcie.0,addr=1e,max_ports=\(Self.ports + 1)"]
            + (0..<Self.ports).flatMap { port in
                [
                    "-chardev", "socket,id=port\(port),path=\(files.portSocket(port).qemuEscaped),server=on,wait=off",
                    "-device", "virtserialport,bus=lab.0,nr=\(port + 1),chardev=port\(port),name=lab.\(port)",
                ]
            }
    }
}
