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
            return Finding(
                "device-in-several-vms", .problem, subject: subject(device),
                "VMs \(names.listed) have \(device.short) at the same time, but only one VM can use it.",
                next: ["Detach it from all but one. The others keep it until they stop."]
                    + names.prefix(4).map { taking(device, from: $0) })
        }
    }

    private var betweenClaimAndGuest: [Finding] {
        guests.sorted { $0.key < $1.key }.compactMap { device, names in
            guard let allocation = usage.allocations[device], usage.claims[allocation.claim]?.phase == .attached,
                let owner = allocation.owner.vm, !names.contains(owner), let other = names.min()
            else { return nil }
            return Finding(
                "device-in-other-vm", .problem, subject: subject(device),
                "VM \(other) is running with \(device.short), which is allocated to VM \(owner).",
                next: [
                    taking(device, from: other),
                    NextStep("Stop \(other), which has it now", .stopVM(other)),
                    NextStep("Or stop \(owner), to which it is allocated", .stopVM(owner)),
                ])
        }
    }

    /// A guest asks Patchbay for what it has by a claim; anything else is in its definition alone.
    private func taking(_ device: DeviceKey, from vm: String) -> NextStep {
        usage.allocations[device]?.owner.vm == vm
            ? NextStep("Detach it from \(vm)", .detach(DeviceID(host: name, key: device).short, from: vm))
            : "Remove it from the definition of \(vm):  sudo virsh edit \(vm)"
    }

    /// A guest names a device that the host uses. What no driver of the host has is not the host's now.
    private var betweenGuestAndHost: [Finding] {
        usage.domains.sorted { $0.name < $1.name }.flatMap { domain in
            Set(domain.liveDevices + domain.definedDevices).sorted().compactMap { device in
                guard inventory[device]?.isHandedOver == false, let use = ownUse(of: device) else { return nil }
                let has = domain.liveDevices.contains(device)
                let does = has ? "is running with \(device.short)" : "will get \(device.short) at its next start"
                // What a person may take from the host may have been taken on purpose.
                let isDangerous = use.severity == .critical && !use.code.canBeAllowed
                return Finding(
                    "vm-names-host-device", isDangerous ? .problem : .warning, subject: subject(device),
                    "VM \(domain.name) \(does), and the host \(use.severity.verb) it (\(use.sentence)).",
                    next: [taking(device, from: domain.name)])
            }
        }
    }

    /// The most severe use that is the host's own: that a guest, or whoever serves one, has it open is no clash.
    private func ownUse(of device: DeviceKey) -> HostUse? {
        let uses = inventory.hostUses[device] ?? []
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
            let caught = membership.names.keys.filter { device in
                device.pci.flatMap { inventory[$0] }.map(binding.binds) ?? false
            }.sorted()
            guard let first = caught.first else { return nil }
            let pools = Set(caught.flatMap { membership.names[$0] ?? [] }).sorted()
            let devices = caught.count == 1 ? first.short : "\(caught.count) devices, \(first.short) the first,"
            return Finding(
                "bound-at-boot", .warning, subject: caught.count == 1 ? subject(first) : name,
                "\(binding.words) binds \(devices) of pool \(pools.joined(separator: ", ")) at every boot, so two programs"
                    + " choose the driver of one device.", next: [binding.next(on: name)])
        }
    }
}
