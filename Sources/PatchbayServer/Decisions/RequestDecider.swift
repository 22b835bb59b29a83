import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// What a VM asks for: devices attached to it and detached from it, at once where it runs and they can be plugged, else at
/// its next start.
struct RequestDecider: Decider {
    let context: DecisionContext

    func attach(_ request: API.AttachRequest, to name: String) throws(Problem) -> Decision<API.Change> {
        var vm = try fleet.vm(name)
        let wish = try fleet.wish(request, for: vm)
        vm.requests.append(wish)
        vm.known += fleet.known(of: wish)
        var findings: [Finding] = [.guestDriver(name)]
        var tried: [Plan] = []
        if case .device(let id) = wish.target {
            tried = try fleet.handingOver([id], accepting: context.takenRisks)
        }
        findings += tried.flatMap(\.findings)
        findings += fleet.shortage(of: wish, in: vm)
        if let now = try plugging(wish, into: vm, findings: findings) { return now }
        findings += fleet.missingController(for: wish, in: vm) + fleet.nothingToPlugIn(for: wish, in: vm)
        return try asking(
            vm, kind: "vm.attached",
            message: tried.sentence(
                after: "\(name) \(dryRun ? "would request" : "requests") \(wish.words) as \(wish.name)."),
            findings: findings)
    }

    func detach(_ request: API.DetachRequest, from name: String) throws(Problem) -> Decision<API.Change> {
        let detachment = try Detachment(request, from: try fleet.vm(name), in: fleet)
        let now = try unplugging(
            detachment.leaving ?? [], from: detachment.after,
            message: detachment.message(dryRun: dryRun, isNow: true), findings: detachment.findings)
        if let now { return now }
        return try asking(
            detachment.after, kind: "vm.detached", message: detachment.message(dryRun: dryRun),
            findings: detachment.findings)
    }

    /// Keeps what a VM asks for from its next start on.
    private func asking(
        _ vm: VM, kind: String, message: String, findings: [Finding] = []
    ) throws(Problem) -> Decision<API.Change> {
        var after = fleet
        after.vms[vm.name] = Kept(value: vm, revision: fleet.revision)
        let isPending = after.isRestartPending(vm)
        let told = findings + (isPending ? [.restartPending(vm.name)] : [])
        let answer = change(subject: "vm \(vm.name)", message: message, findings: told)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        var commit = try audited(kind, "vm \(vm.name)", message)
        commit.require(unchanged: StateKey.vm(vm.name), in: fleet)
        if fleet.vms[vm.name] == nil { commit.require(.present(StateKey.domains(vm.host))) }
        try commit.put(vm, in: fleet)
        return Decision(answer: answer, commit: commit)
    }

    /// The claim grows before the plan is made and shrinks after it is done, so that at no moment anybody else can have what
    /// the guest has.
    ///
    /// - Parameter vm: with the wish among what it asks for.
    /// - Returns: nil: the VM is off, the wish is for what goes in at its next start, or nothing of it is free now.
    private func plugging(_ wish: Request, into vm: VM, findings: [Finding]) throws(Problem) -> Decision<API.Change>? {
        guard fleet.canHotplug(wish, into: vm), let units = try? fleet.unitsToHotplug(wish, into: vm), !units.isEmpty
        else { return nil }
        try fleet.requireNoTurn(vm.name)
        let before = fleet.claim(of: vm.name)
        var claim =
            before
            ?? Claim(
                id: "c-\(context.newID())", owner: .vm(vm.name), requests: vm.requests,
                state: .allocated(ClaimDecision(host: vm.host, units: [], at: now)), createdAt: now)
        claim.requests = vm.requests
        claim.amend { $0.units += units }
        let plan = try fleet.planner(for: vm.host, accepting: context.takenRisks).plan(
            .hotplug(vm: vm.name, claim: claim.id, units: units.map(\.unit)), id: planID())
        let names = units.map { DeviceID(host: vm.host, key: $0.unit.primary).short }.listed
        var decision = try turning(
            plan, kind: "vm.attached",
            message: dryRun ? "Would attach \(names) to \(vm.name)." : "Attaching \(names) to \(vm.name).",
            findings: findings, claimBefore: before
        ) { commit throws(Problem) in
            commit.require(unchanged: StateKey.vm(vm.name), in: fleet)
            try commit.put(vm, in: fleet)
        }
        guard !dryRun else { return decision }
        if before == nil {
            try decision.commit?.claim(claim, in: fleet)
        } else {
            try decision.commit?.extend(claim, from: before, in: fleet)
        }
        return decision
    }

