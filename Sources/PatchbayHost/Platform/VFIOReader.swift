import PatchbayCore

/// VFIO on the running kernel: what is loaded, with which parameters, and which drivers could take vfio-pci's place.
struct VFIOReader {
    let tree: HostTree
    /// The running kernel's; nil: the tree does not say.
    let release: String?

    func read() -> VFIOFacts {
        VFIOFacts(
            loaded: loaded, variantDrivers: variantDrivers,
            hasIOMMUFD: SysfsPath.iommufd.contains { tree.exists($0) }, parameters: parameters)
    }

    private var loaded: [String] {
        let listed = (tree.text(SysfsPath.loadedModules) ?? "").split(separator: "\n").compactMap { line in
            line.split(separator: " ").first.map { String($0) }
        }
        let names = Set((tree.names(SysfsPath.modules) ?? []) + listed)
        return names.filter { $0.split(separator: "_").contains("vfio") || $0 == "iommufd" }.sorted()
    }

    /// Names of the last word of lines like `alias vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i* mlx5_vfio_pci`.
    private var variantDrivers: [String] {
        guard let release, !release.contains("/"), let text = tree.text(SysfsPath.moduleAliases(release)) else {
            return []
        }
        var names: Set<Substring> = []
        for line in text.split(separator: "\n") where line.hasPrefix("alias vfio_pci:") {
            if let name = line.split(separator: " ").last, name != "vfio_pci" { names.insert(name) }
        }
        return names.map { String($0) }.sorted()
    }

    /// Parameters that may be read and are not empty.
    private var parameters: [String: String] {
        var values: [String: String] = [:]
        for module in loaded + ["kvm", "kvm_intel", "kvm_amd"] {
            let folder = SysfsPath.moduleParameters(module)
            let wanted = module.hasPrefix("kvm") ? ["ignore_msrs", "nested"] : tree.names(folder) ?? []
            for name in wanted { values["\(module).\(name)"] = tree.line("\(folder)/\(name)") }
        }
        return values
    }
}
