import PatchbayCore

/// What can be cut into mediated devices or vGPUs on a host, and which there are.
struct MediatedReader {
    let tree: HostTree
    /// Functions on which a write hangs in the kernel: what they offer is behind a lock of their driver.
    let locked: Set<PCIAddress>

    /// Sorted by address.
    func parents(among functions: [PCIFunction]) -> [MediatedParent] {
        let listed = (tree.names(SysfsPath.mediatedParents)).map { Set($0) }
        return functions.filter { !locked.contains($0.address) }.compactMap { function in
            let path = SysfsPath.pciDevice(function.address.description)
            if listed?.contains(function.address.description) ?? true, let types = mediatedTypes(path) {
                return MediatedParent(address: function.address, kind: .mdev, types: types)
            }
            return function.id.vendor == 0x10de ? vendorParent(function.address, path) : nil
        }
    }

    /// nil: the function is no parent. A parent may offer no type at all.
    private func mediatedTypes(_ path: String) -> [MediatedType]? {
        guard let names = tree.names("\(path)/\(SysfsPath.mediatedTypes)") else { return nil }
        return names.compactMap { id in
            guard let directory = AttributeDirectory(tree, "\(path)/\(SysfsPath.mediatedTypes)/\(id)") else {
                return nil
            }
            return MediatedType(
                id: id, name: directory.line(SysfsPath.Mediated.name),
                description: directory.text(SysfsPath.Mediated.description),
                deviceAPI: directory.line(SysfsPath.Mediated.deviceAPI),
                available: directory.decimal(SysfsPath.Mediated.available).flatMap { $0 < 0 ? nil : $0 })
        }
    }

    private func vendorParent(_ address: PCIAddress, _ path: String) -> MediatedParent? {
        guard let table = tree.text("\(path)/\(SysfsPath.creatableTypes)") else { return nil }
        return MediatedParent(
            address: address, kind: .vendorVFIO, types: VendorTypeTable.types(table),
            currentType: currentType(of: address))
    }

    /// The vGPU type that is set on a virtual function; nil: none (0), or it is no such function.
    func currentType(of address: PCIAddress) -> String? {
        guard !locked.contains(address) else { return nil }
        let current = tree.line("\(SysfsPath.pciDevice(address.description))/\(SysfsPath.currentType)")
        return current == "0" ? nil : current
    }

    /// Sorted by UUID.
    func devices() -> [MediatedDevice] {
        (tree.names(SysfsPath.mediatedDevices) ?? []).compactMap { uuid in
            let path = "\(SysfsPath.mediatedDevices)/\(uuid)"
            guard let link = tree.link(path), let directory = AttributeDirectory(tree, path) else { return nil }
            let group = directory.target(SysfsPath.Mediated.iommuGroup).flatMap { Int($0) }
            return MediatedDevice(
                uuid: uuid, parent: TopologyPath.functions(link).last,
                type: directory.target(SysfsPath.Mediated.type),
                iommuGroup: group.flatMap { $0 < 0 ? nil : IOMMUGroupID($0) })
        }
    }
}

/// `nvidia/creatable_vgpu_types`: a heading, then a number and a name a line.
///
///     ID    : vGPU Name
///     1145  : NVIDIA L40S-1B
enum VendorTypeTable {
    static func types(_ text: String) -> [MediatedType] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            let (id, name) = (parts[0].trimmingBlanks, parts[1].trimmingBlanks)
            guard !id.isEmpty, id.allSatisfy(\.isNumber), !name.isEmpty else { return nil }
            return MediatedType(id: String(id), name: String(name), deviceAPI: "vfio-pci")
        }
    }
}
