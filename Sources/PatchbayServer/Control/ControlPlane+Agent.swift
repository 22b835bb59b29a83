import PatchbayAPI
import PatchbayCore

extension ControlPlane {
    /// What was read and how a plan ended are known at once, so that nothing is decided on one of them alone. A commit has
    /// one event, so where devices moved, or more plans ended, each ending has a commit of its own behind the inventory.
    package func report(_ report: AgentProtocol.Report, host: String) async throws(Problem) {
        guard report.inventory.host.name == host else {
            throw Problem(
                .malformedInput,
                "The report describes \"\(report.inventory.host.name.cut(toBytes: 256))\", not \"\(host)\".",
                next: [
                    NextStep(
                        "Start the agent with the host's name",
                        .nameAgent(report.inventory.host.name.cut(toBytes: 256)))
                ])
        }
        try Self.checkName(ofHost: host)
        try await admit(host)
        try await checkNames(of: report.domains, on: host, isWhole: true)
        let report = try await believed(report.inOrder, of: host)
        let guests = report.domains.sorted { $0.name < $1.name }
        let first = try await deciding { fleet throws(Problem) -> Decision<Ended> in
            let at = now()
            let identity = try fleet.heardIdentity(of: host)
            let following = Following(fleet.hosts[host], to: report.inventory, pools: fleet.poolList)
            var commit = Commit()
            var first = Ended()
            if following.sentence == nil, let ending = report.endings.first {
                first = try end(ending, on: host, with: report.inventory, in: fleet, &commit)
            }
            if !first.isTaken { commit = try told(following, host) }
            try commit.follow(following, of: host, in: fleet)
            commit.forgetPulled(fleet.hosts[host]?.inventory, report.inventory, of: host, in: fleet)
            if !first.isTaken, following.isEmpty {
                try commit.forgetDisks(usedBy: report.inventory, on: host, in: fleet)
            }
            try commit.put(
                StateKey.host(host),
                HostRecord(
                    agentVersion: report.agentVersion, lastSeenAt: at, inventoryAt: at,
                    allowances: report.allowances?.filter { ProblemCode(rawValue: $0) != nil }, identity: identity))
            if fleet.hosts[host]?.record?.identity == nil { commit.require(unchanged: StateKey.host(host), in: fleet) }
            let isTold = fleet.hosts[host]?.untold.isEmpty == true
            if !isTold || fleet.hosts[host]?.inventory != report.inventory {
                try commit.put(report.inventory, of: host, in: fleet)
            }
            if !isTold || fleet.hosts[host]?.domains != guests { try commit.put(StateKey.domains(host), guests) }
            return Decision(answer: first, commit: commit)
        }
        var ended = [first.record].compactMap(\.self)
        for ending in report.endings.dropFirst(first.isTaken ? 1 : 0) {
            let next = try await deciding { fleet throws(Problem) -> Decision<Ended> in
                var commit = Commit()
                let next = try end(ending, on: host, with: report.inventory, in: fleet, &commit)
                return Decision(answer: next, commit: commit)
            }
            if let record = next.record { ended.append(record) }
        }
        await agents.reported(host, refreshed: report.refreshed)
        if await view.reported(host) { await tellWhoIsAway() }
        for record in ended { tell(record) }
        await lookAfterGuests(of: host)
        for record in ended { await tidyUp(after: record) }
    }

    /// What is known of the host counts as old from now on: it is shown as such, and nothing is decided on it.
    package func unreadable(_ problem: Problem, host: String) async throws(Problem) {
        try await admit(host)
        try await note(unreadable: problem.bounded, host: host)
        await agents.unreadable(host)
    }

    func note(unreadable problem: Problem, host: String) async throws(Problem) {
        try await deciding { fleet throws(Problem) -> Decision<Void> in
            guard var record = fleet.hosts[host]?.record, record.unreadable?.problem != problem else {
                return Decision(answer: (), commit: nil)
            }
            var commit =
                record.unreadable == nil
                ? try audited("host.unreadable", "host \(host)", "\(host) cannot be read. \(problem.detail)")
                : try noticed("host.unreadable", "host \(host)")
            record.unreadable = Unreadable(since: record.unreadable?.since ?? now(), problem: problem)
            commit.require(unchanged: StateKey.host(host), in: fleet)
            try commit.put(StateKey.host(host), record)
            return Decision(answer: (), commit: commit)
        }
    }

    /// Moves are events of their own; what a host reports every now and then is only noticed.
    private func told(_ following: Following, _ host: String) throws(Problem) -> Commit {
        guard let sentence = following.sentence else { return try noticed("host.reported", "host \(host)") }
        let at = now()
        var commit = Commit()
        try commit.put(
            StateKey.audit(at: at, id: newID()),
            AuditRecord(
                kind: following.isEmpty ? "groups.changed" : "device.moved", subject: "host \(host)",
                sentence: sentence, actor: Caller.current, at: at))
        return commit
    }

    package func report(domains: [Domain], host: String) async throws(Problem) {
        try await admit(host)
        try await checkNames(of: domains, on: host, isWhole: false)
        let guests = try await believed(domains, of: host).sorted { $0.name < $1.name }
        try await deciding { fleet throws(Problem) -> Decision<Void> in
            guard let state = fleet.hosts[host], state.inventory != nil else { throw fleet.unknownHost(host) }
            guard state.domains != guests else { return Decision(answer: (), commit: nil) }
            var commit = try noticed("vm.changed", "host \(host)")
            try commit.put(StateKey.domains(host), guests)
            return Decision(answer: (), commit: commit)
        }
        await agents.reportedGuests(host)
        await lookAfterGuests(of: host)
    }

    package func work(host: String, waitSeconds: Int) async throws(Problem) -> [AgentProtocol.Work] {
        try await admit(host)
        let poll = await agents.pollBegan(host)
        let deadline = ContinuousClock.now + .seconds(min(max(waitSeconds, 0), 60))
        while true {
            let seen = await agents.news(of: host)
            let work = try await waiting(for: host)
            let left = deadline - .now
            if Task.isCancelled {
                await agents.left(host, poll: poll)
                await tellWhoIsAway()
            }
            guard work.isEmpty, left > .zero, !Task.isCancelled else { return work }
            await agents.news(of: host, after: seen, within: left)
        }
    }

    package func answer(_ bytes: [UInt8], to question: String, host: String) async throws(Problem) {
        try await admit(host)
        await agents.answer(.success(bytes), to: question)
    }

    package func fail(_ question: String, because problem: Problem, host: String) async throws(Problem) {
        try await admit(host)
        await agents.answer(.failure(problem.bounded), to: question)
    }

    package func consoleOutput(
        _ bytes: [UInt8], session: String, isEnd: Bool, host: String
    ) async throws(Problem) {
        try await admit(host)
        await agents.consoleOutput(bytes, session: session, isEnd: isEnd)
    }

    /// A name that can be part of a key and of a path.
    private static func checkName(ofHost name: String) throws(Problem) {
        let isFine = name.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "/" && $0.value != 0x7f }
        guard isFine, (1...253).contains(name.utf8.count) else {
            throw Problem(
                .malformedInput, "\"\(name.cut(toBytes: 256))\" is not a valid host name.",
                next: ["Use letters, digits, - and . as in a DNS name."])
        }
    }
}

extension AgentProtocol.Report {
    fileprivate var inOrder: Self {
        var report = self
        report.inventory = inventory.inOrder
        return report
    }
}
