import Foundation
import PatchbayCore

/// What the lab makes from its own sources and the kernels: hosts' and guests' first programs.
struct LabBuild {
    let packages: String
    let hostKernel: LabKernel
    let guestKernel: LabKernel
    let progress: LabCache.Progress

    /// In the order they are loaded. Everything that the root file system may need; the rest comes from the share.
    private static let hostModules = [
        "virtio_pci", "9pnet_virtio", "9p", "overlay", "virtio_console", "crc32c_generic", "ext4", "nvme",
    ]
    private static let guestModules = [
        "nvme", "virtio_pci", "virtio_gpu", "virtio_rng", "e1000e", "igbvf", "button", "evdev",
    ]

    /// Of the guest with the hosts' kernel: the cloud kernel has no USB.
    private static let usbGuestModules = [
        "virtio_pci", "xhci_pci", "usb_storage", "sd_mod", "button", "evdev",
    ]

    /// Raised when the same sources are made into something else.
    private static let recipe = "2"

    init(packages: String, progress: @escaping LabCache.Progress) throws(Problem) {
        self.packages = packages
        self.progress = progress
        hostKernel = try LabKernel(tree: "\(packages)/kernel")
        guestKernel = try LabKernel(tree: "\(packages)/guest-kernel")
    }

    var key: String {
        var hash = ContentHash()
        for text in [hostKernel.version, guestKernel.version] { hash.add(text) }
        for text in Self.hostModules + Self.guestModules + Self.usbGuestModules { hash.add(text) }
        for text in Self.staticProgram + Self.bareMetalProgram { hash.add(text) }
        hash.add(Self.recipe)
        for bytes in LabAssets.sources { hash.add(bytes) }
        return hash.text
    }

    func make(into directory: String) async throws(Problem) {
        progress("building the programs of hosts and guests")
        let files = FileManager.default
        try files.write(LabAssets.hostInit, to: "\(directory)/host-init", mode: 0o755)
        try files.write(LabAssets.startLibvirt, to: "\(directory)/start-libvirt", mode: 0o755)
        try files.write(LabAssets.makeVirtualFunctions, to: "\(directory)/make-vfs", mode: 0o755)
        try await compile("labd", LabAssets.labd, Self.staticProgram, into: directory)
        try await compile("stage1", LabAssets.stage1, Self.staticProgram, into: directory)
        try await compile("reporter", LabAssets.reporter, Self.staticProgram, into: directory)
        try await compile("probe", LabAssets.probe, Self.bareMetalProgram, into: directory)
        try await hostKernel.unpack(to: "\(directory)/host-kernel")
        try await guestKernel.unpack(to: "\(directory)/guest-kernel")
        try await initramfs("stage1", hostKernel, Self.hostModules, "host.initramfs", in: directory)
        try await initramfs("reporter", guestKernel, availableGuestModules(), "guest.initramfs", in: directory)
        try await initramfs("reporter", hostKernel, Self.usbGuestModules, "usb-guest.initramfs", in: directory)
    }

    func products(at directory: String) -> LabProducts {
        let qemu = "\(packages)/qemu/usr"
        return LabProducts(
            qemu: "\(qemu)/bin/qemu-system-x86_64",
            qemuData: ["\(qemu)/share/qemu", "\(qemu)/share/seabios", "\(qemu)/lib/ipxe/qemu"],
            qemuModules: "\(qemu)/lib/x86_64-linux-gnu/qemu",
            kernelTree: hostKernel.tree,
            hostKernel: "\(directory)/host-kernel",
            hostInitramfs: "\(directory)/host.initramfs",
            tools: Dictionary(
                uniqueKeysWithValues: ["labd", "host-init", "start-libvirt", "make-vfs"].map {
                    ($0, "\(directory)/\($0)")
                }),
            guests: [
                "probe": "\(directory)/probe", "linux": "\(directory)/guest-kernel",
                "linux.initramfs": "\(directory)/guest.initramfs", "linux-usb": "\(directory)/host-kernel",
                "linux-usb.initramfs": "\(directory)/usb-guest.initramfs",
            ])
    }

    private static let staticProgram = ["gcc", "-std=gnu11", "-Wall", "-Wextra", "-Os", "-static", "-s"]

    /// A 32-bit ELF file that QEMU's `-kernel` takes through its PVH note: no C library, no start files, at 2 MiB.
    private static let bareMetalProgram = [
        "gcc", "-std=gnu11", "-Wall", "-Wextra", "-Os", "-m32", "-march=i686", "-ffreestanding", "-fno-pic",
        "-fno-stack-protector", "-fno-asynchronous-unwind-tables", "-nostdlib", "-static", "-Wl,-e,enter",
        "-Wl,-Ttext-segment=0x200000", "-Wl,--build-id=none", "-Wl,-z,noexecstack",
    ]

    private func compile(
        _ name: String, _ source: [UInt8], _ compiler: [String], into directory: String
    ) async throws(Problem) {
        try FileManager.default.write(source, to: "\(directory)/\(name).c")
        try await Tool.run(compiler + ["-o", "\(directory)/\(name)", "\(directory)/\(name).c"])
    }

    private func initramfs(
        _ program: String, _ kernel: LabKernel, _ names: [String], _ file: String, in directory: String
    ) async throws(Problem) {
        var archive = InitramfsArchive()
        for path in ["dev", "proc", "sys", "modules"] { archive.addDirectory(path) }
        for module in try await kernel.modules(names) { archive.addProgram("modules/\(module.name)", module.content) }
        archive.addProgram("init", try FileManager.default.read("\(directory)/\(program)"))
        try FileManager.default.write(archive.finished(), to: "\(directory)/\(file)")
    }

    /// The cloud kernel leaves drivers of real hardware out, and not the same ones in every release.
    private func availableGuestModules() throws(Problem) -> [String] {
        let list = try FileManager.default.read("\(guestKernel.tree)/lib/modules/\(guestKernel.version)/modules.dep")
        let text = String(decoding: list, as: UTF8.self)
        return Self.guestModules.filter { name in
            let spellings = [name, name.replacingOccurrences(of: "_", with: "-")]
            return spellings.contains { text.contains("/\($0).ko") }
        }
    }
}
