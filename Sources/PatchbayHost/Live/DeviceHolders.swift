import PatchbayCore

/// Which processes have a function open through VFIO: they keep the kernel from taking it back.
struct DeviceHolders {
    let tree: HostTree

    /// `qemu-system-x86 (pid 4711) holds /dev/vfio/26`, sorted. Processes that may not be looked at are not among them.
    func holders(of address: PCIAddress) -> [String] {
        let nodes = nodes(of: address)
        guard !nodes.isEmpty else { return [] }
        var holders: Set<String> = []
        for process in tree.names(SysfsPath.processes) ?? [] where process.allSatisfy(\.isNumber) {
            let descriptors = "\(SysfsPath.processes)/\(process)/fd"
            for name in tree.names(descriptors) ?? [] {
                guard let link = tree.link("\(descriptors)/\(name)"), nodes.contains(link) else { continue }
                let program = tree.line("\(SysfsPath.processes)/\(process)/comm") ?? "A process"
                holders.insert("\(program) (pid \(process)) holds \(link)")
            }
        }
        return holders.sorted()
    }

    /// The group's node, and with newer kernels the function's own.
    private func nodes(of address: PCIAddress) -> Set<String> {
        let device = SysfsPath.pciDevice(address.description)
        var nodes: Set<String> = []
        if let group = tree.link("\(device)/\(SysfsPath.Function.iommuGroup)")?.lastComponent {
            nodes.insert("\(SysfsPath.vfioNodes)\(group)")
        }
        for name in tree.names("\(device)/vfio-dev") ?? [] {
            nodes.insert("\(SysfsPath.vfioNodes)devices/\(name)")
        }
        return nodes
    }
}
