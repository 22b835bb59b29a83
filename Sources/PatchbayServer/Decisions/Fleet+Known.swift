import PatchbayCore
import PatchbayStore

/// What VMs and rules know of devices, so that an address alone decides nothing.
extension Fleet {
    /// What a VM expects of the device that a new request names; nothing where it names a pool, or the device's place is not
    /// known.
    func known(of request: Request) -> [KnownDevice] {
        guard case .device(let id) = request.target, let state = hosts[id.host],
            let identity = state.identity(of: id.key)
        else { return [] }
        return [
            KnownDevice(
                request: request.name, device: id.key, identity: identity,
                keepsData: state.inventory?[id.key]?.keepsData ?? false)
        ]
    }

    /// A pool whose rules know the devices that they were made from: as the stored one does, else by what is there now.
    func knowing(_ pool: Pool) -> Pool {
        var known = pool
        for index in known.rules.indices {
            guard known.rules[index].identity == nil, let device = known.rules[index].madeFrom else { continue }
            let stored = pools[pool.name]?.value.rules.first { $0.madeFrom == device }
            known.rules[index].identity =
                stored == nil ? hosts[device.host]?.identity(of: device.key) : stored?.identity
        }
        return known
    }

    /// Rules that were made from a device and name a place where that is not any more, host by host.
    func misledRules(of pool: String) -> [(host: String, rule: MisledRule)] {
        hosts.keys.sorted().flatMap { host -> [(host: String, rule: MisledRule)] in
            guard let state = hosts[host], let inventory = state.inventory else { return [] }
            let misled = state.memory.membership(of: inventory, in: poolList).misled[pool] ?? []
            return misled.map { (host, $0) }
        }
    }

