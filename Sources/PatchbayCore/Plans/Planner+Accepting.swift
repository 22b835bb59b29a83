/// Refusals that a person overrides for one plan. Whether they may is `ProblemCode.permission`; whether the plan meets the
/// risk is what the refusal says, so nothing is accepted that would not have been refused.
extension Planner {
    /// Asks, and where the answer is a risk that is accepted, asks again as if it were none. Any other refusal stands.
    ///
    /// - Parameter devices: the devices that somebody chose. What only goes along with one is never accepted.
    /// - Returns: the risks that were met.
    func accepting<Answer>(
        at devices: [DeviceKey], _ ask: (Planner) throws(Problem) -> Answer
    ) throws(Problem) -> (answer: Answer, taken: [Allowance]) {
        var planner = self
        var taken: [Allowance] = []
        while true {
            do throws(Problem) { return (try ask(planner), taken) } catch {
                guard let allowance = accepted.first(where: { $0.code == error.code }), !taken.contains(allowance)
                else {
                    throw error
                }
                try allowance.check()
                planner.inventory.accept(allowance.code, at: devices)
                taken.append(allowance)
            }
        }
    }
}

extension Inventory {
    /// As if the host did not need these devices for what makes refusals of that code. Data is given up for all that goes
    /// along, as the plan lists it; every other risk for the chosen device alone.
    package mutating func accept(_ code: ProblemCode, at devices: some Sequence<DeviceKey>) {
        for device in devices {
            let members = code == .dataAtRisk ? unit(of: device)?.members ?? [device] : [device]
            for member in members { hostUses[member]?.removeAll { $0.code == code } }
        }
    }

    /// For devices that somebody had a moment ago.
    mutating func acceptAllRisks(at devices: [DeviceKey]) {
        for code in ProblemCode.allowed { accept(code, at: devices) }
    }

    /// Devices that would be refused with that code.
    package func devices(refusedWith code: ProblemCode) -> [DeviceKey] {
        hostUses.filter { $0.value.contains { $0.code == code } }.keys.sorted()
    }
}

extension Change {
    /// The devices that it takes from the host, without what only goes along with them.
    package var chosen: [DeviceUnit] {
        switch self {
        case .prepare(let units), .start(_, _, let units, _): units
        case .restart(let restart): restart.units
        case .hotplug(_, _, let units): units
        case .release, .stop, .hotUnplug, .surpriseRemoval, .reset, .define, .undefine, .undo: []
        }
    }

    /// Units that end with the drivers they had.
    package var givenBack: [DeviceUnit] {
        switch self {
        case .release(let units), .stop(_, _, _, let units, _), .hotUnplug(_, _, _, let units): units
        case .restart(let restart): restart.giveBack
        case .prepare, .start, .hotplug, .surpriseRemoval, .reset, .define, .undefine, .undo: []
        }
    }

    /// Their primaries; what is taken back takes whatever its steps gave back.
    var taken: [DeviceKey] {
        if case .undo(_, let steps) = self { return steps.compactMap(\.device) }
        return chosen.map(\.primary)
    }

    /// The VM that is to have what it takes; nil: nobody yet.
    var vm: String? {
        switch self {
        case .start(let vm, _, _, _), .hotplug(let vm, _, _): vm
        case .restart(let restart): restart.vm
        case .prepare, .release, .stop, .hotUnplug, .surpriseRemoval, .reset, .define, .undefine, .undo: nil
        }
    }
}
