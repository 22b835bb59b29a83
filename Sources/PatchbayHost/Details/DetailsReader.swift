import CPatchbayHost
import PatchbayCore

/// Reads what decisions can do without: capabilities, links, slots, serials, ROMs, error counters, reserved memory.
///
/// Costs a few dozen system calls a function, so it is for after a boot or a hotplug. Who sleeps is not woken for it.
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
        var reader = FunctionDetailsReader(devices: devices, isLive: tree.isLive)
        for index in inventory.functions.indices {
            let function = inventory.functions[index]
            if case .virtual = function.role { continue }
            inventory.functions[index].details = reader.read(function, isLocked: locked.contains(function.address))
        }
        nameSlots(&inventory)
        inventory.connectLinks()
        return findings(inventory, slow: reader.slow)
    }

    private func fillGroups(_ inventory: inout Inventory) {
        for index in inventory.groups.indices {
            let file = SysfsPath.reservedRegions(of: inventory.groups[index].id.description)
            inventory.groups[index].reservedRegions = tree.text(file).map { ReservedRegion.lines($0) }
        }
    }

    /// `sys/bus/pci/slots/<name>/address` is an address without a function: `0000:41:00`. Of several names for one slot
    /// the first counts.
    private func nameSlots(_ inventory: inout Inventory) {
        var names: [String: String] = [:]
        for name in tree.names(SysfsPath.pciSlots) ?? [] {
            guard let address = tree.line(SysfsPath.pciSlotAddress(name)), names[address] == nil else { continue }
            names[address] = name
        }
        guard !names.isEmpty else { return }
        for index in inventory.functions.indices {
            let function = inventory.functions[index]
            guard var details = function.details, let name = names[String(function.address.description.dropLast(2))]
            else { continue }
            details.slot = PhysicalSlot(name: name, label: details.slot?.label, index: details.slot?.index)
            inventory.functions[index].details = details
        }
    }

    private func findings(_ inventory: Inventory, slow: [PCIAddress]) -> [Finding] {
        let late = slow.map { address in
            Finding(
                "vpd-timeout", .note, subject: "\(inventory.host.name)/\(address)",
                "The vital product data of \(address) could not be read within a second; its serial is unknown.")
        }
        return late + inventory.detailFindings
    }
}
