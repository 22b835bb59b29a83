extension Planner {
    func release(_ units: [DeviceUnit]) throws(Problem) -> Draft {
        for unit in units where !unit.members.contains(where: { usage.bindings[$0] != nil }) {
            throw notOurs(unit)
        }
        if let refusal = refusal(whenHeld: units.flatMap(\.members)) { throw refusal }
        return Draft(title: "Release \(names(of: units))", steps: giveBack(units))
    }

    /// Only what Patchbay took is given back: anything else is somebody else's.
    private func notOurs(_ unit: DeviceUnit) -> Problem {
        let members = devices(of: [unit])
        let evidence = members.isEmpty ? ["\(unit.primary) is not in the inventory"] : members.map(\.driverWords)
        guard members.contains(where: \.isTakenByStranger) else {
            return Problem(
                .wrongState, "Device \(name(of: unit.primary)) is not prepared: there is nothing to release.",
                evidence: evidence, next: [NextStep("See its state", .showDevice(name(of: unit.primary)))])
        }
        return Problem(
            .foreignBinding, "Device \(name(of: unit.primary)) was not bound to vfio-pci by Patchbay.",
            evidence: evidence,
            next: ["Unbind it with the tool that bound it: driverctl, a kernel parameter, or another program."])
    }

    /// For every member that Patchbay took: back to the drivers it had. Others are left as they are.
    func giveBack(_ units: [DeviceUnit]) -> [Step] {
        let strangers = Strangers(inventory, usage).recognitions
        return devices(of: units).flatMap { device in
            guard let binding = usage.bindings[device.key] else { return [Step]() }
            // Another device is there: what was done to the one that was taken went with it.
            guard strangers[device.key] == nil else { return device.forgettingSteps }
            return device.giveBackSteps(to: binding.kept)
        }
    }
}
