import PatchbayCore

/// The programs that run guests, by the package database.
struct SoftwareReader {
    let tree: HostTree

    /// Packages that tell a version, the most telling first.
    private static let qemu = ["qemu-system-x86", "qemu-system-arm", "pve-qemu-kvm", "qemu-system-common"]
    private static let libvirt = ["libvirt-daemon", "libvirt-daemon-common", "libvirt0"]

    func read() -> SoftwareFacts {
        let packages = PackageVersions(tree)
        return SoftwareFacts(
            qemu: packages.version(of: Self.qemu), libvirt: packages.version(of: Self.libvirt),
            guestFirmware: guestFirmware, lockableBytes: LockLimitReader(tree: tree).read(),
            vendorDrivers: vendorDrivers)
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

extension SoftwareFacts {
    /// What the package database did not tell, the programs are asked.
    mutating func complete(by programs: ProgramRunner) async {
        if qemu == nil {
            qemu = await Self.version(
                of: ["qemu-system-x86_64", "qemu-system-aarch64", "qemu-kvm", "kvm"], programs)
        }
        if libvirt == nil { libvirt = await Self.version(of: ["libvirtd", "virtqemud"], programs) }
    }

    /// The first that answers decides.
    private static func version(of names: [String], _ programs: ProgramRunner) async -> SoftwareVersion? {
        for name in names {
            if let text = await programs.output(name, "--version") { return SoftwareVersion(in: text) }
        }
        return nil
    }
}
