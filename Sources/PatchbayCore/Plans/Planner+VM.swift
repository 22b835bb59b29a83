extension Planner {
    func start(_ vm: String, with units: [DeviceUnit], on seat: GuestSeat? = nil) throws(Problem) -> Draft {
        if let domain = domain(vm), domain.isUp {
            throw Problem(
                .wrongState, "VM \(vm) runs already.", evidence: ["state \(domain.state.rawValue)"],
                next: ["Restart it to give it other devices:  patchbay vm restart \(vm)"])
        }
        for unit in units { if let refusal = refusal(for: unit) { throw refusal } }
        let functions = functions(of: units)
        let addresses = functions.map(\.address)
        if let refusal = refusal(whenHeld: addresses, except: [vm], definitionsCount: true) { throw refusal }
        let last = seatSteps(vm, seat, functions) + [.startVM(vm)]
        guard !units.isEmpty else { return Draft(title: "Start \(vm)", steps: last) }
        return Draft(
            title: "Start \(vm) with \(names(of: units))",
            steps: handOver(functions) + [.plug(vm: vm, devices: addresses)] + last,
            findings: handOverFindings(units) + [cannotMigrate(vm)])
    }

    /// A VM that had a seat at its last start and has none now floats again.
    private func seatSteps(_ vm: String, _ seat: GuestSeat?, _ functions: [PCIFunction]) -> [Step] {
        guard let seat else { return domain(vm)?.isSeated ?? false ? [.unseat(vm: vm)] : [] }
        guard seat.cells.count > 1 else { return [.seat(vm: vm, seat, devices: [])] }
        let near = seat.cells.map { cell in functions.filter { $0.numaNode == cell.node }.map(\.address) }
        return [.seat(vm: vm, seat, devices: near)]
    }

    func stop(
        _ vm: String, units: [DeviceUnit], giveBack: [DeviceUnit], force: Bool
    ) throws(Problem) -> Draft {
        if let refusal = refusal(whenHeld: giveBack.flatMap(\.members), except: [vm]) { throw refusal }
        let isDown = domain(vm).map { !$0.isUp } ?? false
        let stop = Step.stopVM(vm, timeoutSeconds: force ? 0 : stopTimeoutSeconds, force: force)
        let members = Set(units.flatMap(\.members)).sorted()
        let unplug = members.isEmpty ? [] : [Step.unplug(vm: vm, devices: members)]
        let title = isDown ? "Clean up after \(vm)" : "Stop \(vm)"
        return Draft(
            title: giveBack.isEmpty ? title : "\(title) and give back \(names(of: giveBack))",
            steps: (isDown ? [] : [stop]) + unplug + self.giveBack(giveBack))
    }

    func define(_ spec: GuestSpec) throws(Problem) -> Draft {
        if let domain = domain(spec.name) {
            throw Problem(
                .alreadyExists, "There is a VM \(spec.name) on \(inventory.host.name) already.",
                evidence: ["uuid \(domain.uuid), \(domain.state.rawValue)"], next: ["Choose another name."])
        }
        return Draft(title: "Define \(spec.name)", steps: [.defineVM(spec)])
    }

    /// A VM that the hypervisor does not know any more needs no step, so that it can still be forgotten.
    func undefine(_ spec: GuestSpec) throws(Problem) -> Draft {
        let title = "Remove \(spec.name)"
        guard let domain = domain(spec.name) else {
            let finding = Finding(
                "not-defined", .note, subject: "vm \(spec.name)", "The hypervisor does not know \(spec.name).")
            return Draft(title: title, steps: [], findings: [finding])
        }
        if domain.isUp { throw stillRuns(domain) }
        return Draft(title: title, steps: [.undefineVM(spec)])
    }

    func stillRuns(_ domain: Domain) -> Problem {
        Problem(
            .wrongState, "VM \(domain.name) still runs.", evidence: ["state \(domain.state.rawValue)"],
            next: ["Stop it first:  patchbay vm stop \(domain.name)"])
    }
}
