extension Planner {
    /// The way back of every step that was done, in reverse. The present must be what those steps left.
    func undo(_ plan: String, _ steps: [Step]) throws(Problem) -> Draft {
        let back = try waysBack(plan, steps)
        if let problem = firstNotCurrent(back) {
            throw Problem(
                .planNotCurrent, "Plan \(plan) cannot be undone: the host changed since it was applied.",
                evidence: problem.evidence,
                next: ["See the present state of its devices, and make a new plan instead."])
        }
        let vms = Set(steps.compactMap(\.vm))
        let devices = Set(back.compactMap(\.device)).sorted()
        if let refusal = refusal(whenHeld: devices, except: vms) { throw refusal }
        if let refusal = refusalToTakeAgain(back) { throw refusal }
        for case .startVM(let vm) in back {
            if let refusal = refusal(toStart: vm, by: .undo(plan: plan, steps: steps)) { throw refusal }
        }
        for case .undefineVM(let spec) in back {
            if let domain = domain(spec.name), domain.isUp { throw stillRuns(domain) }
        }
        return Draft(title: "Undo plan \(plan)", steps: back, findings: undoFindings(back))
    }

    private func waysBack(_ plan: String, _ steps: [Step]) throws(Problem) -> [Step] {
        var back: [Step] = []
        for step in steps.reversed() {
            switch step.wayBack {
            case .by(let inverse): back.append(inverse)
            case .notNeeded: continue
            case .impossible: throw notUndoable(plan, "\(step.verb) \(step.object) cannot be undone")
            }
        }
        guard !back.isEmpty else { throw notUndoable(plan, "it changed nothing that could be undone") }
        return back
    }

    private func notUndoable(_ plan: String, _ why: String) -> Problem {
        Problem(
            .notUndoable, "Plan \(plan) cannot be undone.", evidence: [why],
            next: [NextStep("See what it did", .showPlan(plan))])
    }

    private func firstNotCurrent(_ back: [Step]) -> Problem? {
        var simulated = inventory
        for step in back {
            if let problem = simulated.expects(step) { return problem }
            simulated.simulate(step)
        }
        return nil
    }

    /// Taking back a release takes devices from the host again: the same rules as for the first time.
    private func refusalToTakeAgain(_ back: [Step]) -> Problem? {
        for device in back.compactMap(\.takenDevice) {
            guard let unit = inventory.unit(of: device) else { continue }
            if let refusal = refusal(for: unit) { return refusal }
        }
        return nil
    }

    private func undoFindings(_ back: [Step]) -> [Finding] {
        back.compactMap { step in
            guard case .stopVM(let vm, _, force: true) = step else { return nil }
            return endedAtOnce(vm)
        }
    }
}

extension Step {
    /// The device that it writes to.
    package var device: DeviceKey? {
        switch self {
        case .unbind(let address, _), .setOverride(let address, _, _), .probe(let address, _): address.key
        case .unbindInterface(let interface, _), .bindInterface(let interface, _): .usb(interface.device)
        case .loadModule, .defineVM, .undefineVM, .plug, .unplug, .attach, .detach, .seat, .unseat, .startVM, .resetVM,
            .stopVM:
            nil
        }
    }

    /// The VM that it is about.
    package var vm: String? {
        switch self {
        case .defineVM(let spec), .undefineVM(let spec): spec.name
        case .plug(let vm, _, _), .unplug(let vm, _, _), .attach(let vm, _, _), .detach(let vm, _, _),
            .seat(let vm, _, _),
            .unseat(let vm), .startVM(let vm), .resetVM(let vm), .stopVM(let vm, _, _):
            vm
        case .loadModule, .unbind, .setOverride, .probe, .unbindInterface, .bindInterface: nil
        }
    }
}
