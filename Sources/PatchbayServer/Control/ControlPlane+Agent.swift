import PatchbayAPI
import PatchbayCore

extension ControlPlane {
    package func report(_ report: AgentProtocol.Report, host: String) async throws(Problem) {
        guard report.inventory.host.name == host else {
            throw Problem(
                .malformedInput, "The report is of \"\(report.inventory.host.name)\", not of \"\(host)\".",
                next: ["Give the agent the host's name: patchbay agent --host \(report.inventory.host.name)"])
        }
        try Self.checkName(ofHost: host)
        let guests = report.domains.sorted { $0.name < $1.name }
        try await deciding { fleet throws(Problem) -> Decision<Void> in
            let at = now()
            let following = Following(fleet.hosts[host], to: report.inventory)
            var commit = try told(following, host)
            try commit.follow(following, of: host, in: fleet)
            try commit.put(
                StateKey.host(host),
                HostRecord(agentVersion: report.agentVersion, lastSeenAt: at, inventoryAt: at))
            if fleet.hosts[host]?.inventory != report.inventory {
                try commit.put(report.inventory, of: host, in: fleet)
            }
            if fleet.hosts[host]?.domains != guests { try commit.put(StateKey.domains(host), guests) }
            return Decision(answer: (), commit: commit)
        }
        await agents.reported(host, isWhole: true)
        await lookAfterGuests(of: host)
    }

    /// Moves are events of their own; what a host reports every now and then is only noticed.
    private func told(_ following: Following, _ host: String) throws(Problem) -> Commit {
        guard let sentence = following.sentence else { return try noticed("host.reported", "host \(host)") }
        let at = now()
        var commit = Commit()
        try commit.put(
            StateKey.audit(at: at, id: newID()),
            AuditRecord(
                kind: following.moves.isEmpty ? "groups.changed" : "device.moved", subject: "host \(host)",
                sentence: sentence, actor: Caller.current, at: at))
        return commit
    }

    package func report(domains: [Domain], host: String) async throws(Problem) {
        let guests = domains.sorted { $0.name < $1.name }
        try await deciding { fleet throws(Problem) -> Decision<Void> in
            guard let state = fleet.hosts[host], state.inventory != nil else { throw fleet.unknownHost(host) }
            guard state.domains != guests else { return Decision(answer: (), commit: nil) }
            var commit = try noticed("vm.changed", "host \(host)")
            try commit.put(StateKey.domains(host), guests)
            return Decision(answer: (), commit: commit)
        }
        await agents.reported(host, isWhole: false)
        await lookAfterGuests(of: host)
    }

    package func work(host: String, waitSeconds: Int) async throws(Problem) -> [AgentProtocol.Work] {
        await agents.pollBegan(host)
        let deadline = ContinuousClock.now + .seconds(min(max(waitSeconds, 0), 60))
        while true {
            let seen = await agents.news(of: host)
            let work: [AgentProtocol.Work]
            do { work = try await waiting(for: host) } catch {
                await agents.pollEnded(host)
                throw error
            }
            let left = deadline - .now
            guard work.isEmpty, left > .zero, !Task.isCancelled else {
                await agents.pollEnded(host)
                return work
            }
            await agents.news(of: host, after: seen, within: left)
        }
    }

    /// Mail, and the oldest queued plan when none is being carried out.
    private func waiting(for host: String) async throws(Problem) -> [AgentProtocol.Work] {
        let pending = try await view.fleet().hosts[host]?.pendingPlans ?? []
        var work = await agents.takeMail(host)
        guard let next = pending.first, next.phase == .queued, pending.allSatisfy({ $0.phase == .queued }),
            await agents.mayHandOut(next.plan.id, to: host)
        else { return work }
        work.append(.apply(next.plan))
        return work
    }

    package func answer(_ bytes: [UInt8], to question: String, host: String) async throws(Problem) {
        await agents.heard(from: host)
        await agents.answer(.success(bytes), to: question)
    }

    package func fail(_ question: String, because problem: Problem, host: String) async throws(Problem) {
        await agents.heard(from: host)
        await agents.answer(.failure(problem), to: question)
    }

    package func consoleOutput(
        _ bytes: [UInt8], session: String, isEnd: Bool, host: String
    ) async throws(Problem) {
        await agents.heard(from: host)
        await agents.consoleOutput(bytes, session: session, isEnd: isEnd)
    }

    /// A name that can be part of a key and of a path.
    private static func checkName(ofHost name: String) throws(Problem) {
        let isFine = name.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "/" && $0.value != 0x7f }
        guard isFine, (1...253).contains(name.utf8.count) else {
            throw Problem(
                .malformedInput, "\"\(name)\" is no name for a host.",
                next: ["Use letters, digits, - and . as in a DNS name."])
        }
    }
}