    func misledFindings(of pool: Pool) -> [Finding] {
        misledRules(of: pool.name).map { host, misled in
            let device = DeviceID(host: host, key: misled.device).short
            let remove = Command.removeRule(misled.rule.name, pool: pool.name)
            guard misled.there != nil else {
                return Finding(
                    "device-gone", .note, subject: "pool \(pool.name)",
                    "Rule \"\(misled.rule.name)\" was made for a device that is missing now. "
                        + misled.expected.sentence.capitalizedFirst + ".",
                    next: [NextStep("If it does not come back, remove the rule", remove)])
            }
            let comparison = misled.expected.comparison(with: misled.there, at: misled.device)
            return Finding(
                "device-changed", .problem, subject: "pool \(pool.name)",
                "Rule \"\(misled.rule.name)\" was made for another device than the one now at \(device), so it does "
                    + "not match. "
                    + comparison.joined(separator: "; ").capitalizedFirst + ".",
                next: [
                    "Put the device back where it was.",
                    NextStep("Or lend the device that is there now", .lendDevice(device, pool: pool.name)),
                    NextStep("Or remove the rule", remove),
                ])
        }
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// VMs that are held at their start because a device is not what it was, until a person has decided.
extension Fleet {
    /// The first thing that holds it; nil: nothing of this kind.
    ///
    /// - Parameter isFree: why a device that it had cannot be had; nil: it can be.
    func hold(on vm: VM, _ whyNot: (DeviceKey) -> String?) -> Problem? {
        guard !vm.known.isEmpty, let inventory = hosts[vm.host]?.inventory else { return nil }
        let checks = inventory.check(vm.known)
        let needed = Set(vm.requests.filter { !$0.isOptional }.map(\.name))
        if let stranger = checks.first(where: { $0.isStranger && needed.contains($0.known.request) }) {
            return changed(stranger, vm)
        }
        let regrouped = checks.filter(\.isGroupChanged)
        if !regrouped.isEmpty { return regroupedProblem(regrouped, vm) }
        for request in vm.requests where !request.isOptional {
            if let problem = lacking(request, checks, vm, whyNot) { return problem }
        }
        return nil
    }

    /// As far as it is seen without asking placement: what is gone, and what somebody has.
    func hold(on vm: VM) -> Problem? {
        hold(on: vm) { key in
            guard let holder = hosts[vm.host]?.allocations[key], holder.owner.vm != vm.name else { return nil }
            return "\(holder.owner.words) has it"
        }
    }

    private func changed(_ check: KnownDevice.Check, _ vm: VM) -> Problem {
        let device = DeviceID(host: vm.host, key: check.known.device).short
        let more: [String] =
            switch check.recognition {
            case .changed(_, let differences): differences
            case .same, .moved, .ambiguous, .gone: check.recognition.words
            }
        return Problem(
            .deviceChanged, "\"\(vm.name)\" is held: the device at \(device) is not the one that it had.",
            evidence: check.comparison + more,
            next: ["Put the device back where it was."] + lendFirst(check.known.device, on: vm.host) + [
                NextStep("Or accept the device that is there now", command(to: .deviceChanged, vm)),
                NextStep("Or detach it and attach another", .detach(check.known.request, from: vm.name)),
            ])
    }

    /// Where no rule matches the device that is there, as nobody has lent it.
    private func lendFirst(_ key: DeviceKey, on host: String) -> [NextStep] {
        let device = DeviceID(host: host, key: key).short
        return poolList.filter { pool in
            misledRules(of: pool.name).contains { $0.host == host && $0.rule.device == key }
        }.map { NextStep("Or lend the device that is there now", .lendDevice(device, pool: $0.name)) }
    }

    private func regroupedProblem(_ checks: [KnownDevice.Check], _ vm: VM) -> Problem {
        Problem(
            .groupChanged,
            "\"\(vm.name)\" is held: the IOMMU group of its \(checks.count == 1 ? "device" : "devices")"
                + " changed since its last start.",
            evidence: checks.map(\.groupSentence),
            next: [
                NextStep("See the members of the group", .listGroups(host: vm.host)),
                NextStep("Or start it with the group as it is now", command(to: .groupChanged, vm)),
            ])
    }

    /// A request that is to have the same devices again, and cannot.
    private func lacking(
        _ request: Request, _ checks: [KnownDevice.Check], _ vm: VM, _ whyNot: (DeviceKey) -> String?
    ) -> Problem? {
        let had = had(of: request, checks)
        let lacking = had.compactMap { check in why(check, whyNot).map { (check: check, why: $0) } }
        guard !lacking.isEmpty, had.count - lacking.count < min(request.count, had.count) else { return nil }
        let devices = lacking.map { DeviceID(host: vm.host, key: $0.check.recognition.key ?? $0.check.known.device) }
        let holders = devices.compactMap { hosts[vm.host]?.allocations[$0.key]?.owner.toEnd }
        let pool = request.pool ?? ""
        return Problem(
            .otherDevice,
            "\"\(vm.name)\" is held: pool \(pool) is sticky, and "
                + "\(devices.map(\.short).listed) \(devices.count == 1 ? "is" : "are") not available.",
            evidence: zip(devices, lacking).map { device, lack in
                "\(device.short), \(lack.check.known.identity.sentence): \(lack.why)"
            },
            next: holders.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } + [
                NextStep("Start it with another device of the pool", command(to: .otherDevice, vm)),
                NextStep("Or make the pool not sticky", .unstickPool(pool)),
            ])
    }

    /// What a request for a pool had and is to have again.
    private func had(of request: Request, _ checks: [KnownDevice.Check]) -> [KnownDevice.Check] {
        guard let pool = request.pool.flatMap({ pools[$0]?.value }) else { return [] }
        return checks.filter {
            $0.known.request == request.name && $0.known.pool == pool.name
                && pool.stickiness.applied(to: $0.known) == .always
        }
    }

    private func why(_ check: KnownDevice.Check, _ whyNot: (DeviceKey) -> String?) -> String? {
        guard let key = check.recognition.key else { return check.recognition.words.joined(separator: " ") }
        return whyNot(key)
    }

    private func command(to code: ProblemCode, _ vm: VM) -> Command {
        domain(of: vm)?.state.isOn == true
            ? .restartVM(vm.name, allowing: code) : .startVM(vm.name, allowing: code)
    }
}

extension Fleet {
    /// The fleet with the VM as it would be if it took what is there now for what it expected, where a person allows that.
    ///
    /// - Returns: the risks that were met.
    func accepting(_ risks: [Allowance], for vm: VM) -> (fleet: Fleet, vm: VM, taken: [Allowance]) {
        guard !vm.known.isEmpty, let inventory = hosts[vm.host]?.inventory else { return (self, vm, []) }
        var (accepted, taken): (VM, [Allowance]) = (vm, [])
        for risk in risks {
            let before = accepted.known
            if risk.code == .deviceChanged { accepted.known = before.map { $0.taking(what: inventory) } }
            if risk.code == .groupChanged {
                accepted.known = inventory.check(before).map { $0.withGroupAsItIs(in: inventory) }
            }
            if risk.code == .otherDevice { accepted.known = withoutLacking(accepted, inventory.check(before)) }
            if accepted.known != before { taken.append(risk) }
        }
        guard !taken.isEmpty else { return (self, vm, []) }
        var fleet = self
        fleet.vms[vm.name]?.value = accepted
        fleet.hosts[vm.host]?.known[vm.name] = accepted.known
        return (fleet, accepted, taken)
    }

