import PatchbayAPI
import PatchbayCore

extension ControlPlane {
    /// Tries changes on a copy of the fleet and tells what would become of everybody. Nothing is changed.
    package func whatIf(_ question: API.WhatIf) async throws(Problem) -> API.Outlook {
        try question.checkForm()
        return try (try await view.fleet()).outlook(question, at: now())
    }
}

extension Fleet {
    func outlook(_ question: API.WhatIf, at now: Int) throws(Problem) -> API.Outlook {
        var scenario = Scenario(self)
        for change in question.changes ?? [] { try scenario.apply(change) }
        for name in question.pools ?? [] where scenario.after.pools[name] == nil { _ = try pool(name) }
        var guests: RoomQuestion?
        if let shape = question.guest {
            guests = try RoomQuestion(shape, count: question.count ?? 0, in: scenario.after)
        }
        let removal = Removal(scenario, at: now)
        var index = removal.index
        let isBrief = question.isBrief == true
        let room = guests?.answer(in: &index, scenario, isBrief: isBrief)
        let asked = question.changes?.isEmpty != false ? guests?.pools : nil
        let named = question.pools ?? (isBrief ? [] : asked)
        return API.Outlook(
            changes: scenario.sentences, impacts: removal.impacts, room: room,
            pools: pools(named, in: scenario.after, index, asked: guests?.pools ?? []),
            differences: scenario.differences, findings: scenario.strangers.map(API.Finding.init))
    }

    /// Capacity now and then; without names those that are another then, or are asked for, or all where nothing changes.
    private func pools(
        _ named: [String]?, in after: Fleet, _ index: FleetIndex, asked: [String]
    ) -> [API.PoolOutlook] {
        let names = Set(named ?? Array(pools.keys) + Array(after.pools.keys))
        func capacities(_ fleet: Fleet, _ index: FleetIndex) -> [String: API.PoolCapacity] {
            let there = names.filter { fleet.pools[$0] != nil }
            return Dictionary(
                uniqueKeysWithValues: index.capacities(of: there).map { ($0.pool, API.PoolCapacity($0)) })
        }
        let (now, then) = (capacities(self, placement), capacities(after, index))
        let outlooks = names.sorted().map { API.PoolOutlook(name: $0, now: now[$0], then: then[$0]) }
        guard named == nil, outlooks.contains(where: { $0.now != $0.then }) else { return outlooks }
        return outlooks.filter { $0.now != $0.then || asked.contains($0.name) }
    }
}

extension Scenario {
    /// Guests that run where they cannot stay, and are not ours to place.
    var strangers: [Finding] {
        left.sorted().compactMap { host in
            let running = (before.hosts[host]?.domains ?? []).filter(\.isUp).map(\.name)
            let strangers = running.filter { before.vms[$0] == nil && before.claimOfVM[$0] == nil }.sorted()
            guard !strangers.isEmpty else { return nil }
            return Finding(
                "strangers-left", .warning, subject: host,
                "\(host) has guests that Patchbay does not manage: \(strangers.prefix(8).joined(separator: ", "))"
                    + (strangers.count > 8 ? " and \(strangers.count - 8) more." : "."),
                next: ["Move them with the tool that created them."])
        }
    }
}
