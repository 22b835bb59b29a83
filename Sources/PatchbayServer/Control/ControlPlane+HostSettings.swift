import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    package func editHost(
        _ name: String, _ draft: API.HostSettingsDraft, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            guard let state = fleet.hosts[name], state.inventory != nil else { throw fleet.unknownHost(name) }
            try fleet.requireKnownSettings(of: name)
            let old = state.settings ?? HostSettings()
            let new = try draft.applied(to: old)
            let changes = new.words(since: old)
            let message =
                changes.isEmpty
                ? "Nothing changes."
                : "\(dryRun ? "Would change" : "Changed") host \(name): \(changes.joined(separator: ", "))."
            let answer = self.change([], dryRun: dryRun, subject: "host \(name)", message: message)
            guard !dryRun, !changes.isEmpty else { return Decision(answer: answer, commit: nil) }
            var commit = try audited("host.changed", "host \(name)", message)
            let key = StateKey.settings(name)
            commit.require(unchanged: key, in: fleet)
            try commit.put(key, new)
            return Decision(answer: answer, commit: commit)
        }
    }
}

extension Fleet {
    /// What stands in for settings that cannot be read is not changed into settings that somebody made.
    fileprivate func requireKnownSettings(of host: String) throws(Problem) {
        let key = StateKey.settings(host)
        guard let problem = unreadable[key] else { return }
        throw Problem(
            .unreadable, "The settings of \"\(host)\" cannot be read, so none of them was changed.",
            evidence: [problem.detail],
            next: [NextStep("See what would be lost, then drop it", .previewDrop(key: key))])
    }
}

extension HostSettings {
    /// `zone=a`, `rack taken away`, `cordoned`: what is another than before.
    fileprivate func words(since old: HostSettings) -> [String] {
        var words = labels.filter { old.labels[$0.key] != $0.value }.map { "\($0.key)=\($0.value)" }.sorted()
        words += old.labels.keys.filter { labels[$0] == nil }.sorted().map { "\($0) removed" }
        if isPinned != old.isPinned { words.append(isPinned ? "pinned" : "no longer pinned") }
        if isCordoned != old.isCordoned { words.append(isCordoned ? "cordoned" : "no longer cordoned") }
        return words
    }
}
