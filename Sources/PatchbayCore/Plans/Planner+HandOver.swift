extension Planner {
    func prepare(_ units: [DeviceUnit]) throws(Problem) -> Draft {
        if let refusal = refusal(toTake: units, for: nil) { throw refusal }
        return Draft(
            title: "Prepare \(names(of: units))", steps: handOver(functions(of: units)),
            findings: handOverFindings(units))
    }

    /// All members of all units, each once, by address.
    func functions(of units: [DeviceUnit]) -> [PCIFunction] {
        Set(units.flatMap(\.members)).sorted().compactMap { inventory[$0] }
    }

    /// Riskiest first: what fails, fails before anything else was touched.
    func handOver(_ functions: [PCIFunction]) -> [Step] {
        let steps = functions.filter { !$0.isOnVFIO }
            .sorted { ($0.handOverRisk, $0.address) < ($1.handOverRisk, $1.address) }
            .flatMap { $0.handOverSteps }
        return steps.isEmpty || inventory.readiness.vfioLoaded ? steps : [.loadModule(PCIFunction.vfioDriver)] + steps
    }
}

extension PCIFunction {
    /// Unbind, override, probe: undone one by one in reverse, that order works.
    ///
    /// An override that names another driver than the one that is bound would make the way back end at that other
    /// driver, so it is set to the bound one before anything else, and the way back sets it last.
    fileprivate var handOverSteps: [Step] {
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
    fileprivate var handOverRisk: Int {
        guard driver != nil else { return 3 }
        if deviceClass.isDisplay { return 0 }
        return deviceClass.isStorage || deviceClass.isNetwork ? 1 : 2
    }
}
