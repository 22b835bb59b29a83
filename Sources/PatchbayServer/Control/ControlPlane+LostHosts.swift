import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// Ways out of what hangs on a host whose agent is not heard of.
extension ControlPlane {
    package func removeHost(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await hearAgents()
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            guard let state = fleet.hosts[name] else { throw fleet.unknownHost(name) }
            guard fleet.isLost(name) else {
                throw Problem(
                    .wrongState,
                    "The agent of \"\(name)\" is connected, or was a moment ago, so the host would join again at once.",
                    next: [
                        "Stop it on the host first, and wait 15 s:  systemctl stop patchbay-agent",
                        NextStep("To remove the server's own host, run the server without an agent", .serve(.noAgent)),
                    ])
            }
            let hanging = fleet.hanging(on: name)
            let risk = hanging.isEmpty ? nil : try taken(.hostLost, of: name, evidence: hanging)
            let message = "Host \(name) \(dryRun ? "would be" : "is") removed with everything stored about it."
            let answer = self.change([], dryRun: dryRun, subject: "host \(name)", message: message)
                .naming(risk, hanging)
            guard !dryRun else { return Decision(answer: answer, commit: nil) }
            var commit = try audited("host.removed", "host \(name)", risk.sentence(after: message, hanging))
            try commit.remove(name, state, in: fleet)
            return Decision(answer: answer, commit: commit)
        }
        if !dryRun { await agents.forget(name) }
        return change
    }

    package func confirmOff(
        _ name: String, _ statement: API.Statement, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        let reason = try TakenRisk.reason(statement.reason)
        try await hearAgents()
        return try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            let vm = try fleet.vm(name)
            guard fleet.mayStillRun(vm) else { throw fleet.notLost(vm) }
            try fleet.requireNoTurn(name)
            let message = "\(name) \(dryRun ? "would count" : "counts") as off; its devices can be lent again."
            let answer = self.change([], dryRun: dryRun, subject: "vm \(name)", message: message)
            guard !dryRun else { return Decision(answer: answer, commit: nil) }
            var commit = try audited("vm.confirmed-off", "vm \(name)", "\(message) Reason: \(reason)")
            try commit.countAsOff(vm, in: fleet)
            return Decision(answer: answer, commit: commit)
        }
    }

    /// The allowance for a risk that a decision meets; throws the refusal where the caller did not take it.
    func taken(
        _ code: ProblemCode, of host: String, evidence: [String]
    ) throws(Problem) -> Allowance {
        guard let allowance = takenRisks.first(where: { $0.code == code }) else {
            throw .hostLost(host, evidence: evidence)
        }
        try allowance.check()
        return allowance
    }

    /// What the caller takes, for whatever is decided for them.
    var takenRisks: [Allowance] {
        guard let risk = TakenRisk.current else { return [] }
        let at = now()
        return risk.codes.map { Allowance(code: $0, reason: risk.reason, actor: Caller.current, at: at) }
    }
}

extension Fleet {
    /// Its agent is not heard of.
    func isLost(_ host: String) -> Bool { hearing.silent.contains(host) }

    /// Nobody can say whether it runs.
    func mayStillRun(_ vm: VM) -> Bool {
        guard isLost(vm.host) else { return false }
        return domain(of: vm)?.state.isOn == true || claim(of: vm.name) != nil
    }

    /// What would be forgotten with a host: claims, VMs and plans that are not over.
    func hanging(on host: String) -> [String] {
        guard let state = hosts[host] else { return [] }
        let vms = allVMs.filter { $0.host == host }.map { vm in
            "VM \(vm.name)" + (mayStillRun(vm) ? " may still run" : "")
        }
        let claims = state.claims.values.map { "claim \($0.id) of \($0.owner.words)" }.sorted()
        return vms + claims + state.pendingPlans.map { "plan \($0.plan.id) is \($0.phase.word)" }
    }

    fileprivate func notLost(_ vm: VM) -> Problem {
        guard isLost(vm.host) else {
            return Problem(
                .wrongState, "The agent of \(vm.host) is connected and reports the state of \"\(vm.name)\".",
                next: [NextStep("Stop it", .stopVM(vm.name))])
        }
        return Problem(
            .wrongState, "\"\(vm.name)\" already counts as off.", next: [NextStep("See it", .showVM(vm.name))])
    }

