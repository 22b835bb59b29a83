extension Planner {
    func start(_ vm: String, with units: [DeviceUnit], on seat: GuestSeat? = nil) throws(Problem) -> Draft {
        if let domain = domain(vm), domain.isUp {
            throw Problem(
                .wrongState, "VM \(vm) is already running.", evidence: ["state \(domain.state.rawValue)"],
                next: [NextStep("To give it other devices, restart it", .restartVM(vm))])
        }
        let steps = try startSteps(.start(vm: vm, claim: nil, units: units), of: vm, on: seat)
        guard !units.isEmpty else { return Draft(title: "Start \(vm)", steps: steps) }
        return Draft(
            title: "Start \(vm) with \(names(of: units))", steps: steps,
            findings: handOverFindings(units) + alreadyDefined(units, in: vm) + [cannotMigrate(vm)])
    }

    /// What somebody else put into the definition is Patchbay's from the start on, so it goes out with the rest.
    private func alreadyDefined(_ units: [DeviceUnit], in vm: String) -> [Finding] {
        let defined = domain(vm)?.definedDevices ?? []
        return members(of: units).filter(defined.contains).map { device in
            Finding(
                "already-defined", .note, subject: "vm \(vm)",
                "\(name(of: device)) is already in the definition of \(vm). It stays there while \(vm) runs and is "
                    + "removed when \(vm) stops; Patchbay adds it again at each start.")
        }
    }

    /// What the definition has already is not put in again.
    private func startSteps(
        _ change: Change, of vm: String, on seat: GuestSeat?
    ) throws(Problem) -> [Step] {
        if let refusal = refusal(toTake: change.chosen, for: vm) { throw refusal }
        if let refusal = refusal(toStart: vm, by: change) { throw refusal }
        let devices = devices(of: change.chosen)
        let defined = domain(vm)?.definedDevices ?? []
        let missing = devices.map(\.key).filter { !defined.contains($0) }
        let plug = missing.isEmpty ? [] : [plug(missing, into: vm)]
        return handOver(change.chosen) + plug + seatSteps(vm, seat, devices) + [.startVM(vm)]
    }

    /// What it has and will have again stays on vfio-pci and in its definition. The second half is that of the host as the
    /// first one leaves it.
    func restart(_ restart: Restart) throws(Problem) -> Draft {
        let vm = restart.vm
        let first = try stop(vm, units: restart.leaving, giveBack: restart.giveBack, force: restart.force)
        var after = self
        after.inventory = inventory.after(first.steps)
        after.usage.domains = usage.domains.map { $0.name == vm ? $0.stopped(without: restart.leaving) : $0 }
        let second = try after.startSteps(.restart(restart), of: vm, on: restart.seat)
        let with = restart.units.isEmpty ? "" : " with \(names(of: restart.units))"
        return Draft(
            title: "Restart \(vm)\(with)", steps: first.steps + second, firstHalf: first.steps.count,
            findings: first.findings + after.handOverFindings(restart.units)
                + (restart.units.isEmpty ? [] : [cannotMigrate(vm)]))
    }

    /// The second half of a restart, on the host as it is after the first.
    package func startAgain(_ restart: Restart) throws(Problem) -> [Step] {
        let change = Change.restart(restart)
        return try seeing(as: change).accepting(at: risked(by: change)) { planner throws(Problem) in
            try planner.startSteps(change, of: restart.vm, on: restart.seat)
        }.answer
    }

    /// A VM that had a seat at its last start and has none now floats again.
    private func seatSteps(_ vm: String, _ seat: GuestSeat?, _ devices: [any Device]) -> [Step] {
        guard let seat else { return domain(vm)?.isSeated ?? false ? [.unseat(vm: vm)] : [] }
        guard seat.cells.count > 1 else { return [.seat(vm: vm, seat, devices: [])] }
        let functions = devices.compactMap { $0.key.pci.flatMap { inventory[$0] } }
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
        let unplug = members.isEmpty ? [] : [unplug(members, from: vm)]
        let title = isDown ? "Clean up after \(vm)" : "Stop \(vm)"
        return Draft(
            title: giveBack.isEmpty ? title : "\(title) and give back \(names(of: giveBack))",
            steps: (isDown ? [] : [stop]) + unplug + self.giveBack(giveBack),
            findings: force && !isDown ? [endedAtOnce(vm)] : [])
    }

    func endedAtOnce(_ vm: String) -> Finding {
        Finding(
            "vm-is-ended", .warning, subject: "vm \(vm)",
            "\(vm) is powered off at once without asking the guest: unsaved data is lost.",
            next: [NextStep("To let the guest shut down instead", .stopVM(vm))])
    }

    func reset(_ vm: String) throws(Problem) -> Draft {
        guard let domain = domain(vm), domain.isUp else {
            throw Problem(
                .wrongState, "VM \(vm) is off, so there is nothing to reset.",
                next: [NextStep("Start it", .startVM(vm))])
        }
        let finding = Finding(
            "guest-loses-data", .warning, subject: "vm \(vm)",
            "The guest is not asked: unsaved data is lost.",
            next: [NextStep("To let the guest shut down instead", .restartVM(vm))])
        return Draft(title: "Reset \(vm)", steps: [.resetVM(vm)], findings: [finding])
    }

    func define(_ spec: GuestSpec) throws(Problem) -> Draft {
        if let domain = domain(spec.name) {
            throw Problem(
                .alreadyExists, "\(inventory.host.name) already has a VM \(spec.name).",
                evidence: ["uuid \(domain.uuid), \(domain.state.rawValue)"], next: ["Choose another name."])
        }
        return Draft(title: "Define \(spec.name)", steps: [.defineVM(spec)])
    }

    /// A VM that the hypervisor does not know any more needs no step, so that it can still be forgotten.
    func undefine(_ spec: GuestSpec) throws(Problem) -> Draft {
        let title = "Remove \(spec.name)"
        guard let domain = domain(spec.name) else {
            let finding = Finding(
                "not-defined", .note, subject: "vm \(spec.name)", "The hypervisor has no VM \(spec.name).")
            return Draft(title: title, steps: [], findings: [finding])
        }
        if domain.isUp { throw stillRuns(domain) }
        return Draft(title: title, steps: [.undefineVM(spec)])
    }

    func stillRuns(_ domain: Domain) -> Problem {
        Problem(
            .wrongState, "VM \(domain.name) is still running.", evidence: ["state \(domain.state.rawValue)"],
            next: [NextStep("Stop it first", .stopVM(domain.name))])
    }
}

extension Domain {
    /// As it is after it was stopped and these were taken out of it.
    fileprivate func stopped(without leaving: [DeviceUnit]) -> Domain {
        var domain = self
        let gone = Set(leaving.flatMap(\.members))
        domain.state = .shutOff
        domain.liveDevices = []
        domain.definedDevices.removeAll(where: gone.contains)
        return domain
    }
}
