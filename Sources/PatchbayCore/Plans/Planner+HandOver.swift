extension Planner {
    func prepare(_ units: [DeviceUnit]) throws(Problem) -> Draft {
        if let refusal = refusal(toTake: units, for: nil) { throw refusal }
        return Draft(
            title: "Prepare \(names(of: units))", steps: handOver(units),
            findings: handOverFindings(units))
    }

    /// All members of all units, each once, in order; those that are not there are not among them.
    func members(of units: [DeviceUnit]) -> [DeviceKey] { devices(of: units).map(\.key) }

    func devices(of units: [DeviceUnit]) -> [any Device] {
        Set(units.flatMap(\.members)).sorted().compactMap { inventory[$0] }
    }

    /// Riskiest first: what fails, fails before anything else was touched.
    func handOver(_ units: [DeviceUnit]) -> [Step] {
        let waiting = devices(of: units).filter { !$0.isHandedOver }
            .sorted { ($0.handOverRisk, $0.key) < ($1.handOverRisk, $1.key) }
        let kinds = DeviceKind.allCases.filter { kind in waiting.contains { $0.key.kind == kind } }
        return kinds.flatMap { $0.type.preparation(of: inventory) } + waiting.flatMap(\.handOverSteps)
    }
}