    /// - Parameters:
    ///   - vm: with what it asks for from now on.
    ///   - leaving: devices that it has and would not get again.
    /// - Returns: nil: it is off, or something of it leaves at its next start only.
    private func unplugging(
        _ leaving: [DeviceID], from vm: VM, message: String, findings: [Finding]
    ) throws(Problem) -> Decision<API.Change>? {
        guard let claim = fleet.claim(of: vm.name), claim.phase == .attached, !leaving.isEmpty,
            fleet.domain(of: vm)?.state == .running, leaving.allSatisfy({ $0.key.kind.type.canBeHotplugged })
        else { return nil }
        try fleet.requireNoTurn(vm.name)
        let keys = Set(leaving.map(\.key))
        let units = claim.units.map(\.unit).filter { keys.contains($0.primary) }
        var partly = claim
        partly.amend { $0.units.removeAll { !keys.contains($0.unit.primary) } }
        let plan = try fleet.planner(for: vm.host, accepting: context.takenRisks).plan(
            .hotUnplug(
                vm: vm.name, claim: claim.id, units: units, giveBack: fleet.unitsToGiveBack(of: partly)), id: planID())
        return try turning(
            plan, kind: "vm.detached", message: message, findings: findings,
            claimBefore: claim
        ) { commit throws(Problem) in
            commit.require(unchanged: StateKey.vm(vm.name), in: fleet)
            try commit.put(vm, in: fleet)
        }
    }
}

extension Fleet {
    /// Why a USB device waits for the next start of a VM that runs.
    fileprivate func missingController(for wish: Request, in vm: VM) -> [Finding] {
        guard domain(of: vm)?.lacksUSBController == true, kind(of: wish) == .usb else { return [] }
        return [
            Finding(
                "no-usb-controller", .note, subject: "vm \(vm.name)",
                "\(vm.name) is running without a USB controller; it gets one with its first USB device.")
        ]
    }

    /// Why a VM that runs gets nothing of it now.
    fileprivate func nothingToPlugIn(for wish: Request, in vm: VM) -> [Finding] {
        guard canHotplug(wish, into: vm) else { return [] }
        do throws(Problem) {
            _ = try unitsToHotplug(wish, into: vm)
            return []
        } catch {
            let taken = error.code == .noFit ? whatIsNotFree(for: wish, on: vm.host) : []
            let why = taken.isEmpty ? error.detail : taken.prefix(3).joined(separator: " ")
            return [
                Finding(
                    "nothing-to-plug-in", .note, subject: "vm \(vm.name)",
                    "Nothing can be attached to \(vm.name) now; it gets the device at its next start. "
                        + "\(why)", next: error.next)
            ]
        }
    }

    /// `atlas/usb-1-2: In VM desk.`, a line for each device that would do and is not free.
    private func whatIsNotFree(for wish: Request, on host: String) -> [String] {
        guard let view = view(of: host) else { return [] }
        let keys = view.inventory.functions.map(\.key) + view.inventory.usb.map(\.key)
        return keys.compactMap { key in
            let id = DeviceID(host: host, key: key)
            switch wish.target {
            case .device(let wanted): guard wanted == id else { return nil }
            case .pool(let pool): guard view.pools(of: key).contains(pool) else { return nil }
            }
            let (state, reason) = view.state(of: key)
            return state == .free ? nil : "\(id.short): \(reason)"
        }
    }

    private func kind(of wish: Request) -> DeviceKind? {
        switch wish.target {
        case .pool(let name): pools[name]?.value.kind
        case .device(let id): id.key.kind
        }
    }

    /// It runs, and devices of that kind can be plugged in while it does.
    fileprivate func canHotplug(_ wish: Request, into vm: VM) -> Bool {
        guard let domain = domain(of: vm), domain.state == .running else { return false }
        return kind(of: wish).map(domain.takes) ?? false
    }

    /// What the guest has by its claim is not asked for again, and where it sits stays. Throws why it has no place now.
    fileprivate func unitsToHotplug(_ wish: Request, into vm: VM) throws(Problem) -> [AllocatedUnit] {
        var alone = vm
        alone.requests = [wish]
        alone.origin = .adopted
        return try chooseUnits(for: alone, at: 0).units
    }
}

extension Commit {
    /// A VM with what it asks for, so that nobody deletes one of its pools at this moment.
    mutating func put(_ vm: VM, in fleet: Fleet) throws(Problem) {
        for case .pool(let pool) in vm.requests.map(\.target) where fleet.pools[pool] != nil {
            require(unchanged: StateKey.pool(pool), in: fleet)
            try put(StateKey.askers(pool), vm.name)
        }
        var vm = vm
        vm.forgetUnasked()
        try put(StateKey.vm(vm.name), vm)
    }
}

extension Request {
    /// `2 of pool gpus`, `atlas/41:00.0`
    fileprivate var words: String {
        switch target {
        case .pool(let pool): "\(count) of pool \(pool)"
        case .device(let id): id.short
        }
    }
}
