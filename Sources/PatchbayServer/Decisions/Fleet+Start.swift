import PatchbayAPI
import PatchbayCore

extension Fleet {
    /// Late binding: devices for every request that is not optional, room for the guest, and a seat where it wants one, on
    /// the VM's own host; or the reasons, and who holds what. What is asked before a start, what a start does and what is
    /// told of it come from here.
    ///
    /// Where only risks that a person may take are in the way, it is what would be had with them: the planner asks who takes
    /// each, and refuses with its code where nobody does.
    func chooseUnits(
        for vm: VM, at now: Int
    ) throws(Problem) -> (units: [AllocatedUnit], seat: GuestSeat?) {
        let needs = vm.spec?.needs
        guard !vm.requests.isEmpty || needs != nil else { return ([], nil) }
        for request in vm.requests {
            if case .pool(let name) = request.target { _ = try pool(name) }
        }
        if let rival = impatientRival(of: vm.requests, at: now) { throw .inTurn(vm.name, behind: rival) }
        do throws(NoPlace) {
            let found = try place(vm)
            return (found.units, found.seat)
        } catch {
            if let found = placeAtRisk(vm) { return (found.units, found.seat) }
            if let hold = hold(on: vm, whyNotFree(vm)) { throw hold }
            if let holder = holder(in: error, of: vm) { throw holder }
            throw LateRefusal.refuse { noFit(error, for: vm, at: now) }
        }
    }

    /// A place that there is where risks are taken that a person may take, one if that does and else all; nil: that would
    /// not help.
    private func placeAtRisk(_ vm: VM) -> HostPlacement? {
        guard let state = hosts[vm.host], let inventory = state.inventory else { return nil }
        let candidates = candidates(of: vm, on: state, inventory)
        let risks = ProblemCode.allowed.map { code in
            inventory.devices(refusedWith: code).filter(candidates.contains).map { (code: code, device: $0) }
        }.filter { !$0.isEmpty }
        for taken in risks + (risks.count > 1 ? [Array(risks.joined())] : []) {
            guard let all = place(vm, on: state, accepting: taken[...]) else { continue }
            // One device after the other, so that no more is risked than what is needed.
            let few = (1..<min(taken.count, Self.mostTrials)).lazy.compactMap {
                place(vm, on: state, accepting: taken.prefix($0))
            }
            return few.first ?? all
        }
        return nil
    }

    /// Devices that the VM's requests may be given, with what goes along with them.
    private func candidates(of vm: VM, on state: HostState, _ inventory: Inventory) -> Set<DeviceKey> {
        let membership = state.memory.membership(of: inventory, in: poolList)
        let targets = vm.requests.map(\.target)
        let pools = targets.compactMap { if case .pool(let pool) = $0 { pool } else { nil } }
        let named = targets.compactMap { if case .device(let id) = $0, id.host == vm.host { id.key } else { nil } }
        let asked = membership.devices(of: pools).union(named)
        return asked.reduce(into: asked) { $0.formUnion(inventory.unit(of: $1)?.members ?? []) }
    }

    private static let mostTrials = 16

    private func place(
        _ vm: VM, on state: HostState, accepting risks: ArraySlice<(code: ProblemCode, device: DeviceKey)>
    ) -> HostPlacement? {
        guard let inventory = state.inventory else { return nil }
        var accepted = inventory
        for risk in risks { accepted.accept(risk.code, at: [risk.device]) }
        let view = HostView(
            inventory: accepted, usage: state.usage(pools: poolList),
            membership: state.memory.membership(of: inventory, in: poolList))
        let floating = floatingNeeds(on: vm.host)
        let standing = state.standing(pools: poolList, floating: floating, for: vm.name, knowing: view)
        let wish = PlacementWish(requests: vm.requests, guest: vm.spec?.needs)
        do throws(NoPlace) { return try standing?.place(wish, on: vm.host) } catch { return nil }
    }

    private func place(_ vm: VM) throws(NoPlace) -> HostPlacement {
        let floating = floatingNeeds(on: vm.host)
        let standing = hosts[vm.host]?.standing(pools: poolList, floating: floating, for: vm.name)
        guard let standing else { throw .nowhere }
        return try standing.place(PlacementWish(requests: vm.requests, guest: vm.spec?.needs), on: vm.host)
    }

