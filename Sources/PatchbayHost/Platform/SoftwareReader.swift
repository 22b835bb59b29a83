import PatchbayCore

/// The programs that run guests: by the package database, and on the live host by asking them.
struct SoftwareReader {
    let tree: HostTree
    let programs: ProgramRunner

    /// Packages that tell a version, the most telling first.
    private static let qemu = ["qemu-system-x86", "qemu-system-arm", "pve-qemu-kvm", "qemu-system-common"]
    private static let libvirt = ["libvirt-daemon", "libvirt-daemon-common", "libvirt0"]

    func read() -> SoftwareFacts {
        let packages = PackageVersions(tree)
        return SoftwareFacts(
            qemu: packages.version(of: Self.qemu)
                ?? asked(["qemu-system-x86_64", "qemu-system-aarch64", "qemu-kvm", "kvm"]),
            libvirt: packages.version(of: Self.libvirt)
                ?? asked(["libvirtd", "virtqemud"]),
            guestFirmware: guestFirmware, lockableBytes: LockLimitReader(tree: tree).read(),
            vendorDrivers: vendorDrivers)
    }

    private func asked(_ names: [String]) -> SoftwareVersion? {
        names.lazy.compactMap { programs.output($0, "--version") }.first.flatMap { SoftwareVersion(in: $0) }
    }

    /// Descriptors, for they say what an image is for; without any, images that hold code.
    private var guestFirmware: [String] {
        let descriptors = SysfsPath.firmwareDescriptors.flatMap { files(in: $0, ending: ".json") }
        guard descriptors.isEmpty else { return descriptors.sorted() }
        return SysfsPath.firmwareImages.flatMap { files(in: $0, ending: ".fd") }
            .filter { $0.lowercased().contains("code") }.sorted()
    }

    private func files(in folder: String, ending: String) -> [String] {
        (tree.names(folder) ?? []).filter { $0.hasSuffix(ending) }.map { "/\(folder)/\($0)" }
    }

    /// Only drivers that come from outside the kernel have a version of their own.
    private var vendorDrivers: [String: String] {
        var versions: [String: String] = [:]
        for module in ["nvidia", "amdgpu", "i915", "xe", "gim"] {
            versions[module] = tree.line(SysfsPath.moduleVersion(module))
        }
        return versions
    }
}
