extension Planner {
    func release(_ units: [DeviceUnit]) throws(Problem) -> Draft {
        for unit in units where !unit.members.contains(where: { usage.bindings[$0] != nil }) {
            throw notOurs(unit)
        }
        if let refusal = refusal(whenHeld: units.flatMap(\.members)) { throw refusal }
        return Draft(title: "Release \(names(of: units))", steps: giveBack(units))
    }

    /// Only what Patchbay took is given back: anything else on vfio-pci is somebody else's.
    private func notOurs(_ unit: DeviceUnit) -> Problem {
        let drivers = functions(of: [unit]).map { "\($0.address) is on \($0.driver ?? "no driver")" }
        let evidence = drivers.isEmpty ? ["\(unit.primary) is not in the inventory"] : drivers
        guard functions(of: [unit]).contains(where: \.isOnVFIO) else {
            return Problem(
                .wrongState, "Device \(name(of: unit.primary)) is not prepared: there is nothing to give back.",
                evidence: evidence, next: ["See how it is:  patchbay device show \(name(of: unit.primary))"])
        }
        return Problem(
            .foreignBinding, "Device \(name(of: unit.primary)) was bound to vfio-pci by somebody else.",
            evidence: evidence,
            next: ["Give it back with what bound it: driverctl, a kernel parameter, or another tool."])
    }

    /// For every member that Patchbay took: back to the driver and the override it had. Others are left as they are.
    func giveBack(_ units: [DeviceUnit]) -> [Step] {
        let strangers = Strangers(inventory, usage).recognitions
        return functions(of: units).flatMap { function in
            guard let binding = usage.bindings[function.key] else { return [Step]() }
            // Another device has the address: what was done to the one that was bound went with it. Its override is
            // written as it is, so that the binding ends like any other.
            guard strangers[function.key] == nil else {
                return [.setOverride(function.address, from: function.driverOverride, to: function.driverOverride)]
            }
            return function.giveBackSteps(to: binding)
        }
    }
}

extension PCIFunction {
    /// Unbind, clear the override, probe. What is there already is left out.
    fileprivate func giveBackSteps(to binding: Binding) -> [Step] {
        if let driver, !isOnVFIO {
            guard driverOverride == Self.vfioDriver, driver == binding.originalDriver else { return [] }
            return overrideStep(from: driverOverride, to: binding.originalOverride)
        }
        let unbind = driver.map { [Step.unbind(address, from: $0)] } ?? []
        guard let original = binding.originalDriver else {
            return unbind + overrideStep(from: driverOverride, to: binding.originalOverride)
        }
        // An override that names another driver than the one it had would keep that one from binding.
        let isInTheWay = binding.originalOverride.map { $0 != original } ?? false
        let meanwhile = isInTheWay ? original : binding.originalOverride
        return unbind + overrideStep(from: driverOverride, to: meanwhile) + [.probe(address, to: original)]
            + overrideStep(from: meanwhile, to: binding.originalOverride)
    }

    private func overrideStep(from old: String?, to new: String?) -> [Step] {
        old == new ? [] : [.setOverride(address, from: old, to: new)]
    }
}
