import CPatchbayHost
import PatchbayCore

/// Finds the processes that have nodes of devices open, by where the links in `/proc/<pid>/fd` lead.
///
/// One pass over all processes with a readlink a descriptor: a tenth of a second for 10,000 processes. Processes that
/// may not be looked at are not seen, so that an empty answer proves something for root only.
package struct HolderScan {
    private let tree: HostTree

    package init(tree: HostTree) { self.tree = tree }

    /// Sorted by process id and node.
    package func read(_ inventory: Inventory) -> [PCIAddress: [DeviceHolder]] {
        let functions = inventory.functions.map { function in
            DeviceNodes.Function(
                address: function.address, group: function.iommuGroup?.description, driver: function.driver,
                isOnVFIO: function.isOnVFIO)
        }
        return holders(DeviceNodes(tree, functions).functions)
    }

    /// The same for one function, without an inventory: also while an unbind of it hangs, when its driver link is gone.
    package func holders(of address: PCIAddress) -> [DeviceHolder] {
        let directory = SysfsPath.pciDevice(address.description)
        let function = DeviceNodes.Function(
            address: address, group: tree.link("\(directory)/\(SysfsPath.Function.iommuGroup)")?.lastComponent,
            driver: tree.link("\(directory)/\(SysfsPath.Function.driver)")?.lastComponent, isOnVFIO: true)
        let nodes = DeviceNodes(tree, [function]).functions.filter { $0.value.contains(address) }
        return holders(nodes.mapValues { _ in [address] })[address] ?? []
    }

    private func holders(_ nodes: [String: [PCIAddress]]) -> [PCIAddress: [DeviceHolder]] {
        guard !nodes.isEmpty else { return [:] }
        var holders: [PCIAddress: [DeviceHolder]] = [:]
        for process in processes() {
            let open = openNodes(process, in: nodes)
            guard !open.isEmpty else { continue }
            let command = tree.line("\(SysfsPath.processes)/\(process)/comm") ?? "?"
            let group = ControlGroup(tree.text("\(SysfsPath.processes)/\(process)/cgroup") ?? "")
            for node in open {
                let holder = DeviceHolder(
                    pid: process, command: command, node: node, unit: group.unit, container: group.container,
                    recipe: ReleaseRecipe.matching(command: command, unit: group.unit)?.name)
                for address in nodes[node] ?? [] { holders[address, default: []].append(holder) }
            }
        }
        return holders
    }

    private func processes() -> [Int] {
        guard let listing = DirectoryListing(at: tree.descriptor, SysfsPath.processes) else { return [] }
        var processes: [Int] = []
        listing.forEach { name in
            guard name[0] >= 0x31, name[0] <= 0x39, let number = Int(String(cString: name)) else { return }
            processes.append(number)
        }
        return processes.sorted()
    }

    /// Sorted, each once.
    private func openNodes(_ process: Int, in nodes: [String: [PCIAddress]]) -> [String] {
        let directory = pb_open_directory(tree.descriptor, "\(SysfsPath.processes)/\(process)/fd")
        guard directory >= 0 else { return [] }
        defer { pb_close(directory) }
        guard let listing = DirectoryListing(at: directory, ".") else { return [] }
        var open: Set<String> = []
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress else { return }
            listing.forEach { name in
                let count = pb_read_link(directory, name, base, buffer.count)
                // "/dev/": everything else is no device.
                guard count > 5, base[0] == 0x2f, base[1] == 0x64, base[2] == 0x65, base[3] == 0x76, base[4] == 0x2f
                else { return }
                let node = String(decoding: buffer[..<count], as: UTF8.self)
                if nodes[node] != nil { open.insert(node) }
            }
        }
        return open.sorted()
    }
}
