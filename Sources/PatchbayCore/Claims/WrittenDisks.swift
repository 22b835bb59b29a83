/// What lies on a disk that a VM had was written by its guest: no risk to that VM, and data at risk for everybody else.
extension Usage {
    /// The VM has had the disk at that address, and what lies on it is its own. Of a controller only the controller is known,
    /// and any disk may have been plugged into it since.
    package func hasWritten(_ vm: String, on device: DeviceKey, in inventory: Inventory) -> Bool {
        guard let known = written[vm], !known.isEmpty, let disk = inventory[device], disk.isDisk else { return false }
        let identity = disk.identity(in: inventory)
        return known.contains { $0.isSameDisk(as: identity) }
    }
}

extension PCIIdentity {
    /// By its serials, or where neither or only one has any, by its place and model.
    func isSameDisk(as other: PCIIdentity) -> Bool {
        switch agreement(with: other) {
        case .same: isSamePart(as: other)
        case .different: false
        case .unknown: !topologyPath.isEmpty && topologyPath == other.topologyPath && isOfSameModel(as: other)
        }
    }
}

extension Inventory {
    /// As one VM sees it: what it wrote itself is not at risk. nil: nobody in particular looks.
    func withoutData(of vm: String?, _ usage: Usage) -> Inventory {
        guard let vm, usage.written[vm]?.isEmpty == false else { return self }
        let holding = hostUses.filter { $0.value.contains(where: \.mayBeOfGuest) }.keys
        var inventory = self
        inventory.forgetData(on: holding.filter { usage.hasWritten(vm, on: $0, in: self) })
        return inventory
    }

    /// As if no guest had left anything on these devices.
    package mutating func forgetData(on devices: some Sequence<DeviceKey>) {
        for device in devices {
            guard let uses = hostUses[device], uses.contains(where: \.mayBeOfGuest) else { continue }
            let others = uses.filter { !$0.mayBeOfGuest }
            hostUses[device] = others.isEmpty ? nil : others
        }
    }
}

extension HostUse {
    /// What a guest that had the disk may have put there: data, and partitions that firmware could start from.
    package var mayBeOfGuest: Bool {
        reason == .storedData && severity == .dataAtRisk
            || reason == .bootPartition && (severity == .inUse || severity == .unknown)
    }

    /// The host has its own data there.
    package var isStorageInUse: Bool {
        guard severity >= .inUse, !mayBeOfGuest else { return false }
        switch reason {
        case .mount, .swap, .hibernation, .crashDump, .bootPartition, .vmDisk: return true
        // The host activates a guest's volumes by itself when it gets the disk back, and writes nothing of its own there.
        case .volume: return !["dm-", "md"].contains { chain.first?.hasPrefix($0) ?? false }
        case .bootDevice, .defaultRoute, .bootDisplay, .bridge, .chipset, .virtualFunctions, .storedData, .route,
            .networkMember, .listener, .console, .management, .usb, .childDomain, .holder, .mediatedDevices, .memory,
            .accelerator,
            .otherNamespace, .userSpace, .networkBoot:
            return false
        }
    }
}

extension Planner {
    /// Devices of which the plan may lose the data without asking: what the VM wrote itself, and what is given back and may
    /// have to be taken again.
    func overwritable(by change: Change) -> [DeviceKey] {
        switch change {
        case .start(let vm, _, let units, _), .hotplug(let vm, _, let units): return written(by: vm, in: units)
        case .stop(_, _, let units, let giveBack, _): return members(units + giveBack)
        case .restart(let restart):
            return Set(members(restart.leaving + restart.giveBack) + written(by: restart.vm, in: restart.units))
                .sorted()
        case .release(let units): return members(units)
        case .hotUnplug(_, _, let units, let giveBack): return members(units + giveBack)
        case .prepare, .surpriseRemoval, .reset, .define, .undefine, .undo: return []
        }
    }

    private func members(_ units: [DeviceUnit]) -> [DeviceKey] {
        Set(units.flatMap(\.members)).sorted().filter { inventory[$0]?.carriesDisks ?? false }
    }

    private func written(by vm: String, in units: [DeviceUnit]) -> [DeviceKey] {
        members(units).filter { usage.hasWritten(vm, on: $0, in: inventory) }
    }

    /// As the VM sees the host that the change is for.
    func seeing(as change: Change) -> Planner {
        var planner = self
        switch change {
        case .start(let vm, _, _, _), .hotplug(let vm, _, _):
            planner.inventory = inventory.withoutData(of: vm, usage)
        case .restart(let restart): planner.inventory = inventory.withoutData(of: restart.vm, usage)
        case .prepare, .release, .stop, .hotUnplug, .surpriseRemoval, .reset, .define, .undefine, .undo: break
        }
        return planner
    }

    /// What is lost where somebody allowed it, device by device.
    func lostData(_ change: Change, _ taken: [Allowance]) -> [Finding] {
        guard taken.contains(where: { $0.code == .dataAtRisk }) else { return [] }
        let uses = seeing(as: change).inventory.hostUses
        return members(of: change.chosen).flatMap { device in
            let id = DeviceID(host: inventory.host.name, key: device)
            return (uses[device] ?? []).filter { $0.severity == .dataAtRisk }.map { use in
                Finding(
                    "data-at-risk", .warning, subject: id.description,
                    "\(id.short) holds data that a guest can overwrite (\(use.sentence)).",
                    next: ["Copy what you want to keep before a guest gets it."])
            }
        }
    }
}
