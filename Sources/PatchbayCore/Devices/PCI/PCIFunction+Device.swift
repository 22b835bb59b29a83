extension PCIFunction: Device {
    package static var kind: DeviceKind { .pci }

    package var key: DeviceKey { .pci(address) }

    package var isNeverLent: Bool { isBridge }

    /// An NVMe disk (class code 0108).
    package var isDisk: Bool { deviceClass.baseAndSub == 0x0108 }

    /// A storage controller, a USB controller, a reader of memory cards (class code 08, 05).
    package var carriesDisks: Bool {
        deviceClass.isStorage || isUSBController || deviceClass.baseAndSub == 0x0805
    }

    package var keepsData: Bool { deviceClass.isStorage }

    package func facts(on host: String) -> PCIFacts { PCIFacts(pci: self, host: host) }

    /// By address and ids, so that another card in the same slot is not taken for it.
    package var ownConditions: [Condition] {
        [Condition(naming: key), Condition(.id, .equal, id.description)]
    }

    /// Its class where no rule says one, and whether it can be what is said.
    package func completing(_ tags: DeviceTags) -> DeviceTags { tags.completed(for: self) }

    package func identity(in inventory: Inventory) -> DeviceIdentity { .pci(inventory.identity(of: self)) }

    package func staysWithHost(in inventory: Inventory) -> Bool { inventory.staysWithHost(self) }

    package var resource: UnitResource { iommuGroup.map(UnitResource.group) ?? .device(key) }

    /// Itself, its companions, and the members of its IOMMU group that stay. A function without a group stands alone.
    package func unit(in inventory: Inventory) -> DeviceUnit {
        guard let id = iommuGroup, let group = inventory.group(id) else {
            return DeviceUnit(primary: key, companions: [], bridges: [])
        }
        var (companions, staying): ([PCIAddress], [PCIAddress]) = ([], [])
        for other in group.members where other != address {
            if let mate = inventory[other], inventory.staysWithHost(mate) {
                staying.append(other)
            } else {
                companions.append(other)
            }
        }
        return DeviceUnit(primary: key, companions: companions.sorted().map(\.key), bridges: staying.sorted())
    }

    package func rivals(in inventory: Inventory) -> [DeviceKey] {
        isUSBController ? inventory.usbDevices(on: address).map(\.key) : []
    }

    package func obstacle(in inventory: Inventory, knowing index: HostIndex) -> Obstacle? {
        if isBridge { return .bridge(address) }
        if let use = inventory.mostSevereUse(of: key) { return .hostUse(key, use) }
        if let silence { return .silent(address, silence) }
        let readiness = inventory.readiness
        guard readiness.iommu == .active else { return .noIOMMU(readiness.iommu) }
        guard !inventory.refusesUnremappedInterrupts else { return .noInterruptRemapping }
        guard let id = iommuGroup else { return .noGroup(address) }
        guard let group = index.groups[id], group.unread == nil else { return .unreadGroup(id) }
        if let region = inventory.group(id)?.reservedRegions?.first(where: { $0.kind == .direct }) {
            return .reservedMemory(id, region)
        }
        guard readiness.vfioLoaded || readiness.vfioAvailable != false else { return .noVFIO }
        if let (mate, use) = group.critical ?? group.inUse ?? group.unproven ?? group.atRisk {
            return .mateUse(mate: mate, id, use)
        }
        if let (mate, silence) = group.silent { return .silent(mate, silence) }
        if let parent = group.parent { return .virtualFunctions(of: parent) }
        if let (device, mate, hold) = group.carried { return .rivalHeld(device, of: mate.key, by: hold.owner) }
        guard let (holder, hold) = group.held else { return nil }
        return holder == address
            ? .defined(key, vm: hold.owner.name) : .mateHeld(mate: holder, id, by: hold.owner)
    }

    package func topology(in inventory: Inventory) -> DeviceTopology {
        let family: StockUnit.Family? =
            switch role {
            case .plain: nil
            case .physical: .physical(address)
            case .virtual(let parent, _): .virtual(parent)
            }
        return DeviceTopology(
            node: numaNode, family: family, card: String((family?.parent ?? address).description.dropLast(2)),
            ports: topologyPath.split(separator: "/").dropLast().map(String.init))
    }
}

extension PCIFunction {
    /// Class code 0c, 03.
    package var isUSBController: Bool { deviceClass.baseAndSub == 0x0c03 }
}

/// Unbind, override, probe: undone one by one in reverse, that order works.
extension PCIFunction {
    package var hasDriver: Bool { driver != nil }

