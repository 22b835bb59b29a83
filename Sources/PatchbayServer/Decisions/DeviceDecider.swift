import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// What people do with devices that belong to no VM: hand them over, give them back, return them, lend them by a rule.
struct DeviceDecider: Decider {
    let context: DecisionContext

    func prepare(_ names: [String]) throws(Problem) -> Decision<API.Change> {
        let devices = try fleet.devices(named: names)
        for id in devices { try fleet.requirePool(of: id) }
        return try movement(of: devices, .prepare)
    }

    func release(_ names: [String]) throws(Problem) -> Decision<API.Change> {
        try movement(of: try fleet.devices(named: names), .release)
    }

    private enum Direction {
        case prepare, release

        var word: String {
            switch self {
            case .prepare: "prepare"
            case .release: "release"
            }
        }
    }

    private func movement(of devices: [DeviceID], _ direction: Direction) throws(Problem) -> Decision<API.Change> {
        let subject = devices.map(\.short).joined(separator: ", ")
        let plans = try devices.byHost.map { host, ids throws(Problem) in
            let units = try fleet.units(of: ids)
            let change: Change =
                switch direction {
                case .prepare: .prepare(units)
                case .release: .release(units)
                }
            return try fleet.planner(for: host, accepting: context.takenRisks).plan(change, id: planID())
        }
        // A release without steps still says that nothing is lent any more.
        let moving = plans.filter { !$0.steps.isEmpty || direction == .release }
        let message =
            moving.isEmpty
            ? "Nothing to do: \(subject) is in the wanted state already."
            : dryRun ? "Would \(direction.word) \(subject)." : "Queued a plan to \(direction.word) \(subject)."
        var decision = try queueing(
            moving,
            kind: "device.\(direction.word)", subject: "device \(subject)", message: message)
        if moving.isEmpty { decision.answer.differences = [] }
        return decision
    }

    /// Whatever goes along with a device that is returned is returned with it.
    func returnToUse(_ names: [String]) throws(Problem) -> Decision<API.Change> {
        let devices = try fleet.devices(named: names)
        var returned: [DeviceID] = []
        for id in devices { returned += try fleet.quarantined(with: id) }
        let subject = devices.map(\.short).joined(separator: ", ")
        let message = "\(subject) \(dryRun ? "would be returned." : "can be lent again.")"
        let answer = change(subject: "device \(subject)", message: message)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        var commit = try audited("device.returned", "device \(subject)", message)
        for key in Set(returned.map(StateKey.quarantine)).sorted() {
            commit.require(unchanged: key, in: fleet)
            commit.delete(key)
        }
        return Decision(answer: answer, commit: commit)
    }

    /// "Make passthrough": a rule for each device, into a pool that exists or is made in the same commit.
    ///
    /// Devices that the planner would refuse to take from the host refuse the whole call.
    func makePassthrough(_ request: API.PassthroughRequest) throws(Problem) -> Decision<API.Change> {
        let devices = try fleet.devices(named: request.devices)
        let old = fleet.pools[request.pool]?.value
        var pool = try fleet.target(of: request, for: devices)
        let tried = try fleet.handingOver(devices, accepting: context.takenRisks)
        let told = tried.flatMap(\.findings)
        let added = try fleet.rules(for: devices, notYetIn: pool)
        for rule in added { pool.take(rule) }
        try pool.validate()
        guard pool != old else {
            var nothing = change(
                subject: "pool \(pool.name)", message: "Nothing to do: pool \(pool.name) already has them.",
                findings: told)
            nothing.differences = []
            return Decision(answer: nothing, commit: nil)
        }
        let names = devices.map(\.short).joined(separator: ", ")
        let rules = added.count == 1 ? "1 rule" : "\(added.count) rules"
        return try PoolDecider(context: context).replacing(
            old, with: pool, kind: "pool.passthrough",
            message: tried.sentence(
                after: dryRun
                    ? "Would add \(rules) to pool \(pool.name) for \(names)."
                    : "Added \(rules) to pool \(pool.name) for \(names)."),
            findings: told)
    }
}

extension Fleet {
    func devices(named names: [String]) throws(Problem) -> [DeviceID] {
        guard !names.isEmpty else {
            throw Problem(.malformedInput, "\"devices\" is empty.", next: ["Name at least one device."])
        }
        var devices: [DeviceID] = []
        for name in names {
            let id = try device(named: name)
            if !devices.contains(id) { devices.append(id) }
        }
        return devices
    }

    /// A device in no pool can be given to nobody. Throws `.notInPool`.
    func requirePool(of id: DeviceID) throws(Problem) {
        guard let view = view(of: id.host), view.pools(of: id.key).isEmpty else { return }
        throw Problem(
            .notInPool, "\(id.short) is in no pool, so it cannot be lent to anyone.",
            next: [NextStep("Add it to a pool", .lendDevice(id.short, pool: nil, creates: true))])
    }
}

