import PatchbayAPI
import PatchbayCore

extension ControlPlane {
    package func prepareDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            let devices = try fleet.devices(named: names)
            for id in devices { try fleet.requirePool(of: id) }
            return try movement(of: devices, in: fleet, dryRun: dryRun, .prepare)
        }
        return await sayingWhoIsOffline(change)
    }

    package func releaseDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            let devices = try fleet.devices(named: names)
            return try movement(of: devices, in: fleet, dryRun: dryRun, .release)
        }
        return await sayingWhoIsOffline(change)
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

    private func movement(
        of devices: [DeviceID], in fleet: Fleet, dryRun: Bool, _ direction: Direction
    ) throws(Problem) -> Decision<API.Change> {
        let subject = devices.map(\.short).joined(separator: ", ")
        let plans = try devices.byHost.map { host, ids throws(Problem) in
            let units = try fleet.units(of: ids)
            let change: Change =
                switch direction {
                case .prepare: .prepare(units)
                case .release: .release(units)
                }
            return try fleet.planner(for: host, accepting: takenRisks).plan(change, id: planID())
        }
        // A release without steps still says that nothing is lent any more.
        let moving = plans.filter { !$0.steps.isEmpty || direction == .release }
        let message =
            moving.isEmpty
            ? "Nothing to do: \(subject) is in the wanted state already."
            : dryRun ? "Would \(direction.word) \(subject)." : "Queued a plan to \(direction.word) \(subject)."
        var decision = try queueing(
            moving, in: fleet, dryRun: dryRun,
            kind: "device.\(direction.word)", subject: "device \(subject)", message: message)
        if moving.isEmpty { decision.answer.differences = [] }
        return decision
    }

    func planID() -> String { "p-\(newID())" }

    /// The decision to queue plans that belong to no VM.
    func queueing(
        _ plans: [Plan], in fleet: Fleet, dryRun: Bool, kind: String, subject: String, message: String,
        findings: [Finding] = []
    ) throws(Problem) -> Decision<API.Change> {
        let records = plans.map { PlanRecord(plan: $0, actor: Caller.current, createdAt: now()) }
        let answer = self.change(records, dryRun: dryRun, subject: subject, message: message, findings: findings)
        guard !dryRun, !records.isEmpty else { return Decision(answer: answer, commit: nil) }
        var commit = try audited(kind, subject, plans.sentence(after: message))
        for record in records { try commit.queue(record, in: fleet) }
        return Decision(answer: answer, commit: commit)
    }

    func change(
        _ records: [PlanRecord], dryRun: Bool, subject: String, message: String, findings: [Finding] = []
    ) -> API.Change {
        API.Change(
            dryRun: dryRun, message: message, subject: subject,
            plans: records.map {
                dryRun ? API.Plan(planned: $0.plan, actor: $0.actor, at: $0.createdAt) : API.Plan($0)
            },
            findings: findings)
    }

    /// Adds a finding for every plan whose agent is not there to carry it out.
    func sayingWhoIsOffline(_ change: API.Change) async -> API.Change {
        var change = change
        for host in Set(change.plans.filter { !$0.isOver }.map(\.host)).sorted()
        where await !agents.contact(of: host).isConnected {
            change.findings.append(API.Finding(.agentOffline(host)))
        }
        return change
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
