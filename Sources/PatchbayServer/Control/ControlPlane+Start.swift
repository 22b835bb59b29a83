import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    /// Chooses devices now, not before: all that the VM asks for or none, in one commit with the plan.
    package func startVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            try starting(name, in: fleet, dryRun: dryRun)
        }
        return await sayingWhoIsOffline(change)
    }

    func starting(
        _ name: String, in fleet: Fleet, dryRun: Bool, actor: String = Caller.current
    ) throws(Problem) -> Decision<API.Change> {
        let vm = try fleet.vm(name)
        try fleet.requireStartable(vm)
        let units = try fleet.chooseUnits(for: vm)
        let claimID = units.isEmpty ? nil : "c-\(newID())"
        let plan = try fleet.planner(for: vm.host).plan(
            .start(vm: name, claim: claimID, units: units.map(\.unit)), id: planID())
        let primaries = units.map { DeviceID(host: vm.host, address: $0.unit.primary).short }
        let with = primaries.isEmpty ? "" : " with \(primaries.joined(separator: ", "))"
        return try turning(
            plan, in: fleet, dryRun: dryRun, kind: "vm.started",
            message: dryRun ? "Would start \(name)\(with)." : "\(name) is being started\(with).",
            actor: actor
        ) { commit throws(Problem) in
            commit.require(unchanged: StateKey.vm(name), in: fleet)
            if fleet.intents[name] != nil { commit.delete(StateKey.intent(name)) }
            guard let claimID else { return }
            let claim = Claim(
                id: claimID, owner: .vm(name), requests: vm.requests, phase: .allocated,
                decision: ClaimDecision(host: vm.host, units: units, at: now()), createdAt: now())
            try commit.claim(claim, in: fleet)
        }
    }
}

extension Fleet {
    func requireStartable(_ vm: VM) throws(Problem) {
        try requireNoTurn(vm.name)
        if domain(of: vm)?.state.isOn == true {
            throw Problem(
                .wrongState, "\"\(vm.name)\" is running already.",
                next: ["Look at it: patchbay vm show \(vm.name)", "Or: patchbay vm restart \(vm.name)"])
        }
        guard let claim = claim(of: vm.name) else { return }
        let host = claim.host ?? vm.host
        throw Problem(
            .wrongState, "\"\(vm.name)\" still holds devices of its last start.",
            evidence: claim.units.map { DeviceID(host: host, address: $0.unit.primary).short },
            next: ["Take them back first: patchbay vm stop \(vm.name)"])
    }

    /// Late binding: devices for every request, or the reasons and who holds what.
    func chooseUnits(for vm: VM) throws(Problem) -> [AllocatedUnit] {
        guard !vm.requests.isEmpty else { return [] }
        guard let view = view(of: vm.host) else { throw unknownHost(vm.host) }
        for request in vm.requests {
            if case .pool(let name) = request.target { _ = try pool(name) }
        }
        switch view.place(vm.requests, for: vm.name) {
        case .fits(let units): return units
        case .noFit(let request, let rejections): throw noFit(request, rejections, for: vm)
        }
    }

    private func noFit(_ request: Request, _ rejections: [DeviceFit], for vm: VM) -> Problem {
        if case .device(let id) = request.target, let holder = hosts[id.host]?.allocations[id.address] {
            return .taken(id, by: holder)
        }
        var evidence = rejections.map { rejection in
            let id = rejection.device
            let reason = rejection.reason?.sentence ?? ""
            guard let holder = hosts[id.host]?.allocations[id.address], !reason.contains(holder.owner.name) else {
                return "\(id.short): \(reason)"
            }
            return "\(id.short): \(reason) (held by \(holder.owner.name))"
        }
        let holders = Set(rejections.compactMap { hosts[vm.host]?.allocations[$0.device.address]?.owner.vm }).sorted()
        if evidence.isEmpty { evidence = ["No device of \(vm.host) matches."] }
        return Problem(
            .noFit, "\"\(vm.name)\" cannot have \(sentence(request)).", evidence: evidence,
            next: holders.map { "Stop a VM that holds one: patchbay vm stop \($0)" }
                + ["See what is free: patchbay device list --host \(vm.host) --where state=free"])
    }
}