    /// A warning where the VM could not be started now; nothing where it could.
    func startWarning(_ vm: VM) -> [Finding] {
        let why: String
        do throws(NoPlace) {
            _ = try place(vm)
            return []
        } catch {
            switch error {
            case .host(let reason): why = reason.sentence
            case .nowhere: why = "It does not fit on the host."
            case .request(let number): why = "It cannot get \(sentence(vm.requests[number]))."
            }
        }
        return [
            Finding(
                "cannot-start-now", .warning, subject: "vm \(vm.name)",
                "\(vm.name) could not be started on \(vm.host) now. \(why)",
                next: [NextStep("Once it is created, see what would make it fit", .explainVM(vm.name))])
        ]
    }

    /// The device that is missing was asked for by name, and somebody has it.
    private func holder(in why: NoPlace, of vm: VM) -> Problem? {
        guard case .request(let number) = why, case .device(let id) = vm.requests[number].target,
            let holder = hosts[id.host]?.allocations[id.key]
        else { return nil }
        return .taken(id, by: holder)
    }

    /// Looking for what would help takes a thousand times as long as the decision.
    private func noFit(_ why: NoPlace, for vm: VM, at now: Int) -> Problem {
        let claim = Claim(
            id: "", owner: .vm(vm.name), requests: vm.requests,
            terms: ClaimTerms(hosts: HostConstraint(names: [vm.host])))
        let explanation = explanation(of: claim, guest: vm.spec?.needs, at: now)
        let next = explanation.fixes.prefix(Self.mostFixes).map(\.step) + [NextStep("See more", .explainVM(vm.name))]
        switch why {
        case .host(let reason):
            return Problem(
                .noFit, "\"\(vm.name)\" does not fit on \(vm.host).", evidence: [reason.sentence], next: next)
        case .nowhere:
            return Problem(.noFit, "\"\(vm.name)\" does not fit on \(vm.host).", next: next)
        case .request(let number):
            let request = vm.requests[number]
            let fits = explanation.hosts.first { $0.host == vm.host }?.devices ?? []
            var evidence = fits.filter { $0.request == request.name }.compactMap(sentence)
            if evidence.isEmpty { evidence = ["No device of \(vm.host) matches."] }
            let changed = request.pool.flatMap { pools[$0]?.value }.map { misledFindings(of: $0).flatMap(\.next) } ?? []
            return Problem(
                .noFit, "\"\(vm.name)\" cannot get \(sentence(request)).", evidence: evidence, next: changed + next)
        }
    }

    /// nil: it would do.
    private func sentence(_ fit: DeviceFit) -> String? {
        guard let reason = fit.reason?.sentence else { return nil }
        guard let holder = hosts[fit.device.host]?.allocations[fit.device.key], !reason.contains(holder.owner.name)
        else { return "\(fit.device.short): \(reason)" }
        return "\(fit.device.short): \(reason) (held by \(holder.owner.name))"
    }

    /// Fixes that are told beside a refusal.
    static let mostFixes = 3
}

extension [Request] {
    /// Optional ones that nothing was there for.
    func leftOut(by units: [AllocatedUnit], of subject: String) -> [Finding] {
        let served = Set(units.map(\.request))
        return filter { $0.isOptional && !served.contains($0.name) }.map { request in
            Finding(
                "optional-left-out", .note, subject: subject,
                "Request \(request.name) is optional and was skipped: nothing is available for it.")
        }
    }
}

extension Problem {
    fileprivate static func inTurn(_ vm: String, behind rival: Claim) -> Problem {
        Problem(
            .noFit, "Claim \(rival.id) of \(rival.owner.words) is ahead of \"\(vm)\" in the queue.",
            evidence: ["it has been waiting for the same pool for more than \(ClaimQueue.patience / 60_000) minutes"],
            next: [NextStep("See what it waits for", .explainClaim(rival.id)), "Try again when it has been served."])
    }
}
