import PatchbayAPI
import PatchbayCore

extension ControlPlane {
    /// "Make passthrough": a rule for each device, into a pool that exists or is made in the same commit.
    ///
    /// Devices that the planner would refuse to take from the host refuse the whole call.
    package func makePassthrough(
        _ request: API.PassthroughRequest, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            let devices = try fleet.devices(named: request.devices)
            let old = fleet.pools[request.pool]?.value
            var pool = try fleet.target(of: request, for: devices)
            let tried = try fleet.handingOver(devices, accepting: takenRisks)
            let told = tried.flatMap(\.findings)
            let added = try fleet.rules(for: devices, notYetIn: pool)
            for rule in added { pool.take(rule) }
            try pool.validate()
            guard pool != old else {
                var nothing = self.change(
                    [], dryRun: dryRun, subject: "pool \(pool.name)",
                    message: "Nothing to do: pool \(pool.name) already has them.", findings: told)
                nothing.differences = []
                return Decision(answer: nothing, commit: nil)
            }
            let names = devices.map(\.short).joined(separator: ", ")
            let rules = added.count == 1 ? "1 rule" : "\(added.count) rules"
            return try replacing(
                old, with: pool, in: fleet, dryRun: dryRun, kind: "pool.passthrough",
                message: tried.sentence(
                    after: dryRun
                        ? "Would add \(rules) to pool \(pool.name) for \(names)."
                        : "Added \(rules) to pool \(pool.name) for \(names)."),
                findings: told)
        }
        return await sayingWhoIsOffline(change)
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
        guard request.pool != ControlPlane.reservedPoolName else {
            throw Problem(
                .malformedInput, "\"\(request.pool)\" is not a valid pool name.", next: ["Choose another name."])
        }
        return try draft.applied(to: Pool(name: request.pool, kind: draft.kind ?? kind))
    }

    /// Plans that nobody carries out: who goes along, who stays, what disappears from the host, said before anything is
    /// done.
    ///
    /// Throws what the planner says when one of the devices, with its companions, must not leave the host.
    func handingOver(
        _ devices: [DeviceID], accepting risks: [Allowance]
    ) throws(Problem) -> [Plan] {
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