extension Fleet {
    /// A unit may be handed over for any of its devices.
    func requirePool(ofAny unit: DeviceUnit, on host: String) throws(Problem) {
        guard let view = view(of: host), unit.members.allSatisfy({ view.pools(of: $0).isEmpty }) else { return }
        try requirePool(of: DeviceID(host: host, key: unit.primary))
    }
}

extension [DeviceID] {
    /// Sorted by host.
    var byHost: [(host: String, devices: [DeviceID])] {
        Dictionary(grouping: self, by: \.host).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

extension Fleet {
    /// The device and its mates, as far as they are in quarantine.
    fileprivate func quarantined(with id: DeviceID) throws(Problem) -> [DeviceID] {
        guard let state = hosts[id.host], state.quarantines[id.key] != nil else {
            if let inventory = hosts[id.host]?.inventory, let function = id.key.pci.flatMap({ inventory[$0] }),
                let silence = function.silence
            {
                throw Problem(
                    .deviceSilent,
                    "\(id.short) does not answer. Returning it does not help: it becomes available when it answers.",
                    evidence: ["\(id.key): \(silence.words)"],
                    next: inventory.waysOut(of: function.address) ?? [])
            }
            throw Problem(
                .wrongState, "\(id.short) does not have to be returned.",
                next: [NextStep("See its state", .showDevice(id.short))])
        }
        let mates = state.inventory?.unit(of: id.key)?.members ?? [id.key]
        return Set(mates + [id.key]).filter { state.quarantines[$0] != nil }.sorted().map {
            DeviceID(host: id.host, key: $0)
        }
    }
}

extension Pool {
    /// A new rule, or the one that takes the place of what was made for another device there, with the same tags.
    fileprivate mutating func take(_ rule: Rule) {
        guard let index = rules.firstIndex(where: { $0.madeFrom == rule.madeFrom }) else { return rules.append(rule) }
        var anew = rule
        anew.tags = rules[index].tags
        rules[index] = anew
    }
}

extension Fleet {
    /// The pool that a request names, or the one its draft makes.
    fileprivate func target(of request: API.PassthroughRequest, for devices: [DeviceID]) throws(Problem) -> Pool {
        let kinds = Set(devices.map(\.key.kind))
        let pool = try target(of: request, kinds.first ?? .pci)
        if let other = devices.first(where: { $0.key.kind != pool.kind }) {
            throw Problem(
                .malformedInput,
                "\(other.short) is a \(other.key.kind.words), and pool \(pool.name) is for \(pool.kind.words)s.",
                next: ["Choose a pool of its kind, or create one: --pool NAME --create"])
        }
        return pool
    }

    /// - Parameter kind: of a pool that is made.
    private func target(of request: API.PassthroughRequest, _ kind: DeviceKind) throws(Problem) -> Pool {
        if let pool = pools[request.pool] { return pool.value }
        guard let draft = request.create else {
            var missing = unknownPool(request.pool)
            missing.next[missing.next.endIndex - 1] = "Or create it: repeat the command with --create"
            throw missing
        }
        guard draft.name == nil || draft.name == request.pool else {
            throw Problem(
                .malformedInput, "\"create.name\" is \"\(draft.name ?? "")\", but \"pool\" is \"\(request.pool)\".",
                next: ["Use the same name, or omit create.name."])
        }
        guard request.pool != PoolDecider.reservedName else {
            throw Problem(
                .malformedInput, "\"\(request.pool)\" is not a valid pool name.", next: ["Choose another name."])
        }
        return try draft.applied(to: Pool(name: request.pool, kind: draft.kind ?? kind))
    }

    /// Plans that nobody carries out: who goes along, who stays, what disappears from the host, said before anything is
    /// done.
    ///
    /// Throws what the planner says when one of the devices, with its companions, must not leave the host.
    func handingOver(_ devices: [DeviceID], accepting risks: [Allowance]) throws(Problem) -> [Plan] {
        try devices.byHost.map { host, ids throws(Problem) in
            try planner(for: host, accepting: risks).plan(.prepare(try units(of: ids)), id: "passthrough")
        }
    }

    /// One for each device that has none in the pool yet, or one that was made for another device in its place.
    fileprivate func rules(for devices: [DeviceID], notYetIn pool: Pool) throws(Problem) -> [Rule] {
        let misled = misledRules(of: pool.name).map(\.rule.rule)
        var rules: [Rule] = []
        for id in devices where !pool.rules.contains(where: { $0.madeFrom == id && !misled.contains($0) }) {
            guard let state = hosts[id.host], let device = state.inventory?[id.key] else {
                throw unknownDevice(id.description)
            }
            var rule = Rule.made(from: device, on: id.host)
            rule.identity = state.identity(of: id.key)
            rules.append(rule)
        }
        return rules
    }
}
