/// Devices that go into a running VM, and out of it.
extension Planner {
    func hotplug(_ units: [DeviceUnit], into vm: String) throws(Problem) -> Draft {
        try requireRunning(vm)
        let devices = devices(of: units)
        for device in devices where !device.key.kind.type.canBeHotplugged {
            throw Problem(
                .wrongState, "\(name(of: device.key)) cannot be attached to \(vm) while it runs.",
                evidence: ["\(device.key.kind.words)s are attached when a VM starts"],
                next: [NextStep("Attach it for the next start, then restart the VM", .restartVM(vm))])
        }
        if let refusal = refusal(toTake: units, for: vm) { throw refusal }
        return Draft(
            title: "Attach \(names(of: units)) to \(vm)",
            steps: handOver(units) + replacing(devices.map(\.key), in: vm)
                + devices.map { .attach(vm: vm, device: $0.key, guestReset: guestReset(of: $0.key)) },
            findings: handOverFindings(units) + [cannotMigrate(vm)])
    }

    /// What was pulled goes out of the VM first: its place in the guest, and in the definition, is what the next one gets.
    private func replacing(_ devices: [DeviceKey], in vm: String) -> [Step] {
        let (defined, pulled) = (domain(vm)?.definedDevices ?? [], domain(vm)?.pulledDevices ?? [])
        let outdated = pulled.filter(defined.contains)
        let missing = devices.filter { !defined.contains($0) || outdated.contains($0) }
        return pulled.map { .detach(vm: vm, device: $0) }
            + (outdated.isEmpty ? [] : [.unplug(vm: vm, devices: outdated)])
            + (missing.isEmpty ? [] : [plug(missing, into: vm)])
    }

    /// What is no longer there is taken out of the VM as well: it sees a dead device otherwise.
    func hotUnplug(
        _ units: [DeviceUnit], from vm: String, giveBack: [DeviceUnit]
    ) throws(Problem) -> Draft {
        try requireRunning(vm)
        if let refusal = refusal(whenHeld: giveBack.flatMap(\.members), except: [vm]) { throw refusal }
        let members = Set(units.flatMap(\.members)).sorted()
        let live = (domain(vm)?.liveDevices ?? []) + (domain(vm)?.pulledDevices ?? [])
        let isOne = units.count == 1
        let back = giveBack.isEmpty ? "" : " and give \(isOne ? "it" : "them") back"
        return Draft(
            title: "Detach \(names(of: units)) from \(vm)\(back)",
            steps: members.filter(live.contains).map {
                .detach(vm: vm, device: $0, guestReset: guestReset(of: $0))
            } + [unplug(members, from: vm)] + self.giveBack(giveBack),
            findings: [
                Finding(
                    "guest-loses-device", .warning, subject: "vm \(vm)",
                    "The guest loses \(names(of: units)) as if \(isOne ? "it was" : "they were") unplugged.",
                    next: [
                        "Make sure that the guest has finished with \(isOne ? "it" : "them") first: unmount, or eject."
                    ])
            ])
    }

    /// The guest sees it go as it went, and its definition does not name what is not there.
    func surpriseRemoval(of units: [DeviceUnit], from vm: String) throws(Problem) -> Draft {
        try requireRunning(vm)
        let pulled = Set(units.flatMap(\.members)).sorted()
        return Draft(
            title: "Detach \(names(of: units)), unplugged from the host, from \(vm)",
            steps: pulled.filter { domain(vm)?.holds($0) ?? false }.map { .detach(vm: vm, device: $0) }
                + [.unplug(vm: vm, devices: pulled)])
    }

    func plug(_ devices: [DeviceKey], into vm: String) -> Step {
        .plug(vm: vm, devices: devices, guestReset: guestResets(of: devices))
    }

    func unplug(_ devices: [DeviceKey], from vm: String) -> Step {
        .unplug(vm: vm, devices: devices, guestReset: guestResets(of: devices))
    }

    private func guestReset(of device: DeviceKey) -> GuestReset? {
        inventory[device].flatMap { usage.pools.guestReset(of: $0, on: inventory.host.name) }
    }

    private func guestResets(of devices: [DeviceKey]) -> [DeviceKey: GuestReset]? {
        let pairs = devices.compactMap { device in guestReset(of: device).map { (device, $0) } }
        return pairs.isEmpty ? nil : Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    private func requireRunning(_ vm: String) throws(Problem) {
        guard let domain = domain(vm), domain.isUp else {
            throw Problem(
                .wrongState, "VM \(vm) is not running.", next: [NextStep("Start it", .startVM(vm))])
        }
    }
}