    private func withoutLacking(_ vm: VM, _ checks: [KnownDevice.Check]) -> [KnownDevice] {
        let free = whyNotFree(vm)
        let lacking = vm.requests.flatMap { had(of: $0, checks).filter { why($0, free) != nil } }.map(\.known)
        return vm.known.filter { !lacking.contains($0) }
    }

    /// Why a device cannot be had by the VM, as placement sees its host.
    func whyNotFree(_ vm: VM) -> (DeviceKey) -> String? {
        let standing = hosts[vm.host]?.standing(
            pools: poolList, floating: floatingNeeds(on: vm.host), for: vm.name)
        return { key in
            guard let standing, let unit = standing.shape.unit(of: key) else { return "It is in no pool." }
            if standing.free.contains(unit) { return nil }
            return self.view(of: vm.host)?.state(of: key).reason
        }
    }
}

extension KnownDevice {
    /// With what is at its place now, where that is another device than the one that it is asked for as.
    fileprivate func taking(what inventory: Inventory) -> KnownDevice {
        guard let check = inventory.check([self]).first, check.isStranger, let there = check.there else { return self }
        return KnownDevice(
            request: request, device: device, identity: there, keepsData: inventory[device]?.keepsData ?? false)
    }
}

extension KnownDevice.Check {
    fileprivate func withGroupAsItIs(in inventory: Inventory) -> KnownDevice {
        guard isGroupChanged, let key = recognition.key else { return known }
        var known = known
        known.mates = inventory.mates(of: key)?.map(\.name)
        return known
    }
}

extension HostState {
    /// What a VM that has just been started with these units knows of them.
    func known(from units: [AllocatedUnit]) -> [KnownDevice] {
        units.compactMap { allocated in
            let primary = allocated.unit.primary
            guard let identity = allocations[primary]?.identity ?? identity(of: primary) else { return nil }
            return KnownDevice(
                request: allocated.request, pool: allocated.pool, device: primary, identity: identity,
                keepsData: allocated.unit.members.contains { inventory?[$0]?.keepsData ?? false },
                mates: inventory?.mates(of: primary)?.map(\.name))
        }
    }
}

extension VM {
    /// What it knew of the same requests is over.
    mutating func remember(_ known: [KnownDevice]) {
        let told = Set(known.map(\.request))
        self.known = self.known.filter { !told.contains($0.request) } + known
    }
}
