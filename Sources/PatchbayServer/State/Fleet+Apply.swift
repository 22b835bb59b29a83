import PatchbayCore
import PatchbayStore

extension Fleet {
    /// Takes one change in, whatever the order they come in: an older one than what is known is left out.
    ///
    /// - Returns: the host whose agent may have something to do now.
    /// - Throws: `.unreadable` when the value is not what its key says; then it counts as what keeps others off.
    @discardableResult
    mutating func apply(_ change: FleetChange) throws(Problem) -> String? {
        guard let place = change.place, place != .audit, !isKnown(change.stored) else { return nil }
        modified[change.key] = change.revision
        if change.isDeletion { noteDeletion(of: change.key, at: change.revision) }
        unreadable[change.key] = nil
        if place.isReported, let host = place.hostName { hosts[host]?.untold[change.key] = nil }
        do throws(Problem) {
            let woken = try apply(change, at: place)
            if change.isDeletion, let host = place.hostName, hosts[host]?.isForgotten == true { hosts[host] = nil }
            return woken
        } catch {
            unreadable[change.key] = error
            close(place, change.key, because: error)
            throw error
        }
    }

    /// It, or a later change of its key, has been taken in.
    func isKnown(_ change: StoreChange) -> Bool {
        change.revision <= revision || change.revision <= modified[change.key] ?? 0
    }

    private mutating func apply(_ change: FleetChange, at place: StatePlace) throws(Problem) -> String? {
        switch place {
        case .pool(let name):
            pools[name] = try kept(Pool.self, change)
            poolsVersion += 1
            unplaced.formUnion(hosts.keys)
        case .profile(let name): profiles[name] = try kept(Profile.self, change)
        case .vm(let name):
            let before = vms[name]?.value
            vms[name] = try kept(VM.self, change)
            noteMemory(before, vms[name]?.value)
        case .claim(let id): try applyClaim(id, change)
        case .turn(let vm): turns[vm] = try change.read(String.self)
        case .queue, .askers: marks[change.key] = change.isDeletion ? nil : true
        case .audit: break
        case .plan(let id, let host):
            try applyPlan(id, host: host, change)
            return host
        case .inventory(let host): try applyHead(host, change)
        case .inventoryPart(let part, let host): try applyPart(part, host: host, change)
        case .host, .domains, .settings, .allocation, .binding, .quarantine: try applyHostFact(place, change)
        }
        return nil
    }

    /// What a VM knows of its host's devices is looked up by host.
    private mutating func noteMemory(_ before: VM?, _ after: VM?) {
        let isSame = before?.disks == after?.disks && before?.known == after?.known
        guard !isSame || before?.host != after?.host else { return }
        if let before, !before.disks.isEmpty || !before.known.isEmpty {
            hosts[before.host]?.written[before.name] = nil
            hosts[before.host]?.known[before.name] = nil
            touch(before.host)
        }
        if let after, !after.disks.isEmpty || !after.known.isEmpty {
            hosts[after.host, default: HostState()].written[after.name] = after.disks.isEmpty ? nil : after.disks
            hosts[after.host]?.known[after.name] = after.known.isEmpty ? nil : after.known
            touch(after.host)
        }
    }

    private mutating func applyHostFact(_ place: StatePlace, _ change: FleetChange) throws(Problem) {
        switch place {
        case .host(let host):
            hosts[host, default: HostState()].record = try change.read(HostRecord.self)
        case .domains(let host): hosts[host, default: HostState()].domains = try reported([Domain].self, change)
        case .settings(let host):
            hosts[host, default: HostState()].settings = try change.read(HostSettings.self)
        case .allocation(let id):
            let allocation = try change.read(Allocation.self)
            hosts[id.host, default: HostState()].allocations[id.key] = allocation
            placement.setHeld([id.key], on: id.host, allocation != nil)
            hosts[id.host]?.version += 1
            return
        case .binding(let id):
            hosts[id.host, default: HostState()].bindings[id.key] = try change.read(Binding.self)
        case .quarantine(let id):
            hosts[id.host, default: HostState()].quarantines[id.key] = try change.read(Quarantine.self)
        case .inventory, .inventoryPart, .pool, .profile, .vm, .claim, .plan, .turn, .queue, .askers, .audit:
            return
        }
        touch(place.hostName)
    }

    private mutating func applyHead(_ host: String, _ change: FleetChange) throws(Problem) {
        let head = try reported(InventoryHead.self, change)
        hosts[host, default: HostState()].take(head)
        touch(host)
    }

    /// Pieces come before their head, but for a whole load, which has everything in the order of keys.
    private mutating func applyPart(_ part: String, host: String, _ change: FleetChange) throws(Problem) {
        let piece = try reported(InventoryPart.self, change)
        if hosts[host, default: HostState()].take(piece, named: part) { touch(host) }
        // No piece of this name ever holds something else, so nothing has to be remembered of one that is gone.
        if piece == nil { modified[change.key] = nil }
    }

    private mutating func applyClaim(_ id: String, _ change: FleetChange) throws(Problem) {
        let new = try change.read(Claim.self)
        let old = claims[id]
        ledger.replace(old, with: new)
        claims[id] = new
        if let old {
            if let host = old.host {
                hosts[host]?.claims[id] = nil
                touch(host, for: old)
            }
            if let vm = old.owner.vm, claimOfVM[vm] == id { claimOfVM[vm] = nil }
        }
        guard let new else { return }
        if let vm = new.owner.vm { claimOfVM[vm] = id }
        guard let host = new.host else { return }
        hosts[host, default: HostState()].claims[id] = new
        touch(host, for: new)
    }

    /// Devices are counted by their allocations; beside them only a guest takes something of a host.
    private mutating func touch(_ host: String, for claim: Claim) {
        if claim.owner.vm != nil { touch(host) } else { hosts[host]?.version += 1 }
    }

    private mutating func applyPlan(_ id: String, host: String, _ change: FleetChange) throws(Problem) {
        let record = try change.read(PlanRecord.self)
        if let record, !record.isConsistent || record.plan.id != id || record.plan.host != host {
            throw Problem(
                .unreadable, "The plan stored under \"\(change.key)\" contradicts itself.",
                evidence: [
                    "It is plan \(record.plan.id) of \(record.plan.host) with \(record.plan.steps.count) steps, but "
                        + "refers to"
                        + " \(record.progress.count)" + (record.plan.firstHalf.map { ", \($0) of them first" } ?? "")
                        + "."
                ])
        }
        hosts[host, default: HostState()].plans[id] = record
        hostOfPlan[id] = record == nil ? nil : host
        touch(host)
    }

    private mutating func touch(_ host: String?) {
        guard let host else { return }
        hosts[host]?.version += 1
        unplaced.insert(host)
    }

    /// What a host told: an earlier server may have believed more.
    private func reported<Value: StateValue>(_ type: Value.Type, _ change: FleetChange) throws(Problem) -> Value? {
        guard let value = try change.read(type) else { return nil }
        do throws(Problem) {
            return try ReportCheck.check(value).hasLongTexts ? try ReportText.cut(value) : value
        } catch {
            throw Problem(
                .unreadable, "The value stored under \"\(change.key)\" is implausible.", evidence: [error.detail],
                next: ["Wait for the next report of the host, which replaces it."])
        }
    }

    private func kept<Value: StateValue>(_ type: Value.Type, _ change: FleetChange) throws(Problem) -> Kept<Value>? {
        try change.read(type).map { Kept(value: $0, revision: change.revision) }
    }
}