    /// Before a VM is started: it does not run on a host that nobody hears of.
    func requireNotLost(_ vm: VM) throws(Problem) {
        guard mayStillRun(vm) else { return }
        throw Problem(
            .hostLost, "\"\(vm.name)\" may still run on \(vm.host), which is offline.",
            next: [
                NextStep("Bring the host back", .showHost(vm.host)),
                NextStep("Or, once you have verified that it is off", .confirmOff(vm.name)),
            ])
    }
}

extension Commit {
    /// The host, and everything that hangs on it. Its agent joins anew when it comes back.
    fileprivate mutating func remove(_ host: String, _ state: HostState, in fleet: Fleet) throws(Problem) {
        for key in [StateKey.host(host), StateKey.inventory(host), StateKey.queue(host)] {
            require(unchanged: key, in: fleet)
        }
        for claim in state.claims.values.sorted(by: { $0.id < $1.id }) {
            require(unchanged: StateKey.claim(claim.id), in: fleet)
            delete(StateKey.claim(claim.id))
        }
        for vm in fleet.allVMs where vm.host == host {
            if fleet.vms[vm.name] != nil { delete(StateKey.vm(vm.name)) }
            if fleet.turns[vm.name] != nil { delete(StateKey.turn(vm.name)) }
        }
        for (vm, plan) in fleet.turns.sorted(by: { $0.key < $1.key }) where fleet.hostOfPlan[plan] == host {
            delete(StateKey.turn(vm))
        }
        let last = [StateKey.inventory(host), StateKey.host(host)]
        for key in fleet.unreadable.keys.sorted() where StatePlace(key)?.hostName == host && !last.contains(key) {
            delete(key)
        }
        let addresses = Set(state.allocations.keys).union(state.bindings.keys).union(state.quarantines.keys)
        for address in addresses.sorted() {
            let id = DeviceID(host: host, key: address)
            if state.allocations[address] != nil { delete(StateKey.allocation(id)) }
            if state.bindings[address] != nil { delete(StateKey.binding(id)) }
            if state.quarantines[address] != nil { delete(StateKey.quarantine(id)) }
        }
        for plan in state.plans.keys.sorted() { delete(StateKey.plan(plan, host: host)) }
        for part in state.pieces.keys.sorted() { delete(StateKey.inventory(host, part: part)) }
        for key in [StateKey.settings(host), StateKey.domains(host), StateKey.queue(host)] + last
        where fleet.revision(of: key) > 0 { delete(key) }
    }

    /// The picture of a lost host is put right by a person; its next report says what is so.
    fileprivate mutating func countAsOff(_ vm: VM, in fleet: Fleet) throws(Problem) {
        if let claim = fleet.claim(of: vm.name) {
            require(unchanged: StateKey.claim(claim.id), in: fleet)
            try release(claim, in: fleet)
        }
        guard var domains = fleet.hosts[vm.host]?.domains,
            let index = domains.firstIndex(where: { $0.name == vm.name }), domains[index].state != .shutOff
        else { return }
        domains[index].state = .shutOff
        domains[index].liveDevices = []
        require(unchanged: StateKey.domains(vm.host), in: fleet)
        try put(StateKey.domains(vm.host), domains)
    }
}

extension Allowance? {
    /// With what was allowed, and what went by it.
    func sentence(after message: String, _ gone: [String]) -> String {
        guard let self else { return message }
        return "\(message) \(self.sentence) Affected: \(gone.joined(separator: ", "))."
    }
}

extension [Plan] {
    /// With what was allowed for them.
    func sentence(after message: String) -> String {
        flatMap(\.allowed).map(\.sentence).reduce(message) { told, sentence in
            told.contains(sentence) ? told : "\(told) \(sentence)"
        }
    }
}

extension API.Change {
    /// Says what goes with it where a risk was taken for it.
    func naming(_ risk: Allowance?, _ gone: [String]) -> API.Change {
        guard let risk else { return self }
        var change = self
        change.findings += gone.map { API.Finding(Finding(risk.code.rawValue, .warning, subject: subject, $0 + ".")) }
        return change
    }
}

extension Problem {
    static func hostLost(_ host: String, evidence: [String]) -> Problem {
        Problem(
            .hostLost, "Host \(host) is offline, so its VMs may still run and use its devices.",
            evidence: evidence,
            next: [
                NextStep("Bring the host back", .showHost(host)),
                "Or, if it is gone for good, repeat the command with: --allow host-lost --reason TEXT",
            ])
    }
}
