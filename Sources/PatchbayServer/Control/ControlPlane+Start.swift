import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    /// Chooses devices now, not before: all that the VM asks for or none, in one commit with the plan.
    package func startVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            try fleet.requireNotLost(try fleet.vm(name))
            return try starting(name, in: fleet, dryRun: dryRun)
        }
        return await sayingWhoIsOffline(change)
    }

    func starting(
        _ name: String, in fleet: Fleet, dryRun: Bool
    ) throws(Problem) -> Decision<API.Change> {
        let (fleet, vm, taken) = fleet.accepting(takenRisks, for: try fleet.vm(name))
        try fleet.requireStartable(vm)
        let chosen = try fleet.chooseUnits(for: vm, at: now())
        let units = chosen.units
        // What a guest that is tied to CPUs or memory has of the host is counted by its claim.
        let claimID = units.isEmpty && chosen.seat == nil ? nil : "c-\(newID())"
        var plan = try fleet.planner(for: vm.host, accepting: takenRisks).plan(
            .start(vm: name, claim: claimID, units: units.map(\.unit), seat: chosen.seat), id: planID())
        plan.allowed += taken
        let primaries = units.map { DeviceID(host: vm.host, key: $0.unit.primary).short }
        let with = primaries.isEmpty ? "" : " with \(primaries.joined(separator: ", "))"
        return try turning(
            plan, in: fleet, dryRun: dryRun, kind: "vm.started",
            message: dryRun ? "Would start \(name)\(with)." : "\(name) is being started\(with).",
            findings: vm.requests.leftOut(by: units, of: "vm \(name)") + taken.compactMap { $0.finding("vm \(name)") }
        ) { commit throws(Problem) in
            commit.require(unchanged: StateKey.vm(name), in: fleet)
            if !taken.isEmpty { try commit.put(StateKey.vm(name), vm) }
            guard let claimID else { return }
            let claim = Claim(
                id: claimID, owner: .vm(name), requests: vm.requests,
                state: .allocated(ClaimDecision(host: vm.host, units: units, seat: chosen.seat, at: now())),
                createdAt: now())
            try commit.claim(claim, in: fleet)
        }
    }
}

extension Fleet {
    /// A VM is not started without what it asks for only because that cannot be read.
    func requireKnownWish(of vm: String) throws(Problem) {
        let key = StateKey.vm(vm)
        guard let problem = unreadable[key] else { return }
        throw Problem(
            .unreadable, "The requests of \"\(vm)\" cannot be read, so it was not started.", evidence: [problem.detail],
            next: [NextStep("See what would be lost, then drop it", .previewDrop(key: key))])
    }

    func requireStartable(_ vm: VM) throws(Problem) {
        try requireKnownWish(of: vm.name)
        try requireNoTurn(vm.name)
        if domain(of: vm)?.state == .crashed {
            throw Problem(
                .wrongState, "\"\(vm.name)\" has crashed, and libvirt keeps it and its devices for inspection.",
                next: [NextStep("When it is no longer needed for inspection, end it", .powerOffVM(vm.name))])
        }
        if domain(of: vm)?.state.isOn == true {
            throw Problem(
                .wrongState, "\"\(vm.name)\" is already running.",
                next: [NextStep("See it", .showVM(vm.name)), NextStep("Or", .restartVM(vm.name))])
        }
        guard let claim = claim(of: vm.name) else { return }
        let host = claim.host ?? vm.host
        throw Problem(
            .wrongState, "\"\(vm.name)\" still holds devices of its last start.",
            evidence: claim.units.map { DeviceID(host: host, key: $0.unit.primary).short },
            next: [NextStep("Release them first", .stopVM(vm.name))])
    }
}
