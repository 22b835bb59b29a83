import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// Hosts: their settings, and ways out of what hangs on one whose agent is not heard of.
struct HostDecider: Decider {
    let context: DecisionContext

    func edit(_ name: String, _ draft: API.HostSettingsDraft) throws(Problem) -> Decision<API.Change> {
        guard let state = fleet.hosts[name], state.inventory != nil else { throw fleet.unknownHost(name) }
        try fleet.requireKnownSettings(of: name)
        let old = state.settings ?? HostSettings()
        let new = try draft.applied(to: old)
        let changes = new.words(since: old)
        let message =
            changes.isEmpty
            ? "Nothing changes."
            : "\(dryRun ? "Would change" : "Changed") host \(name): \(changes.joined(separator: ", "))."
        let answer = change(subject: "host \(name)", message: message)
        guard !dryRun, !changes.isEmpty else { return Decision(answer: answer, commit: nil) }
        var commit = try audited("host.changed", "host \(name)", message)
        let key = StateKey.settings(name)
        commit.require(unchanged: key, in: fleet)
        try commit.put(key, new)
        return Decision(answer: answer, commit: commit)
    }

    func remove(_ name: String) throws(Problem) -> Decision<API.Change> {
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
        let answer = change(subject: "host \(name)", message: message).naming(risk, hanging)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        var commit = try audited("host.removed", "host \(name)", risk.sentence(after: message, hanging))
        try commit.remove(name, state, in: fleet)
        return Decision(answer: answer, commit: commit)
    }

    /// - Parameters:
    ///   - identity: of the agent that was refused last under the name; nil: none was.
    ///   - isConnected: whether the known agent is heard of.
    func accept(
        _ name: String, _ identity: AgentIdentity?, besides isConnected: Bool
    ) throws(Problem) -> Decision<API.Change> {
        guard var record = fleet.hosts[name]?.record else { throw fleet.unknownHost(name) }
        guard let identity, identity.id != record.identity?.id else {
            throw Problem(
                .wrongState, "No other agent has used the name \(name) in the last minutes.",
                next: [NextStep("Start that agent, then see", .showHost(name))])
        }
        guard !isConnected else {
            throw Problem(
                .otherAgent, "The known agent of \(name) is connected.",
                evidence: ["known: \(record.identity?.words ?? "")", "calling: \(identity.words)"],
                next: [NextStep("Stop it first, or give the other agent another name", .nameAgent(nil))])
        }
        let message =
            "\(identity.words.capitalizedFirst) \(dryRun ? "would be" : "is") accepted as \(name) from now on."
        let answer = change(subject: "host \(name)", message: message)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        record.identity = identity
        var commit = try audited("host.accepted", "host \(name)", message)
        commit.require(unchanged: StateKey.host(name), in: fleet)
        try commit.put(StateKey.host(name), record)
        return Decision(answer: answer, commit: commit)
    }

    func confirmOff(_ name: String, because reason: String) throws(Problem) -> Decision<API.Change> {
        let vm = try fleet.vm(name)
        guard fleet.mayStillRun(vm) else { throw fleet.notLost(vm) }
        try fleet.requireNoTurn(name)
        let message = "\(name) \(dryRun ? "would count" : "counts") as off; its devices can be lent again."
        let answer = change(subject: "vm \(name)", message: message)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        var commit = try audited("vm.confirmed-off", "vm \(name)", "\(message) Reason: \(reason)")
        try commit.countAsOff(vm, in: fleet)
        return Decision(answer: answer, commit: commit)
    }
}

extension Fleet {
    /// What stands in for settings that cannot be read is not changed into settings that somebody made.
    fileprivate func requireKnownSettings(of host: String) throws(Problem) {
        let key = StateKey.settings(host)
        guard let problem = unreadable[key] else { return }
        throw Problem(
            .unreadable, "The settings of \"\(host)\" cannot be read, so none of them was changed.",
            evidence: [problem.detail],
            next: [NextStep("See what would be lost, then drop it", .previewDrop(key: key))])
    }
}

extension HostSettings {
    /// `zone=a`, `rack taken away`, `cordoned`: what is another than before.
    fileprivate func words(since old: HostSettings) -> [String] {
        var words = labels.filter { old.labels[$0.key] != $0.value }.map { "\($0.key)=\($0.value)" }.sorted()
        words += old.labels.keys.filter { labels[$0] == nil }.sorted().map { "\($0) removed" }
        if isPinned != old.isPinned { words.append(isPinned ? "pinned" : "no longer pinned") }
        if isCordoned != old.isCordoned { words.append(isCordoned ? "cordoned" : "no longer cordoned") }
        return words
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
