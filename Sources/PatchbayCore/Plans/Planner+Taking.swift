/// Whether devices may be taken is one question, and this is where it is answered: for the planner, for the server when it
/// hands a plan out, and for the agent right before each write, each with the facts that it has by then.
extension Planner {
    /// Why these units must not be taken, whoever asks; nil: they may be.
    ///
    /// - Parameter vm: who is to have them, so that what it has or names already is in nobody's way; nil: nobody yet.
    package func refusal(toTake units: [DeviceUnit], for vm: String?) -> Problem? {
        for unit in units { if let refusal = refusal(for: unit) { return refusal } }
        let devices = devices(of: units)
        if let refusal = refusal(whenCarried: devices) { return refusal }
        if let vm { return refusal(whenHeld: devices.map(\.key), except: [vm], definitionsCount: true) }
        // A VM that has a device which a driver of the host works with has a plan under way for it.
        return refusal(whenHeld: devices.filter { !$0.isHandedOver }.map(\.key))
    }

    /// Somebody has what a device is plugged into, or what is plugged into it. A VM cannot have both either.
    private func refusal(whenCarried devices: [any Device]) -> Problem? {
        let holders = Holders(usage)
        for device in devices {
            for rival in device.rivals(in: inventory) {
                guard let hold = holders[rival] else { continue }
                let unit = DeviceUnit(primary: device.key, companions: [], bridges: [])
                return Obstacle.rivalHeld(rival, of: device.key, by: hold.owner)
                    .problem(handingOver: unit, in: inventory)
            }
        }
        return nil
    }

    /// Asked when a plan is handed out that waited: whether all that it takes may still be taken, with the risks that were
    /// taken for it. Throws the refusal.
    package func requireMayTake(_ change: Change) throws(Problem) {
        for allowance in accepted { try allowance.check() }
        _ = try seeing(as: change).accepting(at: risked(by: change)) { planner throws(Problem) in
            switch change {
            case .prepare(let units):
                for unit in units { if let refusal = planner.refusal(for: unit) { throw refusal } }
                // Whoever has claimed one since waits for this plan.
                var unclaimed = planner
                unclaimed.usage.allocations = [:]
                if let refusal = unclaimed.refusal(toTake: units, for: nil) { throw refusal }
            case .start, .restart, .hotplug:
                if let refusal = planner.refusal(toTake: change.chosen, for: change.vm) { throw refusal }
                for vm in change.startedVMs {
                    if let refusal = planner.refusal(toStart: vm, by: change) { throw refusal }
                }
            case .undo: _ = try planner.draft(change)
            case .release, .stop, .hotUnplug, .surpriseRemoval, .reset, .define, .undefine: return
            }
        }
    }

    /// Asked right before a step is performed, on the host as it was just read: whether it may take what it takes, with the
    /// risks that were taken for its plan. Throws the refusal.
    ///
    /// What the plan's own earlier steps have made is in nobody's way: a function without a driver or on vfio-pci is used by
    /// nobody, and what its driver had open went with the driver. What it gives back and has to take again was lent a moment
    /// ago, with the risks that a person may take.
    package func requireMayPerform(_ step: Step, of plan: Plan) throws(Problem) {
        var planner = self
        planner.inventory.forgetUnseen(on: plan.functionsBound(before: step))
        planner.accepted = plan.allowed
        planner.inventory.forgetData(on: plan.overwritable)
        planner.inventory.acceptAllRisks(at: plan.change.givenBack.flatMap(\.members))
        if let device = step.returnedDevice { try requireNobodyHas(device) }
        for allowance in planner.accepted { try allowance.check() }
        let units = planner.inventory.units(of: plan.devices(takenBy: step), as: plan.change.chosen)
        _ = try planner.accepting(at: risked(by: plan.change)) { planner throws(Problem) in
            if !units.isEmpty, let refusal = planner.refusal(toTake: units, for: step.vm) { throw refusal }
            if case .startVM(let vm) = step, let refusal = planner.refusal(toStart: vm, by: plan.change) {
                throw refusal
            }
        }
    }
}

extension Planner {
    /// The kernel waits in an unbind from vfio-pci until whoever has the device open lets go. Nothing else stops what is given
    /// back.
    private func requireNobodyHas(_ device: DeviceKey) throws(Problem) {
        let uses = (inventory.hostUses[device] ?? []).filter { $0.reason == .holder && $0.severity == .inUse }
        guard let first = uses.first else { return }
        let holder = first.chain.first ?? "a program"
        throw Problem(
            .inUse, "Device \(name(of: device)) stays on vfio-pci: \(holder) has it open.",
            evidence: uses.map(\.sentence), next: ["Stop \(holder), then repeat the command."])
    }
}

