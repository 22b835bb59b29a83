extension HostView {
    /// Where two count on one device, and neither knows of the other: guests of each other, guests and the host, the settings
    /// of the boot and a pool. Sorted by kind, then by device.
    package var clashes: [Finding] { betweenGuests + betweenClaimAndGuest + betweenGuestAndHost + atBoot }

    private var name: String { inventory.host.name }

    private func subject(_ device: DeviceKey) -> String { DeviceID(host: name, key: device).description }

    /// Running guests by the functions that they have now.
    private var guests: [DeviceKey: Set<String>] {
        usage.domains.filter(\.state.isOn).reduce(into: [:]) { guests, domain in
            for device in domain.liveDevices { guests[device, default: []].insert(domain.name) }
        }
    }

    /// The definitions of several running guests name one function. Guests that are off may share: they can take turns.
    private var betweenGuests: [Finding] {
        guests.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map { device, names in
            let names = names.sorted()
            let all = names.dropLast().joined(separator: ", ") + " and \(names[names.count - 1])"
            return Finding(
                "device-in-several-vms", .problem, subject: subject(device),
                "VMs \(all) run with \(device.short), which only one of them can have.",
                next: names.prefix(4).map { "See what it is for in \($0):  patchbay vm show \($0)" } + [
                    "Leave it in one definition, and take it out of the others:  sudo virsh edit \(names[names.count - 1])"
                ])
        }
    }

    private var betweenClaimAndGuest: [Finding] {
        guests.sorted { $0.key < $1.key }.compactMap { device, names in
            guard let allocation = usage.allocations[device], usage.claims[allocation.claim]?.phase == .attached,
                let owner = allocation.owner.vm, !names.contains(owner), let other = names.min()
            else { return nil }
            return Finding(
                "device-in-other-vm", .problem, subject: subject(device),
                "VM \(other) runs with \(device.short), which is allocated to VM \(owner).",
                next: [
                    "Stop \(other) and take it out of its definition:  patchbay vm stop \(other)",
                    "Or stop \(owner), which gives it back:  patchbay vm stop \(owner)",
                ])
        }
    }

    /// A guest names a function that the host uses. What is on a VFIO driver is not the host's now.
    private var betweenGuestAndHost: [Finding] {
        usage.domains.sorted { $0.name < $1.name }.flatMap { domain in
            Set(domain.liveDevices + domain.definedDevices).sorted().compactMap { device in
                guard let function = inventory[device], !function.isOnVFIO, let use = ownUse(of: function.address)
                else {
                    return nil
                }
                let does = domain.state.isOn ? "runs with" : "takes at its start"
                // What a person may take from the host may have been taken on purpose.
                let isDangerous = use.severity == .critical && !use.code.canBeAllowed
                return Finding(
                    "vm-names-host-device", isDangerous ? .problem : .warning, subject: subject(device),
                    "VM \(domain.name) \(does) \(device.short), which the host \(use.severity.verb) (\(use.sentence)).",
                    next: ["Take it out of the VM's definition:  sudo virsh edit \(domain.name)"])
            }
        }
    }

    /// The most severe use that is the host's own: that a guest, or whoever serves one, has it open is no clash.
    private func ownUse(of address: PCIAddress) -> HostUse? {
        let uses = inventory.hostUses[address] ?? []
        return uses.filter { use in
            use.severity >= .inUse && ![.holder, .mediatedDevices, .vmDisk].contains(use.reason)
        }.max { $0.severity < $1.severity }
    }

    /// What acts at boot decides about drivers of devices that a pool lends one by one.
    private var atBoot: [Finding] {
        guard let platform = inventory.survey?.platform else { return [] }
        let bindings = BootBinding.all(of: platform)
        guard !bindings.isEmpty else { return [] }
        return bindings.compactMap { binding -> Finding? in
            let caught = membership.names.keys.filter { device in inventory[device].map(binding.binds) ?? false }
                .sorted()
            guard let first = caught.first else { return nil }
            let pools = Set(caught.flatMap { membership.names[$0] ?? [] }).sorted()
            let devices = caught.count == 1 ? first.short : "\(caught.count) devices, \(first.short) the first,"
            return Finding(
                "bound-at-boot", .warning, subject: caught.count == 1 ? subject(first) : name,
                "\(binding.words) binds \(devices) of pool \(pools.joined(separator: ", ")) at every boot, so two programs"
                    + " decide about one driver.", next: [binding.next(on: name)])
        }
    }
}
