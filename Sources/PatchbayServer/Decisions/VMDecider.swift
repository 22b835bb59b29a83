import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// Life and power of VMs: made and deleted, started, stopped and reset.
struct VMDecider: Decider {
    let context: DecisionContext

    func create(_ draft: API.VMDraft) throws(Problem) -> Decision<API.Change> {
        var profile: Profile?
        if let name = draft.profile { profile = try fleet.profile(name).value }
        let spec = try draft.spec(from: profile)
        try fleet.requireNoVM(spec.name)
        let requests = (profile?.requests ?? []).map(API.RequestDraft.init) + (draft.requests ?? [])
        let host = try fleet.home(draft, for: spec, asking: requests)
        var vm = VM(name: spec.name, host: host, origin: .managed(spec))
        for request in requests {
            let wish = try fleet.wish(request, for: vm)
            vm.requests.append(wish)
            vm.known += fleet.known(of: wish)
        }
        let made = vm
        let plan = try fleet.planner(for: host).plan(.define(spec), id: planID())
        return try turning(
            plan, kind: "vm.created",
            message: dryRun
                ? "Would create VM \(spec.name) on \(host)." : "VM \(spec.name) is being defined on \(host).",
            findings: fleet.startWarning(made)
        ) { commit throws(Problem) in
            commit.require(unchanged: StateKey.vm(spec.name), in: fleet)
            if let profile { commit.require(unchanged: StateKey.profile(profile.name), in: fleet) }
            try commit.put(made, in: fleet)
        }
    }

    func delete(_ name: String) throws(Problem) -> Decision<API.Change> {
        let vm = try fleet.vm(name)
        try fleet.requireIdle(vm)
        guard case .managed(let spec) = vm.origin else { return try forgetting(vm) }
        let plan = try fleet.planner(for: vm.host).plan(.undefine(spec), id: planID())
        return try turning(
            plan, kind: "vm.deleted",
            message: dryRun
                ? "Would remove the definition of \(name)." : "The definition of \(name) is being removed.",
            forgetting: vm
        ) { commit throws(Problem) in
            commit.require(unchanged: StateKey.vm(name), in: fleet)
        }
    }

    /// An adopted VM is the hypervisor's; all that is ours is what it asks for.
    private func forgetting(_ vm: VM) throws(Problem) -> Decision<API.Change> {
        guard fleet.vms[vm.name] != nil else {
            throw Problem(
                .notAssignable,
                "\"\(vm.name)\" was not created by Patchbay, so Patchbay does not remove its definition.",
                next: ["Remove it with the tool that created it, for example:  virsh undefine \(vm.name)"])
        }
        let message =
            dryRun
            ? "Would forget the requests of \(vm.name); its definition stays."
            : "Forgot the requests of \(vm.name); its definition stays."
        let answer = change(subject: "vm \(vm.name)", message: message)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        var commit = try audited("vm.forgotten", "vm \(vm.name)", message)
        commit.require(unchanged: StateKey.vm(vm.name), in: fleet)
        commit.require(unchanged: StateKey.turn(vm.name), in: fleet)
        commit.delete(StateKey.vm(vm.name))
        return Decision(answer: answer, commit: commit)
    }

    /// Chooses devices now, not before: all that the VM asks for or none, in one commit with the plan.
    func start(_ name: String) throws(Problem) -> Decision<API.Change> {
        let (fleet, vm, taken) = self.fleet.accepting(context.takenRisks, for: try self.fleet.vm(name))
        try fleet.requireStartable(vm)
        let chosen = try fleet.chooseUnits(for: vm, at: now)
        let units = chosen.units
        // What a guest that is tied to CPUs or memory has of the host is counted by its claim.
        let claimID = units.isEmpty && chosen.seat == nil ? nil : "c-\(context.newID())"
        var plan = try fleet.planner(for: vm.host, accepting: context.takenRisks).plan(
            .start(vm: name, claim: claimID, units: units.map(\.unit), seat: chosen.seat), id: planID())
        plan.allowed += taken
        let primaries = units.map { DeviceID(host: vm.host, key: $0.unit.primary).short }
        let with = primaries.isEmpty ? "" : " with \(primaries.joined(separator: ", "))"
        return try turning(
            plan, kind: "vm.started",
            message: dryRun ? "Would start \(name)\(with)." : "\(name) is being started\(with).",
            findings: vm.requests.leftOut(by: units, of: "vm \(name)") + taken.compactMap { $0.finding("vm \(name)") }
        ) { commit throws(Problem) in
            commit.require(unchanged: StateKey.vm(name), in: fleet)
            if !taken.isEmpty { try commit.put(StateKey.vm(name), vm) }
            guard let claimID else { return }
            let claim = Claim(
                id: claimID, owner: .vm(name), requests: vm.requests,
                state: .allocated(ClaimDecision(host: vm.host, units: units, seat: chosen.seat, at: now)),
                createdAt: now)
            try commit.claim(claim, in: fleet)
        }
    }

    func stop(
        _ name: String, _ power: Power, kind: String, message: String? = nil
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
            plan, kind: kind, message: message ?? (dryRun ? "Would stop \(name)." : "\(name) is being stopped.")
        ) { commit throws(Problem) in
            guard var claim else { return }
            claim.enter(Claim.State.releasing)
            commit.require(unchanged: StateKey.claim(claim.id), in: fleet)
            try commit.put(StateKey.claim(claim.id), claim)
        }
    }

    /// Presses the reset button: the guest is not asked, and keeps what it holds.
    func reset(_ name: String) throws(Problem) -> Decision<API.Change> {
        let vm = try fleet.vm(name)
        try fleet.requireNoTurn(name)
        let plan = try fleet.planner(for: vm.host).plan(.reset(vm: name), id: planID())
        return try turning(
            plan, kind: "vm.reset", message: dryRun ? "Would reset \(name)." : "\(name) is being reset."
        ) { commit throws(Problem) in
            commit.require(unchanged: StateKey.vm(name), in: fleet)
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