    package var isHandedOver: Bool { isOnVFIO }

    package static func preparation(of inventory: Inventory) -> [Step] {
        inventory.readiness.vfioLoaded ? [] : [.loadModule(vfioDriver)]
    }

    /// An override that names another driver than the one that is bound would make the way back end at that other
    /// driver, so it is set to the bound one before anything else, and the way back sets it last.
    package var handOverSteps: [Step] {
        guard !isOnVFIO else { return [] }
        var steps: [Step] = []
        var override = driverOverride
        if let driver {
            if let old = override, old != driver {
                steps.append(.setOverride(address, from: old, to: driver))
                override = driver
            }
            steps.append(.unbind(address, from: driver))
        }
        if override != Self.vfioDriver { steps.append(.setOverride(address, from: override, to: Self.vfioDriver)) }
        return steps + [.probe(address, to: Self.vfioDriver)]
    }

    /// Display drivers can take for ever to let go; what has no driver has nothing to let go.
    package var handOverRisk: Int {
        guard driver != nil else { return 3 }
        if deviceClass.isDisplay { return 0 }
        return deviceClass.isStorage || deviceClass.isNetwork ? 1 : 2
    }

    package var drivers: Binding.Kind { .pci(driver: driver, override: driverOverride) }

    /// Unbind, clear the override, probe.
    package func giveBackSteps(to kept: Binding.Kind) -> [Step] {
        guard case .pci(let original, let originalOverride) = kept else { return [] }
        if let driver, !isOnVFIO {
            guard driverOverride == Self.vfioDriver, driver == original else { return [] }
            return overrideStep(from: driverOverride, to: originalOverride)
        }
        let unbind = driver.map { [Step.unbind(address, from: $0)] } ?? []
        guard let original else { return unbind + overrideStep(from: driverOverride, to: originalOverride) }
        // An override that names another driver than the one it had would keep that one from binding.
        let isInTheWay = originalOverride.map { $0 != original } ?? false
        let meanwhile = isInTheWay ? original : originalOverride
        return unbind + overrideStep(from: driverOverride, to: meanwhile) + [.probe(address, to: original)]
            + overrideStep(from: meanwhile, to: originalOverride)
    }

    /// Its override is written as it is.
    package var forgettingSteps: [Step] { [.setOverride(address, from: driverOverride, to: driverOverride)] }

    package var isTaken: Bool { isOnVFIO || driverOverride == Self.vfioDriver }

    package var isTakenByStranger: Bool { isOnVFIO }

    package var driverWords: String { "\(address) is on \(driver ?? "no driver")" }

    private func overrideStep(from old: String?, to new: String?) -> [Step] {
        old == new ? [] : [.setOverride(address, from: old, to: new)]
    }
}

extension PCIFunction {
    /// A guest needs a free port for it, and one that listens: at its next start it has both.
    package static var canBeHotplugged: Bool { false }

    package func handOverFindings(in inventory: Inventory) -> [Finding] {
        [leavesHost(inventory), notCleanable(inventory)].compactMap(\.self)
    }

    private func leavesHost(_ inventory: Inventory) -> Finding? {
        guard let driver, !isOnVFIO else { return nil }
        let carried = nodes + carriedByUSB(inventory)
        let device = DeviceID(host: inventory.host.name, key: key)
        let with = carried.isEmpty ? "" : " with \(carried.joined(separator: ", "))"
        return Finding(
            "leaves-host", .warning, subject: device.description,
            "\(device.short) leaves the host\(with) while it is lent: the \(driver) driver lets go of it."
                + " No reboot is needed.",
            next: ["Make sure that nothing on \(inventory.host.name) uses it."])
    }

    /// What hangs on a USB controller: by the kernel's names, or what it is called where none stands on it.
    private func carriedByUSB(_ inventory: Inventory) -> [String] {
        guard isUSBController else { return [] }
        return inventory.usbDevices(on: address).flatMap { $0.nodes.isEmpty ? [$0.name] : $0.nodes }
            .filter { !nodes.contains($0) }
    }

    private func notCleanable(_ inventory: Inventory) -> Finding? {
        guard resetMethods?.isEmpty == true else { return nil }
        let device = DeviceID(host: inventory.host.name, key: key)
        return Finding(
            "not-cleanable", .warning, subject: device.description,
            "\(device.short) cannot be reset: the next guest finds what the previous one left in it.",
            next: ["Lend it to one VM only, or reboot the host between guests."])
    }
}
