extension Inventory {
    /// Without the open nodes of VFIO of devices that guests of these have, and of their group mates, which a guest cannot but
    /// hold with them: who has those is told with the guests. A program's hold on any other device stands.
    package func explained(by domains: [Domain]) -> Inventory {
        var held = Set(domains.lazy.filter(\.isUp).flatMap(\.liveDevices).compactMap(\.pci))
        guard !held.isEmpty else { return self }
        for address in held {
            if let group = self[address]?.iommuGroup.flatMap({ self.group($0) }) { held.formUnion(group.members) }
        }
        var inventory = self
        for address in held {
            guard let uses = hostUses[address], uses.contains(where: \.isOfGuest) else { continue }
            let left = uses.filter { !$0.isOfGuest }
            inventory.hostUses[address] = left.isEmpty ? nil : left
        }
        return inventory
    }
}

extension HostUse {
    /// A node of VFIO is open: `qemu-system-x86 → /dev/vfio/26 → 0000:41:00.0`.
    fileprivate var isOfGuest: Bool {
        reason == .holder && severity == .inUse && chain.dropFirst().first?.hasPrefix("/dev/vfio/") ?? false
    }
}
