import CPatchbayHost
import PatchbayCore

/// Reads what decisions can do without: capabilities, links, slots, serials, ROMs, error counters, reserved memory.
///
/// Costs a few dozen system calls a function and wakes functions that sleep, so it is for after a boot or a hotplug.
package struct DetailsReader {
    let tree: HostTree
    /// Functions on which a write hangs in the kernel: what could hang with it is not read.
    let locked: Set<PCIAddress>

    package init(tree: HostTree, locked: Set<PCIAddress>) {
        self.tree = tree
        self.locked = locked
    }

    /// Fills `details` of every function that is not virtual, and the reserved regions of every group.
    ///
    /// - Returns: what could not be read and is worth telling.
    package func fill(_ inventory: inout Inventory) -> [Finding] {
        fillGroups(&inventory)
        let devices = pb_open_directory(tree.descriptor, SysfsPath.pciDevices)
        guard devices >= 0 else { return [] }
        defer { pb_close(devices) }
        var reader = FunctionDetailsReader(devices: devices)
        for index in inventory.functions.indices {
            if case .virtual = inventory.functions[index].role { continue }
            inventory.functions[index].details = reader.read(inventory.functions[index])
        }
        return []
    }

    private func fillGroups(_ inventory: inout Inventory) {
        for index in inventory.groups.indices {
            let group = SysfsPath.iommuGroup(inventory.groups[index].id.description)
            inventory.groups[index].reservedRegions = tree.text("\(group)/reserved_regions")
                .map { ReservedRegion.lines($0) }
        }
    }
}
