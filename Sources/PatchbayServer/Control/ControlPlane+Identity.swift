import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// One name, one agent: the first that reports under a name is the one that is heard.
extension ControlPlane {
    /// Notes that a host's agent called. Throws `.otherAgent` when it is not the one that is known by the name.
    package func admit(_ host: String) async throws(Problem) {
        do throws(Problem) {
            _ = try await view.fleet().heardIdentity(of: host)
        } catch {
            if error.code == .otherAgent { await agents.refused(AgentIdentity.current, callingItself: host) }
            throw error
        }
        await agents.heard(from: host)
    }

    /// Hears the agent that was refused last instead of the one that is known by the name.
    package func acceptHost(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        let contact = await agents.contact(of: name)
        let rival = await agents.rival(of: name)
        let change = try await deciding(dryRun: dryRun) { context throws(Problem) in
            try HostDecider(context: context).accept(name, rival?.identity, besides: contact.isConnected)
        }
        if !dryRun { await agents.replaced(name) }
        return change
    }
}

extension Fleet {
    /// The identity that is heard under this name: the known one, or the first that comes.
    func heardIdentity(of host: String) throws(Problem) -> AgentIdentity? {
        let caller = AgentIdentity.current
        guard let known = hosts[host]?.record?.identity else { return caller }
        guard known.id != caller?.id else { return known }
        throw Problem(
            .otherAgent, "The name \(host) belongs to another agent, so this one is refused.",
            evidence: ["known: \(known.words)", "calling: \(caller?.words ?? "an agent without an identity")"],
            next: [
                NextStep("Give this agent another name", .nameAgent(nil)),
                NextStep("Or, if the known agent is gone for good", .acceptHost(host)),
            ])
    }
}

extension AgentIdentity {
    /// `agent 1f2e3d4c on machine 0a1b2c3d`
    var words: String { "agent \(short)" + (machine.map { " on machine \($0.prefix(8))" } ?? "") }
}

extension Finding {
    static func otherAgent(_ host: String, _ rival: AgentHub.Rival) -> Finding {
        Finding(
            "other-agent", .problem, subject: host,
            "A second agent uses the name \(host) and is refused: \(rival.identity?.words ?? "it sends no identity").",
            next: [
                NextStep("Give the second agent another name", .nameAgent(nil)),
                NextStep("Or, if the known agent is gone for good", .acceptHost(host)),
            ])
    }
}