/// What the definition of a VM names beside what Patchbay puts in: where it says so (`managed='yes'`), libvirt takes it from
/// the driver it has when the VM starts.
extension Planner {
    /// Why what the VM's own definition names must not be taken at its start; nil: nothing of it stands in the way.
    ///
    /// What is on vfio-pci needs no taking. Whoever wrote the definition gave the VM what lies on those devices. Where another
    /// VM that is off names one as well, whichever starts first has it. A VM that a plan stops had them a moment ago, so what a
    /// person may risk is risked already.
    func refusal(toStart vm: String, by change: Change) -> Problem? {
        let chosen = Set(change.chosen.flatMap(\.members))
        let named = takenByDefinition(of: vm).filter { !chosen.contains($0) }
        guard !named.isEmpty else { return nil }
        var planner = self
        planner.inventory.forgetData(on: named)
        if change.stopsFirst { planner.inventory.acceptAllRisks(at: named) }
        let refusals = planner.inventory.units(of: named, as: []).lazy.compactMap { planner.refusal(for: $0) }
        guard var refusal = refusals.first ?? planner.refusal(whenHeld: named, except: [vm]) else { return nil }
        refusal.evidence += named.map { "\($0) is in the definition of VM \(vm), which takes it when it starts" }
        return refusal
    }

    /// The devices that somebody chose for a change, by its request or in the definitions of the VMs that it starts.
    func risked(by change: Change) -> [DeviceKey] { change.taken + change.startedVMs.flatMap(takenByDefinition) }

    private func takenByDefinition(of vm: String) -> [DeviceKey] {
        (domain(vm)?.definedDevices ?? []).filter { inventory[$0]?.isHandedOver == false }
    }
}

extension Change {
    fileprivate var stopsFirst: Bool {
        switch self {
        case .stop, .restart: true
        case .prepare, .release, .start, .hotplug, .hotUnplug, .surpriseRemoval, .reset, .define, .undefine, .undo:
            false
        }
    }

    fileprivate var startedVMs: [String] {
        if case .hotplug = self { return [] }
        guard case .undo(_, let steps) = self else { return vm.map { [$0] } ?? [] }
        return steps.compactMap { if case .stopVM(let vm, _, _) = $0 { vm } else { nil } }
    }
}

extension Plan {
    /// The devices that a step takes from the host, or puts into a VM; empty: it takes none, or gives them back. What the
    /// definition of a VM names itself is not among them.
    package func devices(takenBy step: Step) -> [DeviceKey] {
        switch step {
        case .unbind, .setOverride, .probe, .unbindInterface, .bindInterface: step.takenDevice.map { [$0] } ?? []
        case .plug(_, let devices, _): devices
        case .attach(_, let device, _): [device]
        case .startVM(let vm): Set(change.chosen.flatMap(\.members) + devicesPlugged(into: vm)).sorted()
        case .loadModule, .defineVM, .undefineVM, .unplug, .detach, .seat, .unseat, .resetVM, .stopVM: []
        }
    }

    /// What had no driver until the plan, before it comes to a step, bound it.
    fileprivate func functionsBound(before step: Step) -> Set<PCIAddress> {
        let earlier = steps.prefix { $0 != step }
        var bound = Set(earlier.compactMap(\.takenDevice?.pci))
        for case .unbind(let address, _) in earlier { bound.remove(address) }
        return bound
    }

    private func devicesPlugged(into vm: String) -> [DeviceKey] {
        steps.flatMap { step -> [DeviceKey] in
            if case .plug(vm, let devices, _) = step { devices } else { [] }
        }
    }
}

extension Step {
    /// The device that this write takes from the host; nil: it takes none, or gives one back.
    var takenDevice: DeviceKey? {
        switch self {
        case .unbind(let address, let driver): PCIFunction.isVFIO(driver) ? nil : address.key
        case .setOverride(let address, _, let driver?), .probe(let address, let driver?):
            PCIFunction.isVFIO(driver) ? address.key : nil
        case .unbindInterface(let interface, _): .usb(interface.device)
        case .setOverride(_, _, nil), .probe(_, nil), .bindInterface: nil
        case .loadModule, .defineVM, .undefineVM, .plug, .unplug, .attach, .detach, .seat, .unseat, .startVM, .resetVM,
            .stopVM:
            nil
        }
    }
}

extension Step {
    /// The device that this write takes from vfio-pci; nil: it takes none.
    package var returnedDevice: DeviceKey? {
        guard case .unbind(let address, let driver) = self, PCIFunction.isVFIO(driver) else { return nil }
        return address.key
    }
}

extension Inventory {
    /// The units of devices, each once: as they were chosen, and those of the others as they are now.
    package func units(of devices: [DeviceKey], as chosen: [DeviceUnit]) -> [DeviceUnit] {
        var units: [DeviceUnit] = []
        for device in devices where !units.contains(where: { $0.members.contains(device) }) {
            units.append(
                chosen.first { $0.members.contains(device) } ?? unit(of: device)
                    ?? DeviceUnit(primary: device, companions: [], bridges: []))
        }
        return units
    }

    /// Everything that decides whether units may be taken: their members and the mates of those that are no bridges.
    package func devices(deciding units: [DeviceUnit]) -> Set<DeviceKey> {
        var devices = Set(units.flatMap(\.members))
        for case .pci(let address) in devices {
            guard let group = self[address]?.iommuGroup.flatMap({ self.group($0) }) else { continue }
            devices.formUnion(group.members.lazy.filter { self[$0]?.isBridge != true }.map(\.key))
        }
        return devices
    }
}
