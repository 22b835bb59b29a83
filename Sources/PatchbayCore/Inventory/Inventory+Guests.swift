extension Inventory {
    /// Without the open nodes of VFIO and usbfs of devices that guests of these have, and of their group mates, which a guest cannot but
    /// hold with them: who has those is told with the guests. A program's hold on any other device stands.
    package func explained(by domains: [Domain]) -> Inventory {
        var held = Set(domains.lazy.filter(\.isUp).flatMap(\.liveDevices))
        for case .pci(let address) in held {
            if let group = self[address]?.iommuGroup.flatMap({ self.group($0) }) {
                held.formUnion(group.members.map(\.key))
            }
        }
        var inventory = self
        for device in held {
            guard let uses = hostUses[device], uses.contains(where: \.isOfGuest) else { continue }
            let left = uses.filter { !$0.isOfGuest }
            inventory.hostUses[device] = left.isEmpty ? nil : left
        }
        inventory.explainControllers(of: held)
        return inventory
    }

    /// What a guest has open of a USB device is told of its controller, too.
    private mutating func explainControllers(of held: Set<DeviceKey>) {
        for case .usb(let address) in held {
            guard let device = self[address], let controller = device.port.controller?.key,
                let uses = hostUses[controller]
            else { continue }
            let left = uses.filter { !($0.isOfGuest && $0.chain.contains(device.node)) }
            hostUses[controller] = left.isEmpty ? nil : left
        }
    }
}

extension HostUse {
    /// A node of VFIO or usbfs is open: `qemu-system-x86 → /dev/vfio/26 → 0000:41:00.0`.
    fileprivate var isOfGuest: Bool {
        guard reason == .holder, severity == .inUse, let node = chain.dropFirst().first else { return false }
        return node.hasPrefix("/dev/vfio/") || node.hasPrefix("/dev/bus/usb/")
    }
}
