import PatchbayAPI
import PatchbayCore
import PatchbayText

extension API.Device {
    /// The risk that a person may take to have it all the same, as far as the host's uses of it tell; nil: there is none.
    package var riskToTake: ProblemCode? {
        guard [.host, .blocked].contains(state), !isBridge, iommuGroup != nil else { return nil }
        let uses = hostUses.compactMap { use -> HostUse? in
            guard let reason = HostUse.Reason(rawValue: use.reason),
                let severity = HostUse.Severity(rawValue: use.severity)
            else { return nil }
            return HostUse(reason, severity, chain: use.chain)
        }
        let worst = uses.map(\.severity).max()
        return uses.first { $0.severity == worst }.map(\.code).flatMap { $0.canBeAllowed ? $0 : nil }
    }

    /// The command that takes it in spite of a risk. A person says why.
    package func line(taking risk: ProblemCode) -> ShellLine {
        let new = API.PassthroughRequest(devices: [shortID], pool: "POOL", create: API.PoolDraft())
        var line = pools.isEmpty ? ShellLine(new) : ShellLine("device", "prepare", shortID)
        line.add("--allow", risk.rawValue)
        line.add("--reason", "TEXT")
        return line
    }
}
