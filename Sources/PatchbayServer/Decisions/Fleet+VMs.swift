import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension Fleet {
    /// Managed ones and every guest that hosts report, by name.
    var allVMs: [VM] {
        var all = Dictionary(uniqueKeysWithValues: vms.map { ($0.key, $0.value.value) })
        for (host, state) in hosts {
            for domain in state.domains ?? [] where all[domain.name] == nil {
                all[domain.name] = VM(name: domain.name, host: host, origin: .adopted)
            }
        }
        return all.values.sorted { $0.name < $1.name }
    }

    func shown(_ vm: VM) -> API.VM {
        let domain = domain(of: vm)
        let claim = claim(of: vm.name)
        let pending = isRestartPending(vm)
        let size = vm.size
        var shown = API.VM(
            vm,
            standing: API.VM.Standing(
                state: state(of: vm, domain), vcpus: domain?.vcpus ?? size?.vcpus,
                memoryMiB: domain?.memoryMiB ?? size?.memoryMiB, now: heldNow(vm, domain: domain, claim: claim),
                atNextStart: vm.requests.map { sentence($0, again: vm) }, isRestartPending: pending, claim: claim?.id,
                plan: turn(of: vm.name), findings: findings(of: vm, isRestartPending: pending)),
            revision: revision(of: StateKey.vm(vm.name)))
        if mayStillRun(vm) { shown.mayStillRun = true }
        return shown
    }

    /// What its host says, as long as the host can be read.
    private func state(of vm: VM, _ domain: Domain?) -> Domain.State {
        hosts[vm.host]?.unreadable == nil ? domain?.state ?? .shutOff : .unknown
    }

    /// It runs, and not with what it asks for now.
    func isRestartPending(_ vm: VM) -> Bool {
        guard domain(of: vm)?.state.isOn == true, turn(of: vm.name) == nil else { return false }
        return Set(claim(of: vm.name)?.requests ?? []) != Set(vm.requests)
    }

    private func heldNow(_ vm: VM, domain: Domain?, claim: Claim?) -> [API.VMDevice] {
        guard domain?.state.isOn == true || claim?.phase == .attached else { return [] }
        let claimed = claim?.units.flatMap(\.unit.members) ?? []
        return Set(claimed + (domain?.liveDevices ?? [])).sorted().map { address in
            let id = DeviceID(host: vm.host, key: address)
            return API.VMDevice(
                id, name: hosts[vm.host]?.name(of: address) ?? address.description,
                unit: claim?.units.first { $0.unit.members.contains(address) })
        }
    }

    /// `2 of pool gpus, whichever is free`
    func sentence(_ request: Request) -> String {
        switch request.target {
        case .pool(let pool): "\(request.name): \(request.count) of pool \(pool), whichever is free"
        case .device(let id):
            "\(request.name): \(id.short)"
                + (hosts[id.host]?.inventory?[id.key].map { " \($0.name)" } ?? ", which is missing")
        }
    }

    /// With what it had before, where it is to have that again.
    private func sentence(_ request: Request, again vm: VM) -> String {
        guard let name = request.pool, let pool = pools[name]?.value else { return sentence(request) }
        let had = vm.known.filter { $0.request == request.name && $0.pool == name }
        let again = had.filter { [.always, .preferred].contains(pool.stickiness.applied(to: $0)) }
        guard let first = again.first else { return sentence(request) }
        let devices = again.map { DeviceID(host: vm.host, key: $0.device).short }.listed
        return "\(request.name): \(request.count) of pool \(name), "
            + (pool.stickiness.applied(to: first) == .always ? "again \(devices)" : "\(devices) again if that is free")
    }

    /// What holds it at its start, and what it asks for that moved.
    private func knownFindings(of vm: VM) -> [Finding] {
        let moved = vm.known.compactMap { known in
            known.movedFrom.map { old in
                Finding(
                    "device-moved", .note, subject: "vm \(vm.name)",
                    "The device of request \(known.request), which was at \(old), is at \(known.device) now; the "
                        + "request follows it."
                )
            }
        }
        guard domain(of: vm)?.state.isOn != true, claim(of: vm.name) == nil, let hold = hold(on: vm) else {
            return moved
        }
        return moved + [
            Finding(
                hold.code.rawValue, .problem, subject: "vm \(vm.name)",
                ([hold.detail] + hold.evidence).joined(separator: " "), next: hold.next)
        ]
    }

    private func findings(of vm: VM, isRestartPending: Bool) -> [Finding] {
        var findings: [Finding] = isRestartPending ? [.restartPending(vm.name)] : []
        if mayStillRun(vm) { findings.append(.mayStillRun(vm)) }
        findings += knownFindings(of: vm)
        if case .managed = vm.origin, let domains = hosts[vm.host]?.domains, turn(of: vm.name) == nil,
            !domains.contains(where: { $0.name == vm.name })
        {
            findings.append(
                Finding(
                    "vm-not-defined", .problem, subject: "vm \(vm.name)",
                    "\(vm.host) no longer has a definition of \(vm.name).",
                    next: [NextStep("Delete it in Patchbay as well", .deleteVM(vm.name))]))
        }
        for request in vm.requests {
            guard case .pool(let name) = request.target, pools[name] == nil else { continue }
            findings.append(
                Finding(
                    "pool-gone", .problem, subject: "vm \(vm.name)",
                    "\(vm.name) requests pool \(name), which does not exist.",
                    next: [NextStep("Remove the request", .detach(request.name, from: vm.name))]))
        }
        return findings
    }

    func requireNoVM(_ name: String) throws(Problem) {
        let home = vms[name]?.value.host ?? hosts.keys.sorted().first { hosts[$0]?.domain(name) != nil }
        guard let home else { return }
        throw Problem(
            .alreadyExists, "A VM \"\(name)\" already exists.", evidence: ["on \(home)"],
            next: [NextStep("See it", .showVM(name)), "Or choose another name."])
    }

    /// Neither running, nor holding devices, nor under way.
    func requireIdle(_ vm: VM) throws(Problem) {
        try requireNoTurn(vm.name)
        let state = domain(of: vm)?.state
        guard state?.isOn != true, claim(of: vm.name) == nil else {
            throw Problem(
                .wrongState, "\"\(vm.name)\" \(state?.isOn == true ? "is running" : "still holds devices").",
                next: [NextStep("Stop it first", .stopVM(vm.name))])
        }
    }

    func requireNoTurn(_ vm: String) throws(Problem) {
        if let plan = turn(of: vm) { throw .busy(vm: vm, plan: plan) }
    }
}

extension VM {
    fileprivate var size: (vcpus: Int, memoryMiB: Int)? {
        switch origin {
        case .managed(let spec): (spec.vcpus, spec.memoryMiB)
        case .adopted: nil
        }
    }
}
