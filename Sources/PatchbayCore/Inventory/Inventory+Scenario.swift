/// The host as it would be if something about its hardware or kernel were otherwise: for asking what would come of it.
extension Inventory {
    /// Without a device: pulled out, or broken. What is plugged into it goes with it.
    package func without(_ device: DeviceKey) -> Inventory {
        var inventory = self
        for carried in self[device]?.rivals(in: self) ?? [] where carried.kind == .usb {
            inventory = inventory.without(carried)
        }
        inventory.hostUses[device] = nil
        guard let address = device.pci else {
            inventory.usb.removeAll { $0.key == device }
            return inventory
        }
        inventory.functions.removeAll { $0.address == address }
        inventory.groups = groups.compactMap { group in
            var group = group
            group.members.removeAll { $0 == address }
            return group.members.isEmpty ? nil : group
        }
        return inventory
    }

    /// With the IOMMU groups of these functions made one: a kernel without an ACS quirk that the one before had.
    package func joiningGroups(of addresses: [PCIAddress]) -> Inventory {
        let ids = Set(addresses.compactMap { self[$0]?.iommuGroup })
        guard let first = ids.min(), ids.count > 1 else { return self }
        var inventory = self
        let members = groups.filter { ids.contains($0.id) }.flatMap(\.members).sorted()
        inventory.groups.removeAll { ids.contains($0.id) && $0.id != first }
        inventory.regroup(members, into: first)
        return inventory
    }

    /// With every member of a function's IOMMU group in a group of its own: a kernel or an ACS override that tells them
    /// apart.
    package func splittingGroup(of address: PCIAddress) -> Inventory {
        guard let id = self[address]?.iommuGroup, let group = group(id) else { return self }
        var inventory = self
        var next = (groups.last?.id.rawValue ?? 0) + 1
        for member in group.members.filter({ $0 != address }) {
            inventory.groups.append(IOMMUGroup(id: IOMMUGroupID(next), members: [], domainType: group.domainType))
            inventory.regroup([member], into: IOMMUGroupID(next))
            next += 1
        }
        inventory.regroup([address], into: id)
        return inventory
    }

    private mutating func regroup(_ members: [PCIAddress], into id: IOMMUGroupID) {
        guard let place = groups.firstIndex(where: { $0.id == id }) else { return }
        groups[place].members = members
        for member in members {
            if let index = index(of: member) { functions[index].iommuGroup = id }
        }
    }
}
