/// Turns a wanted change into a plan, or refuses with the evidence. Pure: the same inventory gives the same plan.
package struct Planner: Sendable {
    package var inventory: Inventory
    package var usage: Usage
    /// How long a guest has to power off before it is ended.
    package var stopTimeoutSeconds = 60
    /// Risks that somebody takes for the plan; it lists those that it meets.
    package var accepted: [Allowance] = []

    package init(inventory: Inventory, usage: Usage) {
        self.inventory = inventory
        self.usage = usage
    }

    package func plan(_ change: Change, id: String) throws(Problem) -> Plan {
        let (draft, taken) = try seeing(as: change).accepting(at: risked(by: change)) { planner throws(Problem) in
            try planner.draft(change)
        }
        let risks = taken.compactMap { $0.finding(inventory.host.name) } + lostData(change, taken)
        var plan = Plan(
            id: id, host: inventory.host.name, change: change, title: draft.title, basis: inventory.digest,
            steps: draft.steps, firstHalf: draft.firstHalf, findings: risks + draft.findings, allowed: taken)
        plan.overwritable = overwritable(by: change)
        return plan
    }

    func draft(_ change: Change) throws(Problem) -> Draft {
        switch change {
        case .prepare(let units): try prepare(units)
        case .release(let units): try release(units)
        case .start(let vm, _, let units, let seat): try start(vm, with: units, on: seat)
        case .stop(let vm, _, let units, let giveBack, let force):
            try stop(vm, units: units, giveBack: giveBack, force: force)
        case .restart(let restart): try self.restart(restart)
        case .hotplug(let vm, _, let units): try hotplug(units, into: vm)
        case .hotUnplug(let vm, _, let units, let giveBack): try hotUnplug(units, from: vm, giveBack: giveBack)
        case .surpriseRemoval(let vm, _, let units): try surpriseRemoval(of: units, from: vm)
        case .reset(let vm): try reset(vm)
        case .define(let spec): try define(spec)
        case .undefine(let spec): try undefine(spec)
        case .undo(let plan, let steps): try undo(plan, steps)
        }
    }

    /// A plan without what is the same for every change.
    struct Draft {
        var title: String
        var steps: [Step]
        var firstHalf: Int?
        var findings: [Finding] = []
    }

    /// `atlas/42:00.0`
    func name(of device: DeviceKey) -> String { DeviceID(host: inventory.host.name, key: device).short }

    /// `atlas/42:00.0, atlas/43:00.0 and 6 more`
    func names(of units: [DeviceUnit]) -> String {
        let shown = units.prefix(3).map { name(of: $0.primary) }.joined(separator: ", ")
        return units.count > 3 ? "\(shown) and \(units.count - 3) more" : shown
    }

    func domain(_ name: String) -> Domain? { usage.domains.first { $0.name == name } }
}

extension Domain {
    /// It has its devices now.
    package var isUp: Bool { state.isOn }

    /// Devices of a kind can be plugged into it while it runs.
    package func takes(_ kind: DeviceKind) -> Bool {
        kind.type.canBeHotplugged && !(kind == .usb && lacksUSBController == true)
    }

    /// The running guest has it, or what is left of it after it was pulled.
    package func holds(_ device: DeviceKey) -> Bool { liveDevices.contains(device) || pulledDevices.contains(device) }
}

extension [Domain] {
    /// The running guest that still has a device which is gone from the host, where it is of a kind whose devices may be
    /// back at once.
    package func guest(ofPulled device: DeviceKey) -> String? {
        device.kind.comesAndGoes ? first { $0.holds(device) }?.name : nil
    }
}
