import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    package func stopVM(
        _ name: String, _ request: API.PowerRequest, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        let power = try Power(request)
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            try stopping(name, power, in: fleet, dryRun: dryRun, kind: "vm.stopped")
        }
        return await sayingWhoIsOffline(change)
    }

    func stopping(
        _ name: String, _ power: Power, in fleet: Fleet, dryRun: Bool, kind: String, message: String? = nil
    ) throws(Problem) -> Decision<API.Change> {
        let vm = try fleet.vm(name)
        try fleet.requireNoTurn(name)
        let claim = fleet.claim(of: name)
        guard fleet.domain(of: vm)?.state.isOn == true || claim != nil else {
            throw Problem(
                .wrongState, "\"\(name)\" is off and holds no devices.",
                next: [NextStep("Start it", .startVM(name))])
        }
        let units = claim?.units.map(\.unit) ?? []
        var plan = try fleet.planner(for: vm.host).plan(
            .stop(
                vm: name, claim: claim?.id, units: units, giveBack: claim.map { fleet.unitsToGiveBack(of: $0) } ?? [],
                force: power.force),
            id: planID())
        plan.steps = plan.steps.map { $0.stopping(within: power.timeoutSeconds) }
        return try turning(
            plan, in: fleet, dryRun: dryRun, kind: kind,
            message: message ?? (dryRun ? "Would stop \(name)." : "\(name) is being stopped.")
        ) { commit throws(Problem) in
            guard var claim else { return }
            claim.enter(Claim.State.releasing)
            commit.require(unchanged: StateKey.claim(claim.id), in: fleet)
            try commit.put(StateKey.claim(claim.id), claim)
        }
    }
}

/// How a VM is to be stopped.
struct Power {
    var force: Bool
    var timeoutSeconds: Int

    static let defaultSeconds = 60

    init(_ request: API.PowerRequest) throws(Problem) {
        force = request.force ?? false
        timeoutSeconds = request.timeoutSeconds ?? Self.defaultSeconds
        guard (0...3600).contains(timeoutSeconds) else {
            throw Problem(
                .malformedInput, "\"timeoutSeconds\" is \(timeoutSeconds), which is out of range.",
                next: ["Use 0 to 3600 seconds."])
        }
    }

    init() {
        force = false
        timeoutSeconds = Self.defaultSeconds
    }
}

extension Step {
    /// The same step with the guest's time to power off.
    func stopping(within seconds: Int) -> Step {
        guard case .stopVM(let vm, _, let force) = self else { return self }
        return .stopVM(vm, timeoutSeconds: force ? 0 : seconds, force: force)
    }
}

extension Fleet {
    /// What returns to its own driver when the claim ends: units that the start took from the host and that no eager
    /// pool keeps ready.
    ///
    /// - Parameter known: the host's view, where somebody has made it already.
    func unitsToGiveBack(of claim: Claim, in known: HostView? = nil) -> [DeviceUnit] {
        guard let host = claim.host, let state = hosts[host] else { return [] }
        return claim.units.filter { allocated in
            let pools =
                allocated.pool.map { [$0] } ?? (known ?? view(of: host))?.pools(of: allocated.unit.primary) ?? []
            if pools.contains(where: { self.pools[$0]?.value.preparation == .eager }) { return false }
            return !allocated.unit.members.contains { isPreparedByHand($0, in: state) }
        }.map(\.unit)
    }

    /// Bound by a plan that was made to leave it there.
    private func isPreparedByHand(_ address: DeviceKey, in state: HostState) -> Bool {
        guard let binding = state.bindings[address], let plan = state.plans[binding.plan]?.plan else { return false }
        if case .prepare = plan.change { return true }
        return false
    }
}
